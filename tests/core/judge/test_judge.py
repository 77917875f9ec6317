"""Unknown is never green: each way in which nothing, or not enough, could be learnt."""

import pytest

from skewcheck.core.answer import Answer
from skewcheck.core.build import OpaqueId
from skewcheck.core.exposed.version_document import read_version_document
from skewcheck.core.findings import Code, Severity, Verdict
from skewcheck.core.judge import judge
from skewcheck.core.survey import ServiceSurvey
from tests.builders import (
    APP,
    BACKEND,
    NEW,
    NOW,
    OLD,
    OLD_FORMAT,
    backend,
    behind,
    contract,
    document,
    frontend,
    lingering,
    manifest,
    page,
    plane,
    service_survey,
    survey,
    target,
    unreadable,
)
from tests.core.minimal_worlds import (
    ABSENT,
    UNKNOWN_TO_GIT,
    V1,
    codes,
    idle_world,
    loads,
    speaks,
    split,
    the,
)


def test_a_world_in_which_all_is_known_and_fits_passes_without_a_word() -> None:
    judgement = judge(survey())
    assert (judgement.verdict, judgement.findings) == (Verdict.PASS, ())


def test_an_empty_manifest_with_no_services_is_never_green() -> None:
    judgement = judge(survey(manifest=manifest(services={}, links={})))
    assert judgement.verdict is Verdict.INCONCLUSIVE
    told = the(Code.NOTHING_TO_CHECK, judgement)
    assert (told.subject, told.sentence) == ("staging", "the manifest promises no service")


def test_no_links_is_never_green() -> None:
    judgement = judge(survey(manifest=manifest(links={})))
    assert judgement.verdict is Verdict.INCONCLUSIVE
    assert "no link" in the(Code.NOTHING_TO_CHECK, judgement).sentence


def test_no_live_revision_is_never_green() -> None:
    judgement = judge(survey(backend(planes=(plane(targets=[target(percent=0)]),))))
    assert judgement.verdict is Verdict.BLOCK
    assert the(Code.NOT_DEPLOYED, judgement).subject == "backend"
    assert the(Code.NOTHING_TO_CHECK, judgement).subject == "chat"


def test_several_live_revisions_of_which_only_the_older_is_incompatible_block() -> None:
    old_server = speaks("server", OLD, V1)
    both = split((NEW, 99), (OLD, 1))
    seen = survey(both, contracts=old_server, relations={("backend", OLD): behind(1)})
    judgement = judge(seen)
    assert the(Code.PROTOCOL_SKEW, judgement).pair == (NEW, OLD)
    assert judgement.verdict is Verdict.BLOCK


def test_a_lingering_client_that_is_incompatible_blocks() -> None:
    seen = survey(frontend(lingering=(lingering(),)), contracts=speaks("client", OLD))
    assert judge(seen).verdict is Verdict.BLOCK
    assert the(Code.LINGERING_CLIENT_SKEW, judge(seen)).pair == (OLD, NEW)


@pytest.mark.parametrize("named", ["unknown", "dev"])
def test_equal_placeholders_on_both_sides_never_count_as_equal(named: str) -> None:
    said = Answer(
        url=f"{APP}/version.json",
        status=200,
        headers={"content-type": "application/json"},
        body=f'{{"commit": "{named}"}}'.encode(),
        read_at=NOW,
    )
    read = read_version_document(said)
    judgement = judge(survey(frontend(edge=read), backend(planes=(), edge=read)))
    placeholders = [each for each in judgement.findings if each.code is Code.PLACEHOLDER_BUILD]
    assert {each.subject for each in placeholders} == {"frontend", "backend"}
    assert judgement.verdict is Verdict.INCONCLUSIVE


def test_equal_opaque_ids_on_both_sides_never_count_as_equal() -> None:
    same = document(OpaqueId("4a0c3b1e-0000-4000"))
    seen = survey(frontend(edge=same, page=page(same.build.build)), backend(planes=(), edge=same))
    assert judge(seen).verdict is Verdict.INCONCLUSIVE
    assert Code.MASKED in codes(judge(seen))


def test_same_version_with_different_fingerprints_blocks() -> None:
    other = contract("2.1", fingerprint=OLD_FORMAT)
    judgement = judge(survey(contracts=speaks("client", NEW, other)))
    assert the(Code.FORMAT_SKEW, judgement).severity is Severity.BLOCK


