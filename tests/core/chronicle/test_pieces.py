"""Hours add up, whatever was seen and however a window is cut."""

from dataclasses import fields
from datetime import datetime, timedelta

import pytest
from hypothesis import given

from skewcheck.core.chronicle.pieces import (
    GAP,
    Hours,
    Piece,
    State,
    Window,
    cut,
    hours_of,
    state_of,
    subjects_of,
)
from skewcheck.core.chronicle.snapshot import Snapshot, Stretch
from skewcheck.core.findings import Severity
from tests.core.chronicle.looks import (
    CLEAR,
    DOUBT,
    DOWN,
    SKEW,
    cause,
    hours,
    moments,
    pair,
    pasts,
    snapshot,
    stretch,
    window,
)

SUBJECTS = ("", "chat", "frontend", "nobody")


def states(*stretches: Stretch) -> list[tuple[State, timedelta]]:
    return [(piece.state(), piece.length) for piece in cut(stretches, window())]


@given(pasts, moments, moments)
def test_every_moment_of_a_window_is_in_exactly_one_piece(
    past: tuple[Stretch, ...], one: datetime, other: datetime
) -> None:
    asked = Window(since=min(one, other), until=max(one, other))
    pieces = cut(past, asked)
    edges = [asked.since, *(piece.end for piece in pieces)]
    assert [piece.start for piece in pieces] == edges[:-1]
    assert edges[-1] == asked.until
    for subject in SUBJECTS:
        assert hours_of(pieces, subject).length == asked.until - asked.since


@given(pasts, moments, moments, moments)
def test_splitting_a_window_splits_the_sums(
    past: tuple[Stretch, ...], one: datetime, other: datetime, third: datetime
) -> None:
    since, middle, until = sorted((one, other, third))
    whole = cut(past, Window(since=since, until=until))
    halves = (
        cut(past, Window(since=since, until=middle)),
        cut(past, Window(since=middle, until=until)),
    )
    for subject in SUBJECTS:
        first, second = (hours_of(each, subject) for each in halves)
        assert added(first, second) == hours_of(whole, subject)


def added(one: Hours, other: Hours) -> Hours:
    return Hours(
        **{each.name: getattr(one, each.name) + getattr(other, each.name) for each in fields(Hours)}
    )


def test_what_nobody_saw_is_never_clear() -> None:
    assert states() == [(State.UNSEEN, hours(24))]
    assert states(stretch(2, 3)) == [
        (State.UNSEEN, hours(2)),
        (State.CLEAR, hours(1)),
        (State.UNSEEN, hours(21)),
    ]


def test_time_between_two_looks_that_agree_is_as_they_saw_it() -> None:
    down = stretch(1.5, 24, DOWN)
    assert states(stretch(0, 1), down) == [
        (State.CLEAR, hours(1)),
        (State.CLEAR, hours(0.5)),
        (State.CLEAR, hours(22.5)),
    ]


def test_time_between_two_looks_that_differ_is_told_apart() -> None:
    seen = states(stretch(0, 1), stretch(1.5, 24, SKEW))
    assert seen[1] == (State.CHANGING, hours(0.5))


def test_looks_too_far_apart_say_nothing_about_the_time_between() -> None:
    limit = GAP / timedelta(hours=1)
    assert states(stretch(0, 1), stretch(1 + limit, 24))[1][0] is State.CLEAR
    assert states(stretch(0, 1), stretch(1.01 + limit, 24))[1][0] is State.UNSEEN


def test_looks_around_a_window_count_within_it() -> None:
    past = (stretch(-5, -1, SKEW), stretch(0.5, 1, SKEW), stretch(30, 40))
    asked = window(0, 0.25)
    assert cut(past, asked) == (Piece(start=asked.since, end=asked.until, before=SKEW, after=SKEW),)


@pytest.mark.parametrize(
    ("seen", "subject", "state"),
    [
        pytest.param(CLEAR, "", State.CLEAR, id="all is well"),
        pytest.param(SKEW, "", State.SKEW, id="skew"),
        pytest.param(SKEW, "chat", State.SKEW, id="of its link"),
        pytest.param(SKEW, "frontend", State.CLEAR, id="not of another"),
        pytest.param(DOUBT, "", State.UNKNOWN, id="unknown"),
        pytest.param(snapshot(pairs=(pair("unknown"),)), "chat", State.UNKNOWN, id="of a pair"),
        pytest.param(DOWN, "", State.CLEAR, id="another block is no skew"),
        pytest.param(
            snapshot(causes=(cause(), cause("unreachable", "api", Severity.UNKNOWN))),
            "",
            State.SKEW,
            id="a known problem outranks an unknown",
        ),
    ],
)
def test_what_a_look_tells_of_skew(seen: Snapshot, subject: str, state: State) -> None:
    assert state_of(seen, subject) is state


@pytest.mark.parametrize(
    "code", ["protocol-skew", "format-skew", "lingering-client-skew", "stale-edge"]
)
def test_every_kind_of_skew_counts_where_it_blocks(code: str) -> None:
    assert state_of(snapshot(causes=(cause(code),))) is State.SKEW
    noticed = cause(code, severity=Severity.NOTICE)
    assert state_of(snapshot(causes=(noticed,))) is State.CLEAR


def test_subjects_are_those_with_something_to_tell() -> None:
    stale = snapshot(causes=(cause("stale-edge", "frontend"), cause("not-deployed", "backend")))
    lost = snapshot(causes=(cause("unreachable", "api", Severity.UNKNOWN),))
    pieces = cut((stretch(0, 1, DOUBT), stretch(1, 2, stale), stretch(2, 3, lost)), window())
    assert subjects_of(pieces) == ("api", "chat", "frontend")
