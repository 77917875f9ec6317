"""Who is asked, as whom, and what the first answers lead to."""

from typing import Any

import pytest

from skewcheck.core.answer import FailureKind
from skewcheck.core.control_plane import Target
from skewcheck.core.findings import Code, Verdict
from skewcheck.core.question import CandidateWanted
from skewcheck.core.reading import Page, Unreadable, VersionDocument
from tests.builders import NOW
from tests.fakes import Asked, FakeWorld, Reply
from tests.flows.worlds import API, API_ORIGIN, APP, WEB_ORIGIN, Acme, codes, manifest, page
from tests.flows.worlds import version_document as document


def changed_service(name: str, **changed: Any) -> dict[str, Any]:
    written = manifest()
    written["services"][name] |= changed
    return written


def test_the_edge_is_read_as_a_browser_and_the_origin_is_not() -> None:
    acme = Acme()
    acme.report()
    asked = acme.world.http.asked
    assert Asked(f"{APP}/version.json", as_browser=True) in asked
    assert Asked(f"{APP}/", as_browser=True) in asked
    assert Asked(f"{WEB_ORIGIN}/version.json", as_browser=False) in asked


def test_services_of_all_links_are_asked_for_in_one_question() -> None:
    acme = Acme()
    acme.report()
    assert sorted(each.service for each in acme.world.platform.asked) == ["api", "web"]


def test_nobody_reads_past_a_cache_that_names_what_serves() -> None:
    acme = Acme()
    report = acme.report()
    assert not [url for url in acme.world.http.urls() if "?" in url]
    assert report.survey.services["web"].beyond is None


def test_a_doubtful_edge_is_read_past_its_cache() -> None:
    acme = Acme()
    acme.answer(f"{APP}/version.json", document(acme.old), document(acme.new))
    report = acme.report()
    beyond = [url for url in acme.world.http.urls() if "?" in url]
    assert beyond == [f"{APP}/version.json?skewcheck={int(NOW.timestamp())}"]
    found = report.survey.services["web"].beyond
    assert isinstance(found, VersionDocument)
    assert found.build.build == acme.new
    assert codes(report) >= {Code.STALE_EDGE}


def test_an_abbreviated_name_of_what_serves_is_no_doubt() -> None:
    acme = Acme()
    acme.answer(f"{APP}/version.json", document(acme.new.value[:12]))
    assert acme.report().verdict is Verdict.PASS
    assert not [url for url in acme.world.http.urls() if "?" in url]


def test_serving_revisions_are_asked_at_their_own_tag_urls() -> None:
    acme = Acme()
    tagged = "https://old---api-x.a.run.app"
    targets = (
        Target(revision="api-2", percent=90),
        Target(revision="api-1", percent=10),
        Target(revision="api-1", percent=0, tag="old", url=f"{tagged}/"),
        Target(revision="api-0", percent=0, tag="gone", url="https://gone---api-x.a.run.app"),
    )
    acme.run("api", acme.new, acme.old, targets=targets)
    acme.answer(f"{tagged}/version.json", document(acme.old))
    report = acme.report()
    origins = report.survey.services["api"].origins
    assert [each.revision for each in origins] == ["", "api-1"]
    assert f"{tagged}/version.json" in acme.world.http.urls()
    assert not [url for url in acme.world.http.urls() if "gone---" in url]


def test_without_a_version_path_the_known_ones_are_tried_and_the_origin_follows_the_edge() -> None:
    written = manifest()
    del written["services"]["api"]["version_path"]
    acme = Acme(written=written)
    acme.report()
    asked = [each for each in acme.world.http.asked if each.url.startswith((API, API_ORIGIN))]
    assert asked == [
        Asked(f"{API}/__version__", as_browser=True),
        Asked(f"{API}/version.json", as_browser=True),
        Asked(f"{API_ORIGIN}/version.json", as_browser=False),
    ]


