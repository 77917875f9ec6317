"""Status without a manifest: strangers' URLs, and what they say of themselves."""

from skewcheck.core.findings import Code, Verdict
from skewcheck.core.report import Report
from skewcheck.flows.addresses import check_addresses
from tests.builders import NEW, OLD
from tests.fakes import FakeClock, FakeHttp, Reply
from tests.flows.worlds import API, APP, codes, page, version_document

FORMAT, OTHER = "sha256:" + "a" * 64, "sha256:" + "b" * 64


def look(client: str = FORMAT, server: str = FORMAT, **replies: Reply) -> tuple[Report, FakeHttp]:
    said = {"name": "chat", "version": "2.1"}
    speaks = [said | {"role": "client", "fingerprint": client}]
    accepts = [said | {"role": "server", "accepts": ">=2,<3", "fingerprint": server}]
    clock = FakeClock()
    known = {
        "web": version_document(NEW, protocols=speaks),
        "page": page(NEW),
        "api": version_document(NEW, protocols=accepts),
    } | replies
    http = FakeHttp(
        clock,
        {
            f"{APP}/__version__": known["web"],
            f"{APP}/": known["page"],
            f"{API}/__version__": known["api"],
        },
    )
    return check_addresses(http, clock, {"web": f"{APP}/", "api": API}, {}), http


def test_two_urls_that_speak_the_same_pass() -> None:
    report, _ = look()
    assert (report.verdict, report.findings) == (Verdict.PASS, ())


def test_two_urls_that_speak_different_formats_block() -> None:
    report, _ = look(server=OTHER)
    assert report.verdict is Verdict.BLOCK
    assert codes(report) == {Code.FORMAT_SKEW}


def test_a_page_older_than_its_version_document_is_a_stale_edge() -> None:
    report, _ = look(page=page(OLD))
    assert Code.STALE_EDGE in codes(report, "web") | codes(report)
    assert report.verdict is Verdict.BLOCK


def test_a_client_without_a_page_is_not_proven() -> None:
    report, _ = look(page=Reply(status=404))
    assert report.verdict is Verdict.INCONCLUSIVE


def test_an_api_owes_no_page() -> None:
    report, http = look()
    assert report.survey.services["api"].page is None
    assert f"{API}" in http.urls() or f"{API}/" in http.urls()


def test_urls_that_share_no_protocol_prove_nothing() -> None:
    report, _ = look(api=version_document(NEW))
    assert codes(report) == {Code.NOTHING_TO_CHECK}


def test_assets_of_other_hosts_are_left_alone() -> None:
    report, http = look(page=page(NEW, "https://elsewhere.example/x.js", "/app.js"))
    assert f"{APP}/app.js" in http.urls()
    assert "https://elsewhere.example/x.js" not in http.urls()
    assert report.survey.services["web"].page is not None
