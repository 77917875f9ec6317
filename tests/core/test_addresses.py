"""Some URLs without a manifest: only what they say of themselves, and never a guess."""

from typing import Any

import pytest

from skewcheck.core.addresses import judge_addresses, survey_addresses
from skewcheck.core.build import Build, OpaqueId, ShortSha
from skewcheck.core.findings import Code, Severity, Verdict
from skewcheck.core.judge import Judgement
from skewcheck.core.live import live_clients
from skewcheck.core.reading import ProtocolClaim
from skewcheck.core.survey import ServiceSurvey, Survey
from tests.builders import (
    API,
    APP,
    NEW,
    NEW_FORMAT,
    NOW,
    OLD,
    OLD_FORMAT,
    document,
    page,
    unreadable,
)
from tests.core.minimal_worlds import claims, codes, the

CLIENT = claims("2.1", fingerprint=NEW_FORMAT)
SERVER = claims("2.1", role="server", accepts=">=2,<3", fingerprint=NEW_FORMAT)
UUID = OpaqueId("4a0c3b1e-0000-4000")
OTHER_UUID = OpaqueId("5b1d4c2f-0000-4000")


def web(*said: ProtocolClaim, build: Build = NEW, **changed: Any) -> ServiceSurvey:
    parts: dict[str, Any] = {
        "edge": document(build, protocols=said or (CLIENT,)),
        "page": page(build),
    } | changed
    return ServiceSurvey(name="web", promise=None, witnesses=frozenset({"edge", "page"}), **parts)


def api(*said: ProtocolClaim, **changed: Any) -> ServiceSurvey:
    parts: dict[str, Any] = {"edge": document(OLD, protocols=said or (SERVER,))} | changed
    return ServiceSurvey(name="api", promise=None, witnesses=frozenset({"edge"}), **parts)


def survey_of(*services: ServiceSurvey) -> Survey:
    seen = {each.name: each for each in services}
    return survey_addresses(seen, {name: APP if name == "web" else API for name in seen}, NOW)


def look(*services: ServiceSurvey) -> Judgement:
    return judge_addresses(survey_of(*services))


def test_two_urls_that_share_a_protocol_are_compared_by_their_own_word() -> None:
    seen = survey_of(web(), api())
    assert list(seen.manifest.links) == ["chat: web to api"]
    judgement = judge_addresses(seen)
    assert (judgement.verdict, judgement.findings) == (Verdict.PASS, ())


def test_a_version_that_the_server_does_not_accept_is_skew() -> None:
    assert the(Code.PROTOCOL_SKEW, look(web(claims("1.0")), api())).subject == "chat: web to api"


def test_equal_versions_with_different_formats_are_skew() -> None:
    judgement = look(web(claims("2.1", fingerprint=OLD_FORMAT)), api())
    assert the(Code.FORMAT_SKEW, judgement).severity is Severity.BLOCK


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(claims("", role="server"), id="no version"),
        pytest.param(claims("2.1", role="server"), id="no range"),
        pytest.param(claims("2.1", role="server", accepts=","), id="no range worth the name"),
    ],
)
def test_a_server_that_does_not_say_what_it_accepts_is_unknown(said: ProtocolClaim) -> None:
    judgement = look(web(), api(said))
    assert the(Code.CONTRACT_MISSING, judgement).severity is Severity.UNKNOWN
    assert judgement.verdict is Verdict.INCONCLUSIVE


def test_urls_that_share_no_protocol_prove_nothing() -> None:
    judgement = look(web(ProtocolClaim(name="login", role="client", version="1.0")), api())
    assert the(Code.NOTHING_TO_CHECK, judgement).subject == "urls"
    assert look().verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    "unmet",
    [
        pytest.param(ProtocolClaim(name="login", role="client", version="1.0"), id="no server"),
        pytest.param(ProtocolClaim(name="login", version="1.0"), id="no role"),
    ],
)
def test_a_protocol_without_its_other_side_is_not_forgotten_beside_one_that_fits(
    unmet: ProtocolClaim,
) -> None:
    judgement = look(web(CLIENT, unmet), api())
    assert the(Code.NOTHING_TO_CHECK, judgement).subject == "web"
    assert judgement.verdict is Verdict.INCONCLUSIVE


