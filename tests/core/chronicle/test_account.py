"""What a window adds up to, from all that is known of it."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.audit.gate import break_glass, gate
from skewcheck.core.audit.reading import LetPast
from skewcheck.core.chronicle.account import Past, account_of, rollouts_in
from skewcheck.core.chronicle.blocks import Became
from skewcheck.core.chronicle.incidents import Times
from skewcheck.core.chronicle.snapshot import Stretch
from skewcheck.core.findings import Code, Severity, Verdict
from skewcheck.core.judge import Judgement
from skewcheck.core.manifest import Override
from skewcheck.core.question import BreakGlass
from skewcheck.core.report import Permission, Report
from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.view import RolloutView
from tests.builders import finding, report
from tests.core.chronicle.looks import DOUBT, SKEW, after, hours, pasts, stretch, window
from tests.core.rollout.orders import order

GLASS = BreakGlass(why="the board demo", until=after(0).date(), who="ada")
OVERRIDE = Override(
    finding=Code.STALE_EDGE, subject="frontend", until=after(0).date(), reason="known"
)


def past(*stretches: Stretch, **changed: Any) -> Past:
    said: dict[str, Any] = {"environment": "staging", "window": window(), "stretches": stretches}
    return Past(**(said | changed))


def asked(hour: float, *codes: Code, **changed: Any) -> Report:
    found = tuple(finding(code) for code in codes)
    return report(judgement=Judgement(findings=found, matrix=()), at=after(hour), **changed)


def rollout(hour: float, outcome: Outcome | None) -> RolloutView:
    return RolloutView(order=order(at=after(hour)), outcome=outcome)


def test_of_nothing_nothing_is_known() -> None:
    account = account_of(past())
    assert account.knows_nothing
    assert account.together.unseen == hours(24)
    assert (account.detected, account.mended) == (Times(), Times())
    told = (account.blocks, account.let_past, account.rollouts, account.incidents)
    assert not any(told)


def test_a_look_or_a_gate_is_something() -> None:
    assert not account_of(past(stretch(1, 2))).knows_nothing
    assert not account_of(past(stretch(1, 1))).knows_nothing
    assert account_of(past(stretch(-2, -1), stretch(24, 25))).knows_nothing
    assert not account_of(past(records=(gate(asked(1), who="ada"),))).knows_nothing


def test_skew_is_told_together_and_for_each_link() -> None:
    account = account_of(past(stretch(0, 1), stretch(1, 3, SKEW), stretch(3, 24, DOUBT)))
    assert (account.together.skew, account.together.unknown) == (hours(2), hours(21))
    assert account.by_subject["chat"].skew == hours(2)
    assert [(each.link, each.full) for each in account.exposed] == [("chat", hours(0.2))]


def test_what_began_before_the_window_was_not_detected_in_it() -> None:
    looks = (stretch(-9, -8), stretch(-7, 1, SKEW), stretch(2, 3), stretch(4, 5, SKEW))
    account = account_of(past(*looks))
    assert account.detected == Times(of=1, median=hours(1), worst=hours(1))
    assert account.mended == Times(of=1, open=1, median=hours(9), worst=hours(9))
    assert len(account.incidents) == 2


def test_the_gates_answers_are_counted_and_their_blocks_followed_up() -> None:
    lost = report(
        judgement=Judgement(
            findings=(finding(Code.UNREACHABLE, severity=Severity.UNKNOWN),), matrix=()
        )
    )
    answers = (asked(1, Code.STALE_EDGE), asked(2), asked(3), lost)
    account = account_of(past(records=tuple(gate(each, who="ci") for each in answers)))
    assert account.gates == {Verdict.PASS: 2, Verdict.BLOCK: 1, Verdict.INCONCLUSIVE: 1}
    assert [block.became for block in account.blocks] == [Became.PASSED]


def test_who_let_what_past_is_counted_by_person() -> None:
    used = Permission(override=OVERRIDE, who="Bob", expired=False, used=True)
    allowed = asked(1, Code.STALE_EDGE, permissions=(used,))
    broken = asked(2, Code.ASSETS_GONE, break_glass=GLASS)
    records = (
        gate(allowed, who="ci"), gate(allowed, who="ci"),
        break_glass(broken, GLASS), gate(broken, who="ada"),
    )  # fmt: skip
    assert list(account_of(past(records=records)).let_past.items()) == [
        (LetPast(who="Bob", why="known", what="stale-edge on frontend"), 2),
        (LetPast(who="ada", why="the board demo"), 1),
    ]


def test_rollouts_are_counted_where_they_were_ordered_in_the_window() -> None:
    views = (
        rollout(23, None), rollout(2, Outcome.SUCCEEDED), rollout(1, Outcome.SUCCEEDED),
        rollout(0, Outcome.STUCK), rollout(-1, Outcome.ROLLED_BACK), rollout(24, None),
    )  # fmt: skip
    seen = past(rollouts=views)
    assert account_of(seen).rollouts == {None: 1, Outcome.SUCCEEDED: 2, Outcome.STUCK: 1}
    assert rollouts_in(seen) == views[:4]


@given(pasts, st.integers(1, 100))
def test_hours_add_up_to_the_window(stretches: tuple[Stretch, ...], until: int) -> None:
    account = account_of(past(*stretches, window=window(0, until)))
    for each in (account.together, *account.by_subject.values()):
        assert each.length == timedelta(hours=until)
        assert each.unseen == account.together.unseen
    assert all(each.skew <= account.together.skew for each in account.by_subject.values())