@pytest.mark.parametrize(
    ("service", "code"),
    [
        pytest.param(frontend(page=page(None)), Code.PAGE_UNPROVEN, id="it names nothing"),
        pytest.param(
            frontend(page=unreadable(Code.PAGE_UNPROVEN)), Code.PAGE_UNPROVEN, id="it was not read"
        ),
        pytest.param(frontend(page=None), Code.UNREACHABLE, id="nobody looked at it"),
    ],
)
def test_a_client_without_page_evidence_is_never_green(service: ServiceSurvey, code: Code) -> None:
    judgement = judge(survey(service))
    assert the(code, judgement).subject == "frontend"
    assert judgement.verdict is Verdict.INCONCLUSIVE


def test_a_version_document_cached_as_immutable_is_told() -> None:
    cached = document(cacheable="max-age=31536000, immutable")
    told = the(Code.VERSION_DOCUMENT_CACHEABLE, judge(survey(frontend(edge=cached))))
    assert "max-age=31536000, immutable" in told.sentence
    assert told.fix == "serve it with Cache-Control: no-store"


def test_a_new_revision_without_traffic_is_told_and_never_taken_for_live() -> None:
    judgement = judge(idle_world())
    assert "gets no traffic" in the(Code.DEPLOYED_WITHOUT_TRAFFIC, judgement).sentence
    assert the(Code.BEHIND_MANIFEST, judgement).severity is Severity.NOTICE
    assert Code.STALE_EDGE not in codes(judgement)
    [link] = judgement.matrix
    assert {cell.server.build for cell in link.cells} == {OLD}


@pytest.mark.parametrize(
    "service",
    [
        pytest.param(frontend(page=page(OLD)), id="of a static site"),
        pytest.param(frontend(page=page(OLD), planes=(plane(),)), id="in front of Cloud Run"),
        pytest.param(frontend(page=page(OLD), beyond=document()), id="with a hint"),
    ],
)
def test_html_that_is_old_while_the_version_document_is_new_blocks(service: ServiceSurvey) -> None:
    judgement = judge(survey(service))
    assert "the edge serves 01d01d0 (page)" in the(Code.STALE_EDGE, judgement).sentence
    assert judgement.verdict is Verdict.BLOCK


@pytest.mark.parametrize(
    "service",
    [
        pytest.param(backend(edge=unreadable()), id="at its edge"),
        pytest.param(backend(planes=(unreadable(),)), id="in its control plane"),
        pytest.param(frontend(edge=unreadable()), id="a client at its edge"),
    ],
)
def test_an_unreachable_service_is_never_green(service: ServiceSurvey) -> None:
    assert judge(survey(service)).verdict is Verdict.INCONCLUSIVE
    assert Code.UNREACHABLE in codes(judge(survey(service)))


@pytest.mark.parametrize("side", ["client", "server"])
def test_a_contract_missing_at_the_live_commit_is_never_green(side: str) -> None:
    judgement = judge(survey(contracts={("chat", side, NEW): ABSENT}))  # type: ignore[dict-item]
    assert the(Code.CONTRACT_MISSING, judgement).subject == "chat"
    assert judgement.verdict is Verdict.INCONCLUSIVE


def test_answers_from_an_old_copy_of_git_are_never_green() -> None:
    judgement = judge(survey(doubts={"staging": (UNKNOWN_TO_GIT,)}))
    assert judgement.verdict is Verdict.INCONCLUSIVE


def _lonely() -> tuple[ServiceSurvey, object]:
    told = manifest(services={"jobs": BACKEND, **_usual()})
    return service_survey("jobs"), told


def _usual() -> dict[str, object]:
    return {name: each.model_dump(exclude_unset=True) for name, each in manifest().services.items()}


def test_a_service_of_which_nothing_was_learnt_is_never_green() -> None:
    nothing, told = _lonely()
    judgement = judge(survey(nothing, manifest=told))
    told_of = the(Code.NOTHING_TO_CHECK, judgement)
    assert (told_of.subject, told_of.sentence) == ("jobs", "no witness tells which build runs")
    assert judgement.verdict is Verdict.INCONCLUSIVE


def test_a_service_without_a_link_may_be_unknown_no_more_than_others() -> None:
    _, told = _lonely()
    nameless = split((NEW, 90), (None, 10))
    jobs = service_survey("jobs", planes=nameless.planes)
    assert the(Code.NO_VERSION_DOCUMENT, judge(survey(jobs, manifest=told))).subject == "jobs"


def test_the_gravest_finding_comes_first() -> None:
    relations = {("frontend", OLD): behind(1)}
    seen = survey(loads(OLD), backend(edge=unreadable()), relations=relations)
    severities = [each.severity for each in judge(seen).findings]
    assert severities == sorted(severities, key=list(Severity).index)
    assert len(set(severities)) == 2
