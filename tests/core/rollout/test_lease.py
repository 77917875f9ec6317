"""The lease as an annotation: what we write comes back, what others write is never trusted."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.rollout.lease import (
    BrokenLease,
    Lease,
    Pin,
    read_lease,
    read_pin,
    write_lease,
    write_pin,
)
from skewcheck.core.rollout.order import Share, TrafficBefore
from tests.builders import NOW

MINUTE = timedelta(minutes=1)
LEASE = Lease(
    rollout="20261123-2210-7f3a1b",
    environment="staging",
    holder="ada on build-7",
    taken=NOW,
    until=NOW + 15 * MINUTE,
    before=TrafficBefore(
        shares=(Share(revision="api-1", percent=90, tag="r1"), Share(revision="api-2", percent=10)),
        followed_latest=True,
    ),
    may_serve=("api-0",),
)
WRITTEN = json.loads(write_lease(LEASE))
moments = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - `timezones` says it
shares = st.builds(Share, revision=st.text(), percent=st.integers(0, 100), tag=st.text())
leases = st.builds(
    Lease,
    rollout=st.text(),
    environment=st.text(),
    holder=st.text(),
    taken=moments,
    until=moments,
    may_serve=st.lists(st.text(), max_size=2).map(tuple),
    before=st.builds(
        TrafficBefore, shares=st.lists(shares, max_size=3).map(tuple), followed_latest=st.booleans()
    ),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner),
    max_leaves=8,
)


def test_a_lease_is_live_until_its_end() -> None:
    assert LEASE.is_live(LEASE.until - MINUTE)
    assert not LEASE.is_live(LEASE.until)


@given(leases)
def test_a_lease_comes_back_as_it_went(lease: Lease) -> None:
    assert read_lease(write_lease(lease)) == lease


def test_a_lease_is_one_line() -> None:
    assert write_lease(LEASE).isprintable()


def test_an_empty_annotation_is_no_lease() -> None:
    assert read_lease("") is None


def near_miss(**changed: Any) -> str:
    return json.dumps(WRITTEN | changed)


NEAR_MISSES = {
    "traffic that is a mapping": near_miss(before={}),
    "no JSON": "rollout 7f3a1b",
    "a list": "[]",
    "a text": '"lease"',
    "a number": "1",
    "deep": "[" * 100_000,
    "another schema": near_miss(schema=2),
    "a schema that is true": near_miss(schema=True),
    "a nameless rollout": near_miss(rollout=None),
    "an environment that is a number": near_miss(environment=1),
    "a holder that is a list": near_miss(holder=["ada"]),
    "no date": near_miss(taken="yesterday"),
    "a date that is a number": near_miss(until=1764000000),
    "a local date": near_miss(until="2026-11-23T22:25:00"),
    "the end of time in another zone": near_miss(until="9999-12-31T23:59:59-12:00"),
    "followed by a word": near_miss(followed_latest="yes"),
    "followed by a number": near_miss(followed_latest=1),
    "no traffic": near_miss(before=None),
    "traffic that is a text": near_miss(before=["r1x"]),
    "a share of two": near_miss(before=[["api-1", 100]]),
    "a share of four": near_miss(before=[["api-1", 100, "", ""]]),
    "a share that is no revision": near_miss(before=[[None, 100, ""]]),
    "a percentage that is a text": near_miss(before=[["api-1", "100", ""]]),
    "a percentage that is true": near_miss(before=[["api-1", True, ""]]),
    "a percentage that is a fraction": near_miss(before=[["api-1", 99.5, ""]]),
    "more than all": near_miss(before=[["api-1", 101, ""]]),
    "less than nothing": near_miss(before=[["api-1", -1, ""]]),
    "what may serve is a text": near_miss(may_serve="api-0"),
    "what may serve is nameless": near_miss(may_serve=[None]),
    "a tag that is none": near_miss(before=[["api-1", 100, None]]),
} | {
    f"without {key}": json.dumps({name: value for name, value in WRITTEN.items() if name != key})
    for key in WRITTEN
}


@pytest.mark.parametrize("text", NEAR_MISSES.values(), ids=NEAR_MISSES.keys())
def test_what_is_almost_a_lease_is_broken(text: str) -> None:
    assert read_lease(text) == BrokenLease(text=text[:200])


@given(st.text(min_size=1) | anything.map(json.dumps))
def test_whatever_stands_there_is_read_without_a_crash(text: str) -> None:
    assert isinstance(read_lease(text), Lease | BrokenLease)
    assert isinstance(read_pin(text), Pin | None)


@given(st.sampled_from(sorted(WRITTEN)), anything)
def test_a_lease_with_one_wrong_part_is_never_taken_for_more_than_it_is(
    key: str, value: Any
) -> None:
    near = WRITTEN | {key: value}
    read = read_lease(json.dumps(near))
    if not isinstance(read, BrokenLease):
        assert read is not None
        assert json.loads(write_lease(read)) == near


def test_what_others_wrote_at_length_is_kept_short() -> None:
    assert read_lease("x" * 10_000) == BrokenLease(text="x" * 200)


def test_moments_are_told_in_utc_wherever_they_were_written() -> None:
    there = LEASE.until.astimezone(timezone(timedelta(hours=2)))
    read = read_lease(near_miss(until=there.isoformat()))
    assert isinstance(read, Lease)
    assert read.until.isoformat() == LEASE.until.isoformat()


@given(st.text(), moments)
def test_a_pin_comes_back_as_it_went(rollout: str, at: datetime) -> None:
    pin = Pin(rollout=rollout, at=at)
    assert read_pin(write_pin(pin)) == pin


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda _: "", id="nothing"),
        pytest.param(lambda pin: json.dumps(pin | {"schema": 2}), id="another schema"),
        pytest.param(lambda pin: json.dumps(pin | {"rollout": None}), id="nameless"),
        pytest.param(lambda pin: json.dumps(pin | {"at": "2026-11-23"}), id="a day"),
        pytest.param(lambda pin: json.dumps({"schema": 1, "at": pin["at"]}), id="of nobody"),
    ],
)
def test_a_pin_that_cannot_be_read_is_none(spoil: Callable[[dict[str, Any]], str]) -> None:
    assert read_pin(spoil(json.loads(write_pin(Pin(rollout="r1", at=NOW))))) is None
