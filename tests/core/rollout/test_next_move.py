"""What comes next, and how it ends, whatever fails or is cancelled."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.rollout.journal import Entry, Outcome
from skewcheck.core.rollout.next_move import ATTEMPTS, next_move, to_resume
from skewcheck.core.rollout.steps import FINAL, StepKind
from tests.core.rollout.drawn_orders import Luck, Played, play, plays
from tests.core.rollout.orders import SERVER_FIRST, entry, names, on_cloud_run, order

SERVERS_FIRST = order(fits=SERVER_FIRST)


def lucky_until(name: str, *then: Luck) -> Played:
    """All works until the step of that name; from there on, what is told, and then all again."""
    undisturbed = play(SERVERS_FIRST, [])
    before = names(undisturbed.steps).index(name)
    return play(SERVERS_FIRST, [*["worked"] * before, *then])  # type: ignore[list-item]


def test_where_all_works_it_succeeds_with_everything_at_its_target() -> None:
    played = play(SERVERS_FIRST, [])
    assert played.outcome is Outcome.SUCCEEDED
    assert set(played.stage.served.values()) == {"new"}
    assert not played.stage.held


@given(plays())
def test_it_succeeds_only_if_no_step_forward_failed(played: Played) -> None:
    failed = {each.key for each in played.journal if not each.ok}
    forward = {step.key for step in played.forward if step.kind not in FINAL}
    assert (played.outcome is Outcome.SUCCEEDED) <= (not failed & forward)


@given(plays())
def test_it_succeeds_only_with_everything_that_moves_at_its_target(played: Played) -> None:
    if played.outcome is Outcome.SUCCEEDED:
        assert set(played.stage.served.values()) <= {"new"}
        assert "undo" not in " ".join(names(played.steps))


@given(plays())
def test_it_is_rolled_back_only_if_everything_is_restored(played: Played) -> None:
    assert (played.outcome is Outcome.ROLLED_BACK) <= played.restored


@given(plays())
def test_all_leases_are_given_back_unless_it_is_stuck(played: Played) -> None:
    assert not played.stage.held or played.outcome is Outcome.STUCK


@given(plays())
def test_it_is_stuck_only_after_enough_attempts_at_one_step(played: Played) -> None:
    if played.outcome is Outcome.STUCK:
        assert played.steps[-1].attempt == ATTEMPTS
        assert not played.journal[-1].ok


@given(plays())
def test_a_journal_that_was_cut_leads_to_the_same_moves(played: Played) -> None:
    """A process that died and one that lived make the same next move."""
    for cut, step in enumerate(played.steps):
        assert next_move(played.order, iter(played.journal[:cut])) == step


@given(plays())
def test_no_key_comes_twice_in_a_rollout(played: Played) -> None:
    keys = [step.key for step in played.steps]
    assert len(keys) == len(set(keys))


@given(plays())
def test_a_stuck_rollout_can_be_resumed_and_then_ends_well(played: Played) -> None:
    if played.outcome is Outcome.STUCK:
        resumed = replace(played.order, rollout="r2", past=to_resume(played.journal))
        assert isinstance(play(resumed, []).outcome, Outcome)
        assert play(resumed, []).outcome is not Outcome.STUCK


def test_a_failed_step_is_not_tried_again_on_the_way_forward() -> None:
    played = lucky_until("shift api/0 in wave 1", "failed")
    assert names(played.steps).count("shift api/0 in wave 1") == 1
    assert played.outcome is Outcome.ROLLED_BACK


def test_a_step_that_was_cancelled_is_undone_as_a_process_may_have_died_in_its_middle() -> None:
    played = lucky_until("shift api/0 in wave 1", "cancelled after a death")
    assert "undo shift api/0 in wave 1" in names(played.steps)
    assert played.restored


def test_a_step_back_is_tried_three_times_and_then_it_is_stuck() -> None:
    played = lucky_until("shift api/0 in wave 1", *["failed"] * 4)  # type: ignore[arg-type]
    assert [step.key for step in played.back] == [
        "undo shift api/0 in wave 1",
        "undo shift api/0 in wave 1, attempt 2",
        "undo shift api/0 in wave 1, attempt 3",
    ]
    assert played.outcome is Outcome.STUCK


def test_a_step_back_that_works_at_last_leads_on() -> None:
    played = lucky_until("shift api/0 in wave 1", "failed", "failed", "failed")
    assert played.outcome is Outcome.ROLLED_BACK


def test_a_lease_that_cannot_be_given_back_is_stuck_though_all_is_well() -> None:
    played = lucky_until("release api/0", "failed", "failed", "failed")
    assert (played.outcome, played.back) == (Outcome.STUCK, [])


@pytest.mark.parametrize("direction", ["forward", "back"])
def test_what_cannot_be_cleaned_up_harms_nobody(direction: str) -> None:
    if direction == "forward":
        played = lucky_until("clean api/0", "failed", "failed", "failed")
        assert played.outcome is Outcome.SUCCEEDED
        return
    fine: list[Luck] = ["worked"] * 2
    played = lucky_until("probe in wave 1", "failed", *fine[:1], "failed", "failed", "failed")
    assert names(played.back) == ["undo release api/0", *["undo clean api/0"] * 3]
    assert played.outcome is Outcome.ROLLED_BACK


def test_two_leases_are_given_back_though_one_takes_several_attempts() -> None:
    ordered = order(on_cloud_run("web"), fits=SERVER_FIRST)
    steps = names(play(ordered, []).steps)
    at = steps.index("release web/0")
    played = play(ordered, [*["worked"] * at, "failed", "worked"])  # type: ignore[list-item]
    assert names(played.steps)[at : at + 3] == ["release web/0"] * 2 + ["release api/0"]


def test_who_resumes_tries_again_what_failed_after_the_fate_was_decided() -> None:
    journal: list[Entry] = [
        entry("shift api/0 in wave 1", ok=False),
        entry("undo shift api/0 in wave 1", ok=False),
        entry("undo shift api/0 in wave 1, attempt 2"),
        entry("release api/0", ok=False),
        entry("release api/0, attempt 2", ok=False),
        entry("clean api/0", ok=False),
    ]
    assert [each.key for each in to_resume(journal)] == [
        "shift api/0 in wave 1",
        "undo shift api/0 in wave 1, attempt 2",
    ]


@given(st.integers(0, 3))
def test_attempts_that_another_process_made_count(failed: int) -> None:
    journal = [*play(SERVERS_FIRST, []).journal]
    at = [each.key for each in journal].index("release api/0")
    tries = [entry(f"release api/0, attempt {n}" if n > 1 else "release api/0", ok=False)
             for n in range(1, failed + 1)]  # fmt: skip
    step = next_move(SERVERS_FIRST, [*journal[:at], *tries])
    if failed < ATTEMPTS:
        assert not isinstance(step, Outcome)
        assert (step.kind, step.attempt) == (StepKind.RELEASE, failed + 1)
    else:
        assert step is Outcome.STUCK