def test_a_host_that_is_down_is_not_asked_for_every_known_path() -> None:
    written = manifest()
    del written["services"]["api"]["version_path"]
    acme = Acme(written=written)
    acme.answer(f"{API}/__version__", Reply(fails=FailureKind.TIMEOUT))
    report = acme.report()
    assert [url for url in acme.world.http.urls() if url.startswith(API)] == [f"{API}/__version__"]
    assert codes(report, "api") == {Code.UNREACHABLE}


def test_assets_are_loaded_from_hosts_that_the_manifest_names_and_from_no_other() -> None:
    acme = Acme(written=changed_service("web", page={"must_contain": ["jwt-auth"]}))
    acme.answer(f"{APP}/", page(acme.new, "/app.js", f"{API}/lib.js", "https://cdn.example/x.js"))
    acme.answer(f"{APP}/app.js", Reply(body=b"'jwt-auth'"))
    acme.answer(f"{API}/lib.js", Reply(body=b"1"))
    report = acme.report()
    assert {f"{APP}/app.js", f"{API}/lib.js"} <= set(acme.world.http.urls())
    assert not [url for url in acme.world.http.urls() if "cdn.example" in url]
    read = report.survey.services["web"].page
    assert isinstance(read, Page)
    assert read.unread == ("https://cdn.example/x.js: not read",)


def test_a_page_with_thousands_of_scripts_is_not_followed_without_end() -> None:
    acme = Acme()
    acme.answer(f"{APP}/", page(acme.new, *(f"/{index}.js" for index in range(1000))))
    acme.report()
    assert 50 < len([url for url in acme.world.http.urls() if url.endswith(".js")]) < 100


def test_witnesses_that_are_not_declared_are_not_heard_and_that_is_told() -> None:
    acme = Acme(written=changed_service("api", witnesses=["control-plane", "edge"]))
    report = acme.report()
    assert report.survey.services["api"].origins == ()
    assert not [url for url in acme.world.http.urls() if url.startswith(API_ORIGIN)]
    assert codes(report, "api") == {Code.WITNESS_NOT_DECLARED}
    assert report.verdict is Verdict.PASS


def refused(world: FakeWorld, service: str) -> None:
    world.platform.planes[service] = Unreadable(
        url="https://run.googleapis.com",
        cause=Code.UNAUTHORIZED,
        detail="lacks run.services.get",
        fix="grant it",
        read_at=NOW,
    )


@pytest.mark.parametrize("witnesses", [None, ["origin", "edge"]], ids=["heard", "not heard"])
def test_a_control_plane_that_refuses_is_never_a_pass(witnesses: list[str] | None) -> None:
    """Also where only the origin, whose address it holds, was to be heard."""
    acme = Acme(written=changed_service("api", **({"witnesses": witnesses} if witnesses else {})))
    refused(acme.world, "api")
    report = acme.report()
    assert report.verdict is Verdict.INCONCLUSIVE
    assert Code.UNAUTHORIZED in codes(report, "api")


def test_an_internal_ingress_names_the_witnesses_to_declare() -> None:
    acme = Acme()
    acme.run("api", acme.new, internal=True)
    report = acme.report()
    (finding,) = report.findings
    assert (finding.code, finding.subject) == (Code.UNREACHABLE, "api")
    assert "witnesses: [control-plane, edge]" in finding.fix


def test_a_candidate_is_read_where_it_already_answers() -> None:
    acme = Acme()
    url = "https://c---api-x.a.run.app"
    acme.answer(f"{url}/version.json", document(acme.new))
    wanted = CandidateWanted(service="api", named=acme.new.value, url=f"{url}/")
    report = acme.report(wanted)
    assert Asked(f"{url}/version.json", as_browser=False) in acme.world.http.asked
    assert report.verdict is Verdict.PASS
    assert Code.CANDIDATE_NOT_PROBED not in codes(report)


def test_a_candidate_url_that_answers_with_another_build_blocks() -> None:
    acme = Acme()
    url = "https://c---api-x.a.run.app"
    acme.answer(f"{url}/version.json", document(acme.old))
    report = acme.report(CandidateWanted(service="api", named="main", url=url))
    assert report.verdict is Verdict.BLOCK
    assert Code.NOT_DEPLOYED in codes(report, "api")
