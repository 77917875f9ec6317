"""Do the services answer what they are asked?"""

from typing import Any

import pytest

from skewcheck.core.checkup.check import Check, Name, State
from skewcheck.core.checkup.endpoints import check_endpoints
from skewcheck.core.exposed.health_document import Dependency, Health
from skewcheck.core.findings import Code
from skewcheck.core.survey import Survey
from tests.builders import (
    NOW,
    OLD,
    backend,
    document,
    frontend,
    origin,
    page,
    service_survey,
    survey,
    unreadable,
)
from tests.core.checkup.worlds import facts, only, states


def checks_of(seen: Survey | None = None, **changed: Any) -> list[Check]:
    return list(check_endpoints(facts(seen, **changed)))


def checked(name: Name, subject: str, seen: Survey, **changed: Any) -> Check:
    return only(checks_of(seen, **changed), name, subject)


def health(*states: Dependency) -> Health:
    return Health(url="https://api.example/health", status=200, states=states, read_at=NOW)


def test_what_answers_is_well() -> None:
    assert states(checks_of()) == {
        ("version-document", "frontend"): State.OK,
        ("version-caching", "frontend"): State.OK,
        ("page", "frontend"): State.OK,
        ("control-plane", "backend"): State.OK,
        ("version-document", "backend"): State.OK,
        ("version-caching", "backend"): State.OK,
    }


def test_the_control_plane_is_told_by_its_address() -> None:
    assert checked(Name.CONTROL_PLANE, "backend", survey()).told == "acme-api in us-central1"


@pytest.mark.parametrize(
    ("cause", "state"),
    [
        (Code.UNAUTHORIZED, State.BAD),
        (Code.NOT_DEPLOYED, State.BAD),
        (Code.UNREACHABLE, State.UNKNOWN),
    ],
)
def test_a_control_plane_that_cannot_be_read_is_told_with_its_cure(
    cause: Code, state: State
) -> None:
    seen = survey(backend(planes=(unreadable(cause, detail="no", fix="mend it"),)))
    check = checked(Name.CONTROL_PLANE, "backend", seen)
    assert (check.state, check.told, check.fix) == (state, "no", "mend it")


def test_without_credentials_a_control_plane_is_not_asked() -> None:
    refused = unreadable(Code.UNAUTHORIZED, fix="gcloud auth application-default login")
    check = checked(Name.CONTROL_PLANE, "backend", survey(), no_sign_in=refused)
    assert (check.state, check.fix) == (State.UNKNOWN, "gcloud auth application-default login")


def test_a_version_document_is_read_at_every_place() -> None:
    seen = survey(backend(origins=(origin(), origin(document(OLD), revision="acme-api-1"))))
    check = checked(Name.VERSION_DOCUMENT, "backend", seen)
    assert check.told == "01d01d0, 9e39e39 at edge and origin and origin acme-api-1"


def test_an_origin_that_cannot_be_read_is_bad_though_the_edge_can() -> None:
    seen = survey(backend(origins=(origin(unreadable(Code.HTML_INSTEAD_OF_JSON)),)))
    check = checked(Name.VERSION_DOCUMENT, "backend", seen)
    assert (check.state, check.told) == (State.BAD, "origin: connection refused")
    assert checked(Name.VERSION_CACHING, "backend", seen).state is State.OK


def test_of_a_document_that_nobody_read_nothing_is_said_about_caches() -> None:
    seen = survey(backend(edge=unreadable()))
    assert ("version-caching", "backend") not in states(checks_of(seen))


def test_a_witness_that_is_not_heard_is_not_checked() -> None:
    seen = survey(service_survey("backend"), frontend(page=None))
    assert {subject for _, subject in states(checks_of(seen))} == {"frontend"}


def test_a_document_that_caches_may_keep_will_lie() -> None:
    kept = document(cacheable="max-age=3600")
    check = checked(Name.VERSION_CACHING, "frontend", survey(frontend(edge=kept)))
    assert check.state is State.BAD
    assert "(max-age=3600)" in check.told
    assert check.fix == "serve it with Cache-Control: no-store"


def test_a_page_proves_its_build_or_holds_what_it_must() -> None:
    assert checked(Name.PAGE, "frontend", survey()).told == "names 9e39e39"
    searched = survey(frontend(page=page(None, required=("jwt-auth",))))
    assert checked(Name.PAGE, "frontend", searched).told == "looked through for jwt-auth"


def test_a_page_that_names_no_build_is_told_what_to_add() -> None:
    check = checked(Name.PAGE, "frontend", survey(frontend(page=page(None))))
    assert check.state is State.BAD
    assert '<meta name="build-sha"' in check.fix


def test_a_page_of_which_a_script_cannot_be_read_proves_nothing() -> None:
    half = page(None, required=("jwt",), missing=("jwt",), unread=("app.js: timed out",))
    check = checked(Name.PAGE, "frontend", survey(frontend(page=half)))
    assert (check.state, "curl" in check.fix) == (State.BAD, True)


def test_a_page_that_does_not_answer_is_unknown() -> None:
    check = checked(Name.PAGE, "frontend", survey(frontend(page=unreadable())))
    assert check.state is State.UNKNOWN


def test_another_services_page_is_not_this_ones() -> None:
    seen = survey(backend(page=page()), frontend(page=page(None)))
    assert checked(Name.PAGE, "backend", seen).state is State.OK


def test_health_names_what_it_vouches_for() -> None:
    well = {"backend": health(Dependency("threads", "available", "ok"))}
    assert checked(Name.HEALTH, "backend", survey(), health=well).told == "threads available"
    bare = {"backend": health()}
    assert checked(Name.HEALTH, "backend", survey(), health=bare).told == (
        "https://api.example/health answers"
    )


def test_a_dependency_that_is_down_or_unsaid_is_bad() -> None:
    down = {"backend": health(Dependency("threads", "unavailable", "down"))}
    check = checked(Name.HEALTH, "backend", survey(), health=down)
    assert (check.state, "says down of threads" in check.told) == (State.BAD, True)
    unsaid = {"backend": health(Dependency("threads", "unsaid"))}
    check = checked(Name.HEALTH, "backend", survey(), health=unsaid)
    assert "says nothing of threads" in check.told
    assert check.fix == "mend threads, or correct services.backend.health.requires"


def test_a_health_document_that_cannot_be_read_is_told() -> None:
    gone = {"backend": unreadable(Code.EVIDENCE_MISSING)}
    assert checked(Name.HEALTH, "backend", survey(), health=gone).state is State.BAD
