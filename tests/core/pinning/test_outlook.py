"""What a pin would do to the verdict: findings that go, that come, and contracts to hear of."""

from typing import Any

from skewcheck.core.findings import Code
from skewcheck.core.gate import judge_gate
from skewcheck.core.judge import Judgement
from skewcheck.core.pinning.outlook import Outlook
from skewcheck.core.report import Report
from skewcheck.core.survey import ContractAbsent, ContractBroken
from tests.builders import (
    NEXT,
    candidate,
    contract,
    finding,
    report,
    survey,
)

ABSENT = ContractAbsent(why="there is no contracts/chat.yaml", fix="name a stand-in")


def judged(*codes: Code) -> Report:
    return report(judgement=Judgement(findings=tuple(map(finding, codes)), matrix=()))


def gate(**changed: Any) -> Report:
    looked = survey(candidates=[candidate("backend", NEXT)], **changed)
    return report(looked, judge_gate(looked))


def outlook(**changed: Any) -> Outlook:
    return Outlook(**({"before": judged(), "after": judged(), "gate": gate()} | changed))


def test_what_only_one_of_the_worlds_has_goes_or_comes() -> None:
    before = judged(Code.STALE_EDGE, Code.BEHIND_MANIFEST)
    after = judged(Code.STALE_EDGE, Code.SETTLING)
    seen = outlook(before=before, after=after)
    assert [each.code for each in seen.goes] == [Code.BEHIND_MANIFEST]
    assert [each.code for each in seen.comes] == [Code.SETTLING]


def test_the_same_finding_about_another_build_is_another_finding() -> None:
    one, other = (
        report(judgement=Judgement(findings=(finding(sentence=told),), matrix=()))
        for told in ("runs 01d01d0", "runs 9e39e39")
    )
    seen = outlook(before=one, after=other)
    assert (len(seen.goes), len(seen.comes)) == (1, 1)


def test_a_pinned_build_without_a_contract_is_told() -> None:
    seen = outlook(gate=gate(contracts={("chat", "server", NEXT): ABSENT}))
    assert seen.notes == ("no contract of chat for the server: there is no contracts/chat.yaml",)


def test_a_broken_contract_is_told_and_so_is_a_stand_in() -> None:
    broken = ContractBroken(why="c.yaml:1:1: not YAML", fix="mend it")
    seen = outlook(gate=gate(contracts={("chat", "server", NEXT): broken}))
    assert seen.notes == ("no contract of chat for the server: c.yaml:1:1: not YAML",)
    assumed = contract(assumed="contracts/before.yaml")
    seen = outlook(gate=gate(contracts={("chat", "server", NEXT): assumed}))
    assert seen.notes == ("contracts/before.yaml stands for the contract of chat at a3c7a3c",)


def test_the_other_side_at_the_same_commit_is_not_what_was_pinned() -> None:
    """Only the backend is a candidate; the frontend may run that commit already."""
    seen = outlook(gate=gate(contracts={("chat", "client", NEXT): ABSENT}))
    assert seen.notes == ()