def test_a_server_that_nobody_here_talks_to_breaks_nobody() -> None:
    idle = ProtocolClaim(name="login", role="server", version="1.0")
    assert look(web(), api(SERVER, idle)).verdict is Verdict.PASS


def test_a_service_that_is_both_sides_does_not_talk_to_itself() -> None:
    judgement = look(web(CLIENT, SERVER), api())
    assert [link.link for link in judgement.matrix] == ["chat: web to api"]


def test_a_url_that_does_not_answer_is_unknown() -> None:
    third = ServiceSurvey(
        name="auth", promise=None, witnesses=frozenset({"edge"}), edge=unreadable()
    )
    judgement = look(web(), api(), third)
    assert the(Code.UNREACHABLE, judgement).subject == "auth"
    assert judgement.verdict is Verdict.INCONCLUSIVE


def test_equal_placeholders_on_both_sides_never_count_as_equal() -> None:
    judgement = look(
        web(edge=unreadable(Code.PLACEHOLDER_BUILD), page=page(None)),
        api(edge=unreadable(Code.PLACEHOLDER_BUILD)),
    )
    assert judgement.verdict is Verdict.INCONCLUSIVE
    assert Code.PLACEHOLDER_BUILD in codes(judgement)


def test_a_page_of_another_build_is_stale_and_what_it_speaks_is_unknown() -> None:
    judgement = look(web(page=page(OLD)), api())
    assert the(Code.STALE_EDGE, judgement).subject == "web"
    assert "does not say what it speaks" in the(Code.CONTRACT_MISSING, judgement).sentence


def test_a_client_whose_page_names_no_build_is_unproven() -> None:
    assert the(Code.PAGE_UNPROVEN, look(web(page=page(None)), api())).subject == "web"


@pytest.mark.parametrize(
    ("document_says", "page_says"),
    [
        pytest.param(NEW, ShortSha(NEW.short), id="a short commit in the page"),
        pytest.param(ShortSha(NEW.short), NEW, id="a short commit in the document"),
        pytest.param(ShortSha(NEW.short), ShortSha(NEW.value[:12]), id="two short ones"),
        pytest.param(UUID, UUID, id="an opaque id"),
    ],
)
def test_two_names_of_one_build_agree(document_says: Build, page_says: Build) -> None:
    service = web(build=document_says, page=page(page_says))
    judgement = look(service, api())
    assert (judgement.verdict, judgement.findings) == (Verdict.PASS, ())


@pytest.mark.parametrize(
    ("document_says", "page_says"),
    [
        pytest.param(UUID, OTHER_UUID, id="two opaque ids"),
        pytest.param(NEW, ShortSha(OLD.short), id="a short commit of another build"),
    ],
)
def test_two_names_of_one_kind_that_differ_are_two_builds(
    document_says: Build, page_says: Build
) -> None:
    judgement = look(web(build=document_says, page=page(page_says)), api())
    assert Code.STALE_EDGE in codes(judgement)


@pytest.mark.parametrize(
    ("document_says", "page_says"),
    [
        pytest.param(NEW, UUID, id="an opaque id in the page"),
        pytest.param(UUID, NEW, id="an opaque id in the document"),
    ],
)
def test_a_commit_and_an_opaque_id_neither_agree_nor_differ(
    document_says: Build, page_says: Build
) -> None:
    seen = survey_of(web(build=document_says, page=page(page_says)), api())
    judgement = judge_addresses(seen)
    assert judgement.verdict is Verdict.INCONCLUSIVE
    assert Code.STALE_EDGE not in codes(judgement)
    assert None in {each.build for each in live_clients(seen, "web")}


def test_environments_that_differ_are_told_once() -> None:
    here = document(protocols=(CLIENT,), environment="staging")
    there = document(OLD, protocols=(SERVER,), environment="Production")
    told = the(Code.WRONG_ENVIRONMENT, look(web(edge=here), api(edge=there)))
    assert told.sentence == "web says staging, api says Production"
    same = document(OLD, protocols=(SERVER,), environment="STAGING")
    assert look(web(edge=here), api(edge=same)).verdict is Verdict.PASS
