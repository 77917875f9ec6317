"""The candidate itself: everything about it decides, and nothing unknown about it passes."""

from typing import Any

import pytest

from skewcheck.core.build import Build, BuildSha, OpaqueId, ShortSha
from skewcheck.core.findings import Code, Severity, Verdict
from skewcheck.core.gate import judge_gate
from skewcheck.core.history import NotInHistory, Relation, RelationKind
from skewcheck.core.judge import Judgement
from skewcheck.core.reading import DocumentReading
from tests.builders import (
    NEW,
    NEXT,
    OLD,
    ahead,
    behind,
    candidate,
    contract,
    document,
    manifest,
    plane,
    revision,
    survey,
    target,
    unreadable,
)
from tests.builders import backend as backend_survey
from tests.core.minimal_worlds import (
    ABSENT,
    DIVERGED,
    UNKNOWN_TO_GIT,
    UNRELATED,
    claims,
    codes,
    speaks,
    tagged_world,
    the,
)

URL = "https://c-1---acme-api-x.a.run.app/__version__"


def answering(
    reading: DocumentReading, build: BuildSha | NotInHistory = NEXT, **changed: Any
) -> Judgement:
    return judge_gate(survey(candidates=[candidate(build=build, reading=reading)], **changed))


def test_a_candidate_without_a_url_is_judged_by_git_alone_and_says_so() -> None:
    told = the(Code.CANDIDATE_NOT_PROBED, judge_gate(survey(candidates=[candidate()])))
    assert told.sentence == "a3c7a3c was judged by git alone: no URL of it was given"
    assert told.fix == f"--candidate backend={NEXT}@URL"


def test_a_candidate_whose_url_answers_with_it_passes_without_a_word() -> None:
    judgement = answering(document(NEXT, url=URL))
    assert (judgement.verdict, judgement.findings) == (Verdict.PASS, ())


def test_a_full_commit_needs_no_git_to_be_the_candidate() -> None:
    builds = {("frontend", NEW): NEW, ("backend", NEW): NEW}
    assert answering(document(NEXT, url=URL), builds=builds).verdict is Verdict.PASS


def test_a_short_commit_is_the_candidate_if_git_says_so() -> None:
    short = ShortSha(NEXT.short)
    builds = {("frontend", NEW): NEW, ("backend", NEW): NEW, ("backend", short): NEXT}
    assert answering(document(short, url=URL), builds=builds).verdict is Verdict.PASS


def test_a_candidate_whose_url_answers_with_another_build_is_blocked() -> None:
    told = the(Code.NOT_DEPLOYED, answering(document(OLD, url=URL)))
    assert told.severity is Severity.BLOCK
    assert told.sentence == f"{URL} answers with 01d01d0, not the candidate"


@pytest.mark.parametrize(
    "answered",
    [
        pytest.param(ShortSha("abcdef0"), id="a commit that git does not know"),
        pytest.param(OpaqueId("4a0c3b1e-0000-4000"), id="an opaque id"),
    ],
)
def test_a_candidate_whose_url_answers_with_no_known_build_is_inconclusive(answered: Build) -> None:
    builds = {("frontend", NEW): NEW, ("backend", NEW): NEW}
    judgement = answering(document(answered, url=URL), builds=builds)
    assert judgement.verdict is Verdict.INCONCLUSIVE
    assert "the candidate's URL names" in the(Code.BUILD_NOT_IN_REPOSITORY, judgement).sentence


def test_a_candidate_whose_url_does_not_answer_is_inconclusive() -> None:
    judgement = answering(unreadable(url=URL))
    assert the(Code.UNREACHABLE, judgement).sentence == "candidate: connection refused"
    assert judgement.verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("service", ["frontend", "backend"])
def test_a_candidate_of_unknown_build_is_inconclusive(service: str) -> None:
    lost = candidate(service, UNKNOWN_TO_GIT, reading=document(NEXT, url=URL))
    judgement = judge_gate(survey(candidates=[lost]))
    assert judgement.verdict is Verdict.INCONCLUSIVE
    told = the(Code.BUILD_NOT_IN_REPOSITORY, judgement)
    assert told.sentence == "the candidate deadbeef is unknown: no such commit here"


def test_a_candidate_of_another_environment_is_blocked() -> None:
    judgement = answering(document(NEXT, url=URL, environment="production"))
    assert the(Code.WRONG_ENVIRONMENT, judgement).severity is Severity.BLOCK
    assert answering(document(NEXT, url=URL, environment="Staging")).verdict is Verdict.PASS


def test_a_dirty_candidate_is_noticed() -> None:
    judgement = answering(document(NEXT, url=URL, dirty=True))
    assert the(Code.DIRTY_BUILD, judgement).severity is Severity.NOTICE


def test_a_candidate_that_misreports_its_contract_is_blocked() -> None:
    said = claims("9.9", role="server")
    judgement = answering(document(NEXT, url=URL, protocols=(said,)))
    told = the(Code.MISREPORTED_CONTRACT, judgement)
    assert told.severity is Severity.BLOCK
    assert told.sentence == "a3c7a3c says version 9.9, git says 2.1 (chat, contract in git)"


