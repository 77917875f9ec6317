"""What became of what the gate stopped."""

from datetime import timedelta
from typing import Any

from skewcheck.core.audit.reading import Gated
from skewcheck.core.chronicle.blocks import Became, Block, Mend, find_blocks, mends_in
from skewcheck.core.findings import Verdict
from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.view import RolloutView
from tests.builders import NOW
from tests.core.chronicle.looks import NEW, OLD, after
from tests.core.rollout.orders import entry, order

CAUSE = ("format-skew", "chat")


def gated(hour: float, verdict: Verdict = Verdict.BLOCK, **changed: Any) -> Gated:
    """Of the api at NEW; blocked unless told otherwise."""
    said: dict[str, Any] = {
        "who": "ada",
        "passed": verdict is Verdict.PASS,
        "candidates": {"api": NEW},
        "blocks": (CAUSE,) if verdict is Verdict.BLOCK else (),
    }
    return Gated(at=after(hour), verdict=verdict, **(said | changed))


def mend(hour: float, **targets: str) -> Mend:
    return Mend(rollout="r1", at=after(hour), targets=targets or {"api": NEW})


def became(*gates: Gated, mends: tuple[Mend, ...] = ()) -> list[tuple[Became, int]]:
    return [(block.became, block.times) for block in find_blocks(gates, mends)]


def test_nothing_blocked_is_nothing_to_tell() -> None:
    assert became(gated(1, Verdict.PASS), gated(2, Verdict.INCONCLUSIVE)) == []


def test_the_same_question_blocked_again_is_one_block() -> None:
    again = gated(2, blocks=(CAUSE, ("stale-edge", "web")))
    (block,) = find_blocks([gated(1), again], [])
    assert (block.first, block.last, block.times) == (after(1), after(2), 2)
    assert block.causes == (CAUSE, ("stale-edge", "web"))
    assert block.became is Became.STILL


def test_what_passes_later_passed_later() -> None:
    (block,) = find_blocks([gated(1), gated(2, Verdict.PASS)], [])
    assert (block.became, block.at) == (Became.PASSED, after(2))


def test_what_is_not_known_answers_nothing() -> None:
    assert became(gated(1), gated(2, Verdict.INCONCLUSIVE)) == [(Became.STILL, 1)]


def test_blocked_again_after_it_passed_is_another_block() -> None:
    gates = gated(1), gated(2, Verdict.PASS), gated(3)
    assert became(*gates) == [(Became.PASSED, 1), (Became.STILL, 1)]


def test_another_candidate_of_the_same_service_may_replace_it() -> None:
    other = gated(2, Verdict.PASS, candidates={"api": OLD})
    assert became(gated(1), other) == [(Became.REPLACED, 1)]
    elsewhere = gated(2, Verdict.PASS, candidates={"web": OLD})
    assert became(gated(1), elsewhere) == [(Became.STILL, 1)]


def test_what_was_let_past_stays_so_whatever_comes_after() -> None:
    past = gated(2, passed=True)
    assert became(gated(1), past) == [(Became.LET_PAST, 2)]
    assert became(past, gated(3, Verdict.PASS)) == [(Became.LET_PAST, 1)]
    assert became(past, mends=(mend(3),)) == [(Became.LET_PAST, 1)]


def test_a_rollout_before_it_passed_mended_it() -> None:
    gates = gated(1), gated(3, Verdict.PASS)
    (block,) = find_blocks(gates, [mend(0.5), mend(2), mend(4)])
    assert (block.became, block.at, block.by) == (Became.MENDED, after(2), "r1")
    assert became(*gates, mends=(mend(4),)) == [(Became.PASSED, 1)]


def test_where_nobody_asked_again_only_a_rollout_to_that_candidate_mends_it() -> None:
    assert became(gated(1), mends=(mend(2),)) == [(Became.MENDED, 1)]
    assert became(gated(1), mends=(mend(2, api=OLD),)) == [(Became.STILL, 1)]
    assert became(gated(1), mends=(mend(0.5),)) == [(Became.STILL, 1)]


def test_a_world_that_was_blocked_as_it_stood_is_mended_by_any_rollout_that_succeeds() -> None:
    assert became(gated(1, candidates={}), mends=(mend(2, web=OLD),)) == [(Became.MENDED, 1)]


def test_blocks_stand_in_the_order_in_which_they_began() -> None:
    first, second = gated(1, candidates={"web": NEW}), gated(2)
    found: tuple[Block, ...] = find_blocks([first, second, gated(3, Verdict.PASS)], [])
    assert [each.first for each in found] == [after(1), after(2)]


def test_only_rollouts_that_succeeded_mend_and_the_oldest_is_first() -> None:
    ended = NOW + timedelta(minutes=5)
    views = (
        RolloutView(order=order(), entries=(entry("probe", at=ended),), outcome=Outcome.SUCCEEDED),
        RolloutView(order=order(rollout="r0"), outcome=Outcome.SUCCEEDED),
        RolloutView(order=order(), outcome=Outcome.ROLLED_BACK),
        RolloutView(order=order()),
    )
    first, second = mends_in(views)
    assert (first.rollout, first.at) == ("r0", NOW)
    assert (second.at, second.targets) == (ended, {"web": "new", "api": "new"})
