"""Each unknown is told once, with its own cause and the command or edit that cures it."""

import pytest

from skewcheck.core.build import OpaqueId, ShortSha
from skewcheck.core.findings import Code, Finding, Severity
from skewcheck.core.judge.unknowns import judge_unknowns
from skewcheck.core.reading import PageReading
from skewcheck.core.survey import OriginReading, ServiceSurvey
from tests.builders import (
    API,
    APP,
    NEW,
    OLD,
    backend,
    document,
    frontend,
    origin,
    page,
    plane,
    revision,
    survey,
    target,
    unreadable,
)
from tests.core.minimal_worlds import UNKNOWN_TO_GIT, split

SHORT = ShortSha("abcdef0")
UUID = OpaqueId("4a0c3b1e-0000-4000-8000-000000000000")


def found(service: ServiceSurvey, **changed: object) -> list[Finding]:
    seen = survey(service, **changed)  # type: ignore[arg-type]
    return list(judge_unknowns(seen, seen.services[service.name]))


def only(service: ServiceSurvey, **changed: object) -> Finding:
    [finding] = found(service, **changed)
    return finding


@pytest.mark.parametrize(
    ("service", "told"),
    [
        pytest.param(backend(planes=(unreadable(),)), "control plane: ", id="control plane"),
        pytest.param(backend(origins=(origin(unreadable()),)), "origin: ", id="origin"),
        pytest.param(
            backend(origins=(origin(unreadable(), revision="acme-api-00002"),)),
            "origin of acme-api-00002: ",
            id="a revision's own URL",
        ),
        pytest.param(backend(edge=unreadable()), "edge: ", id="edge"),
        pytest.param(frontend(page=unreadable()), "page: ", id="page"),
    ],
)
def test_an_unread_witness_says_which_and_why(service: ServiceSurvey, told: str) -> None:
    finding = only(service)
    assert finding.sentence == f"{told}connection refused"
    assert finding.evidence == (f"{told.strip(': ')} read at {APP}/version.json",)
    assert finding.fix == f"curl -v {APP}/version.json"


def test_a_witness_without_an_address_has_no_evidence() -> None:
    assert only(backend(planes=(unreadable(url=""),))).evidence == ()


def test_a_page_behind_a_dead_edge_is_masked_by_it() -> None:
    edge, masked = found(frontend(edge=unreadable(), page=unreadable()))
    assert (edge.code, masked.code) == (Code.UNREACHABLE, Code.MASKED)
    assert masked.sentence == "the page could not be looked at: masked by unreachable at the edge"


@pytest.mark.parametrize(
    ("edge", "seen"),
    [
        pytest.param(Code.UNREACHABLE, Code.UNAUTHORIZED, id="another cause"),
        pytest.param(Code.NOT_JSON, Code.NOT_JSON, id="a cause of its own"),
    ],
)
def test_a_page_with_a_cause_of_its_own_is_not_masked(edge: Code, seen: Code) -> None:
    told = [each.code for each in found(frontend(edge=unreadable(edge), page=unreadable(seen)))]
    assert told == [edge, seen]


@pytest.mark.parametrize(
    ("service", "witness"),
    [
        pytest.param(backend(planes=()), "control-plane", id="control plane"),
        pytest.param(backend(witnesses=frozenset({"edge", "origin"}), planes=()), "origin", id="o"),
        pytest.param(backend(edge=None), "edge", id="edge"),
        pytest.param(frontend(page=None), "page", id="page"),
    ],
)
def test_a_declared_witness_that_nobody_heard_is_unknown(
    service: ServiceSurvey, witness: str
) -> None:
    finding = only(service)
    assert (finding.code, finding.severity) == (Code.UNREACHABLE, Severity.UNKNOWN)
    assert finding.sentence.startswith(f"{witness}: ")


def test_an_origin_is_lost_with_the_control_plane_that_knows_its_address() -> None:
    every = frozenset({"control-plane", "origin", "edge"})
    assert only(backend(witnesses=every, planes=(unreadable(),))).sentence.startswith("control")


