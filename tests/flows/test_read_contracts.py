"""What git is asked about builds: identities, relations, contracts, and who changed them."""

import json
from typing import Any

import pytest

from skewcheck.core.build import BuildSha
from skewcheck.core.errors import UsageError
from skewcheck.core.findings import Code, Verdict
from skewcheck.core.history import NotInHistory
from skewcheck.core.question import CandidateWanted
from skewcheck.core.report import Report
from skewcheck.core.survey import ContractAbsent, ContractBroken, ContractKnown
from skewcheck.flows.check import Asking, check
from skewcheck.flows.load import load_file
from tests.builders import YESTERDAY
from tests.fake_history import FakeHistory
from tests.flows.worlds import API, CHAT, MANIFEST, Acme, codes, contract, manifest
from tests.flows.worlds import version_document as document

BEFORE = "contracts/before.yaml"


def with_link(**changed: Any) -> dict[str, Any]:
    written = manifest()
    written["links"]["chat"] |= changed
    return written


def before_the_contract(**link: Any) -> Acme:
    """The api runs a build from before the contract file; `assume` stands in where it is named."""
    acme = Acme(written=with_link(**link))
    history = FakeHistory()
    ancient = history.add({"api/a": ""}, "Begin")
    acme.old = history.add({CHAT: contract()}, "Chat")
    files = {BEFORE: contract(), MANIFEST: json.dumps(acme.written)}
    acme.new = history.add(files, "Promise", at=YESTERDAY)
    acme.world.history = history
    acme.run("web", acme.new)
    acme.run("api", ancient)
    return acme


def server_contract(report: Report) -> object:
    (found,) = (
        reading for (_, side, _), reading in report.survey.contracts.items() if side == "server"
    )
    return found


def test_a_build_from_before_the_contract_is_judged_by_the_stand_in() -> None:
    report = before_the_contract(assume=BEFORE).report()
    reading = server_contract(report)
    assert isinstance(reading, ContractKnown)
    assert reading.assumed == BEFORE
    (cell,) = report.judgement.matrix[0].cells
    assert cell.assumed


def test_without_a_stand_in_such_a_build_is_unknown_and_the_way_out_is_named() -> None:
    report = before_the_contract().report()
    reading = server_contract(report)
    assert isinstance(reading, ContractAbsent)
    assert "assume" in reading.fix
    assert Code.CONTRACT_MISSING in codes(report, "chat")


def test_a_stand_in_that_is_not_committed_is_unknown() -> None:
    reading = server_contract(before_the_contract(assume="contracts/none.yaml").report())
    assert isinstance(reading, ContractAbsent)
    assert reading.fix == "commit contracts/none.yaml"


def test_no_stand_in_is_taken_for_a_contract_that_was_removed() -> None:
    acme = Acme(written=with_link(assume=BEFORE))
    removed = acme.commit({BEFORE: contract(), CHAT: None}, "Drop the contract")
    acme.run("api", removed)
    acme.run("web", removed)
    reading = server_contract(acme.report())
    assert isinstance(reading, ContractAbsent)
    assert f"removed by {removed.short} 'Drop the contract'" in reading.why


def test_with_a_manifest_file_the_stand_in_is_not_said_to_be_unnamed() -> None:
    acme = before_the_contract(assume=BEFORE)
    content = json.dumps(acme.written).encode()
    loaded = load_file(content, "staging", file="draft.yaml")
    report = check(acme.world.doors(), loaded, Asking(question=acme.report().question))
    reading = server_contract(report)
    assert isinstance(reading, ContractAbsent)
    assert BEFORE in reading.why
    assert "--ref" in reading.fix


def test_a_broken_contract_is_unknown_with_its_place() -> None:
    acme = Acme()
    broken = acme.commit({CHAT: "schema: 1\nprotocol: [\n"}, "Break it")
    acme.run("web", broken)
    acme.run("api", broken)
    report = acme.report()
    reading = server_contract(report)
    assert isinstance(reading, ContractBroken)
    assert reading.why.startswith(f"{CHAT}@{broken.short}:")
    assert (report.verdict, codes(report)) == (Verdict.INCONCLUSIVE, {Code.CONTRACT_INVALID})


def test_skew_names_the_commit_that_changed_the_contract() -> None:
    acme = Acme()
    culprit = acme.commit({CHAT: contract(token="jwt-auth")}, "Rename it", author="Grace")
    candidate = acme.commit({"api/x": ""}, "Log more")
    report = acme.report(CandidateWanted(service="api", named=candidate.value))
    assert report.verdict is Verdict.BLOCK
    (skew,) = (each for each in report.findings if each.code is Code.FORMAT_SKEW)
    assert any(f"{culprit.short} 'Rename it' by Grace" in line for line in skew.evidence)


def test_nobody_is_blamed_where_all_speak_the_same() -> None:
    readings = Acme().report().survey.contracts.values()
    assert [getattr(each, "changed", None) for each in readings] == [None, None]


def test_a_build_that_git_does_not_know_is_unknown() -> None:
    acme = Acme()
    acme.answer(f"{API}/version.json", document("5e" * 20))
    report = acme.report()
    assert Code.BUILD_NOT_IN_REPOSITORY in codes(report, "api")
    assert report.verdict is not Verdict.PASS


def test_a_build_behind_the_promise_lists_what_it_misses() -> None:
    acme = Acme()
    acme.commit({"a": "1"}, "One more", at=YESTERDAY)
    report = acme.report()
    between = report.survey.between["api", acme.new]
    assert [each.subject for each in between] == ["One more"]


def test_each_service_is_looked_up_in_its_own_repository() -> None:
    written = manifest()
    written["services"]["api"]["repository"] = "../api"
    other = FakeHistory()
    head = other.add({CHAT: contract()}, "Serve a chat", at=YESTERDAY)
    acme = Acme(written=written)
    acme.world.others["../api"] = other
    acme.run("api", head)
    report = acme.report()
    assert report.verdict is Verdict.PASS
    assert ("chat", "server", head) in report.survey.contracts


def test_a_repository_that_cannot_be_opened_is_told_with_its_place() -> None:
    written = manifest()
    written["services"]["api"]["repository"] = "../nothing"
    with pytest.raises(UsageError, match=r"services\.api\.repository: \.\./nothing"):
        Acme(written=written).report()


def test_doubts_about_the_history_are_told_under_the_right_name() -> None:
    acme = Acme()
    acme.world.history.gaps = (NotInHistory("the clone is shallow", "git fetch --unshallow"),)
    report = acme.report()
    assert [(each.code, each.subject) for each in report.findings] == [
        (Code.EVIDENCE_STALE, "staging")
    ]
    assert report.verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("named", ["main", "short", "full"])
def test_a_candidate_may_be_named_by_ref_or_commit(named: str) -> None:
    acme = Acme()
    words = {"main": "main", "short": acme.new.value[:9], "full": acme.new.value}
    report = acme.report(CandidateWanted(service="api", named=words[named]))
    assert report.survey.candidates["api"].build == acme.new


def test_a_candidate_that_git_does_not_know_is_inconclusive() -> None:
    unknown = BuildSha("d" * 40)
    report = Acme().report(CandidateWanted(service="api", named=unknown.value))
    assert report.verdict is Verdict.INCONCLUSIVE
    assert Code.BUILD_NOT_IN_REPOSITORY in codes(report, "api")