@pytest.mark.parametrize(
    ("relation", "code", "told"),
    [
        pytest.param(behind(1), Code.BEHIND_MANIFEST, "1 commit behind", id="behind"),
        pytest.param(ahead(2), Code.AHEAD_OF_MANIFEST, "2 commits ahead of", id="ahead"),
        pytest.param(DIVERGED, Code.DIVERGED_FROM_MANIFEST, "diverged", id="diverged"),
    ],
)
def test_a_candidate_that_was_not_promised_is_told(
    relation: Relation, code: Code, told: str
) -> None:
    world: dict[str, Any] = {
        "candidates": [candidate()],
        "relations": {("backend", NEXT): relation},
    }
    assert told in the(code, judge_gate(survey(**world))).sentence
    blocking = manifest(policy={"drift": "block"})
    assert judge_gate(survey(**world, manifest=blocking)).verdict is Verdict.BLOCK


def test_how_a_candidate_relates_to_the_promise_may_not_stay_unknown() -> None:
    world = survey(candidates=[candidate()], relations={("backend", NEXT): UNRELATED})
    judgement = judge_gate(world)
    assert "shallow clone" in the(Code.BUILD_NOT_IN_REPOSITORY, judgement).sentence
    assert judgement.verdict is Verdict.INCONCLUSIVE


def test_answers_from_an_old_copy_of_git_decide() -> None:
    judgement = judge_gate(survey(candidates=[candidate()], doubts={"staging": (UNKNOWN_TO_GIT,)}))
    assert the(Code.EVIDENCE_STALE, judgement).subject == "staging"
    assert judgement.verdict is Verdict.INCONCLUSIVE


def test_a_new_client_still_meets_the_servers_that_cookies_lead_to() -> None:
    both = [candidate("frontend"), candidate("backend")]
    contracts = speaks("client", NEXT, contract("3.0", ">=3"))
    contracts |= speaks("server", NEXT, contract("3.0", ">=2"))
    assert judge_gate(survey(candidates=both, contracts=contracts)).verdict is Verdict.PASS
    sticky = backend_survey(planes=(plane(session_affinity=True),))
    judgement = judge_gate(survey(sticky, candidates=both, contracts=contracts))
    assert the(Code.PROTOCOL_SKEW, judgement).pair == (NEXT, NEW)


def test_a_candidate_that_was_promised_says_nothing_of_drift() -> None:
    same = {("backend", NEXT): Relation(RelationKind.SAME)}
    judgement = judge_gate(survey(candidates=[candidate()], relations=same))
    assert codes(judgement) == {Code.CANDIDATE_NOT_PROBED}


def test_revisions_that_peers_have_only_tagged_are_noticed() -> None:
    judgement = judge_gate(tagged_world())
    told = the(Code.TAGGED_REVISION_SKEW, judgement)
    assert told.severity is Severity.NOTICE
    assert "(tagged c-1, no traffic yet)" in told.sentence
    assert judgement.verdict is Verdict.PASS


def test_a_tagged_peer_that_fits_is_not_mentioned() -> None:
    seen = tagged_world()
    judgement = judge_gate(survey(*seen.services.values(), candidates=[candidate("frontend")]))
    assert codes(judgement) == {Code.CANDIDATE_NOT_PROBED}


def test_a_tagged_peer_without_a_contract_is_told_as_unknown() -> None:
    seen = tagged_world()
    contracts = dict(seen.contracts) | speaks("server", OLD, ABSENT)
    told = the(
        Code.TAGGED_REVISION_SKEW,
        judge_gate(survey(*seen.services.values(), candidates=[candidate("frontend")],
                          contracts=contracts)),
    )  # fmt: skip
    assert "perhaps cannot talk to" in told.sentence


def test_a_server_candidate_meets_the_tagged_revisions_of_its_clients() -> None:
    seen = tagged_world()
    swapped = manifest(
        links={"chat": {"client": "backend", "server": "frontend", "contract": "chat.yaml"}}
    )
    contracts = speaks("client", OLD)
    judgement = judge_gate(
        survey(
            *seen.services.values(),
            manifest=swapped,
            candidates=[candidate("frontend")],
            contracts=contracts,
        )
    )
    assert the(Code.TAGGED_REVISION_SKEW, judgement).sentence.startswith("backend 01d01d0")


def test_a_tagged_revision_of_unknown_build_or_with_traffic_is_not_guessed_at() -> None:
    targets = [target(tag="live"), target("acme-api-00003", 0, tag="c-1")]
    listed = revision("acme-api-00003", None), revision()
    service = backend_survey(planes=(plane(*listed, targets=targets),))
    judgement = judge_gate(survey(service, candidates=[candidate("frontend")]))
    assert Code.TAGGED_REVISION_SKEW not in codes(judgement)


def test_a_candidate_of_unknown_build_is_not_held_against_tagged_peers() -> None:
    seen = tagged_world()
    lost = candidate("frontend", UNKNOWN_TO_GIT)
    judgement = judge_gate(survey(*seen.services.values(), candidates=[lost]))
    assert Code.TAGGED_REVISION_SKEW not in codes(judgement)