def test_a_serving_revision_that_nothing_names_is_told() -> None:
    finding = only(split((None, 100)))
    assert finding.code is Code.NO_VERSION_DOCUMENT
    assert finding.sentence == (
        "nothing names the build of acme-api-00009, which gets 100% of traffic"
    )
    assert finding.fix == "deploy with --labels=commit-sha=SHA or env BUILD_SHA (acme-api)"


@pytest.mark.parametrize(
    ("service", "told"),
    [
        pytest.param(split((None, 100), origins=(origin(),)), 0, id="alone, named by the origin"),
        pytest.param(split((NEW, 9), (None, 1), origins=(origin(),)), 1, id="beside another"),
        pytest.param(
            split((None, 100), origins=(origin(), origin(document(OLD)))), 1, id="named twice"
        ),
        pytest.param(split((NEW, 100), (None, 0)), 0, id="without traffic"),
        pytest.param(backend(planes=(plane(targets=[target("gone")]),)), 1, id="not listed"),
    ],
)
def test_a_nameless_revision_is_told_unless_a_read_surely_names_it(
    service: ServiceSurvey, told: int
) -> None:
    assert [each.code for each in found(service)] == [Code.NO_VERSION_DOCUMENT] * told


@pytest.mark.parametrize(
    ("service", "where"),
    [
        pytest.param(
            backend(planes=(plane(revision(build=SHORT)),)), "label commit-sha of", id="revision"
        ),
        pytest.param(
            split((None, 100), origins=(origin(document(SHORT)),)), "origin names", id="origin"
        ),
        pytest.param(backend(edge=document(SHORT)), "edge names", id="edge"),
        pytest.param(frontend(page=page(SHORT)), "page names", id="page"),
    ],
)
def test_a_name_that_git_does_not_know_is_told_with_its_place(
    service: ServiceSurvey, where: str
) -> None:
    builds = {(service.name, SHORT): UNKNOWN_TO_GIT, (service.name, NEW): NEW}
    finding = only(service, builds=builds)
    assert finding.code is Code.BUILD_NOT_IN_REPOSITORY
    assert finding.sentence.startswith(where)
    assert finding.sentence.endswith("abcdef0: no such commit here")
    assert finding.fix == "git fetch --unshallow"


def test_one_unknown_name_at_several_places_is_told_once() -> None:
    finding = only(frontend(edge=document(UUID), page=page(UUID)), builds={})
    assert finding.evidence == (f"full name: {UUID}",)
    assert "is not a commit" in finding.sentence


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        pytest.param(page(None), "the page at https://app.staging", id="names no build"),
        pytest.param(
            page(required=("jwt",), missing=("jwt",), unread=("a.js: HTTP 503",)),
            "jwt was not found, and a.js: HTTP 503 could not be read",
            id="a script was not read",
        ),
    ],
)
def test_a_page_that_proves_nothing_is_unproven(seen: PageReading, told: str) -> None:
    finding = only(frontend(page=seen))
    assert finding.code is Code.PAGE_UNPROVEN
    assert finding.sentence.startswith(told)


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(page(), id="it names its build"),
        pytest.param(page(None, required=("jwt",)), id="it has all that it must contain"),
        pytest.param(page(unread=("a.js: HTTP 503",)), id="nothing was looked for in vain"),
        pytest.param(page(required=("jwt",), missing=("jwt",)), id="what lacks is known"),
    ],
)
def test_a_page_is_not_doubted_where(seen: PageReading) -> None:
    assert found(frontend(page=seen)) == []


def test_witnesses_left_out_on_purpose_are_noticed() -> None:
    finding = only(backend(undeclared=("origin", "page")))
    assert (finding.code, finding.severity) == (Code.WITNESS_NOT_DECLARED, Severity.NOTICE)
    assert finding.sentence == "not looked at, by services.backend.witnesses: origin, page"


def test_what_an_origin_answers_counts_as_read() -> None:
    read = OriginReading(revision="", reading=document(url=f"{API}/__version__"))
    every = frozenset({"control-plane", "origin", "edge"})
    assert found(backend(witnesses=every, origins=(read,))) == []


def test_a_reason_for_not_reading_is_never_a_mere_notice() -> None:
    with pytest.raises(ValueError, match="no reason why nothing could be read"):
        unreadable(cause=Code.SPLIT_TRAFFIC)
