"""Reports as real tools write them, and what is refused and why."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.build import BuildName, OpaqueId, ShortSha
from skewcheck.core.evidence.case import Evidence, State
from skewcheck.core.evidence.junit import MAX_BYTES, read_junit
from tests.core.evidence.reports import (
    FILE,
    GOOGLETEST,
    GOTESTSUM,
    JEST,
    OTHER,
    PHPUNIT,
    PLAYWRIGHT,
    PYTEST,
    REAL,
    SHA,
    SUREFIRE,
    one_test,
    read,
    sha,
    suite,
    why_not,
)


def states(xml: str) -> dict[str, tuple[State, str]]:
    return {case.name: (case.state, case.why) for case in read(xml).cases}


def test_pytest_reports_are_read_whole() -> None:
    assert states(PYTEST) == {
        "test_round_trip": ("ran", ""),
        "test_reconnects[staging]": ("ran", ""),
        "test_auth": ("failed", "AssertionError: assert 1008 == 1000 where 1008 = close code"),
        "test_logs": ("failed", "failed on setup with \"fixture 'logs' not found\""),
        "test_events": ("skipped", "needs staging credentials"),
        "test_order": ("skipped", "pytest.xfail"),
    }
    first = read(PYTEST).cases[0]
    assert first.id == ("tests.e2e.test_chat", "test_round_trip")
    assert (first.suite, first.assertions, first.flaky) == ("pytest", None, False)
    assert first.commits == (sha(),)


def test_jest_reports_are_read_whole() -> None:
    assert states(JEST) == {
        "chat socket opens": ("ran", ""),
        "chat socket [wss] welcomes": ("ran", ""),
        "chat socket retries": ("skipped", ""),
    }


def test_surefire_reports_tell_flaky_tests_from_failed_ones() -> None:
    said = "org.opentest4j.AssertionFailedError: expected: <1000> but was: <1008>"
    assert states(SUREFIRE)["authenticates"] == ("failed", said)
    flaky = {case.name: case.flaky for case in read(SUREFIRE).cases}
    assert flaky == {"opens": False, "welcomes": True, "reconnects": True, "authenticates": False}
    assert read(SUREFIRE).commits == (BuildName(ShortSha(SHA[:12])),)


def test_a_go_test_that_failed_before_it_was_run_again_failed() -> None:
    assert states(GOTESTSUM) == {
        "TestChat": ("ran", ""),
        "TestChat/welcome": ("failed", "Failed"),
    }


def test_phpunit_reports_count_assertions_in_suites_of_suites() -> None:
    report = read(PHPUNIT)
    assert {case.name: case.assertions for case in report.cases} == {
        "testOpens": 2,
        "testWelcomes": 0,
        "testCloses with data set #0": 1,
    }
    assert {case.commits for case in report.cases} == {(sha(),)}


def test_playwright_reports_may_name_the_commit_in_a_test_and_quote_html() -> None:
    assert states(PLAYWRIGHT) == {
        "chat \u203a round trip": ("ran", ""),
        "chat \u203a reconnects": ("skipped", ""),
    }


def test_googletest_reports_say_disabled_by_status() -> None:
    assert states(GOOGLETEST) == {
        "Opens": ("ran", ""),
        "DISABLED_Welcomes": ("disabled", 'status="notrun"'),
        "Closes": ("skipped", "chat_test.cc:9 no network"),
        "Retries": ("ran", ""),
    }


@pytest.mark.parametrize("xml", REAL.values(), ids=REAL)
def test_every_real_report_names_its_commit(xml: str) -> None:
    assert [str(name.build) for name in read(xml).commits] in ([SHA], [SHA[:12]])


def test_a_test_that_a_suite_may_count_among_the_disabled_did_not_run() -> None:
    xml = suite(one_test("a"), one_test("b", "<failure/>"), attributes='disabled="1"')
    why = "its suite counts 1 disabled and does not say which"
    assert states(xml) == {"a": ("disabled", why), "b": ("failed", "")}


def test_different_commits_in_one_report_are_all_kept_and_each_suite_knows_its_own() -> None:
    one = suite(one_test("a"), commit=SHA)
    other = suite(one_test("b"), commit=f"{OTHER}-dirty")
    third = suite(one_test("c"), commit="1795438840332")
    report = read(f"<testsuites>{one}{other}{third}{suite(one_test('d'))}</testsuites>")
    opaque = BuildName(OpaqueId("1795438840332"))
    assert report.commits == (sha(), sha(OTHER, dirty=True), opaque)
    assert [case.commits for case in report.cases] == [
        (sha(),),
        (sha(OTHER, dirty=True),),
        (opaque,),
        (),
    ]


def test_a_placeholder_names_no_commit_and_is_remembered() -> None:
    report = read(suite(one_test("a"), commit="$COMMIT_SHA"))
    assert (report.commits, report.unnamed) == ((), ("$COMMIT_SHA",))
    (shown,) = read(suite(one_test("a"), commit="$\u202e" + "x" * 200)).unnamed
    assert shown.startswith("$\\u202exxx")
    assert len(shown) == 120


def test_tests_without_a_suite_a_name_or_a_class_are_read() -> None:
    report = read('<testsuites><testcase/><testcase name="a" assertions="-1"/></testsuites>')
    assert [(case.id, case.assertions) for case in report.cases] == [
        (("", ""), None),
        (("", "a"), None),
    ]


def test_a_report_without_tests_is_readable() -> None:
    assert read("<testsuites/>") == Evidence(file=FILE, cases=())


@pytest.mark.parametrize(
    "encode",
    [
        pytest.param(lambda text: text.encode("utf-8-sig"), id="byte order mark"),
        pytest.param(lambda text: text.encode("utf-16"), id="UTF-16"),
        pytest.param(
            lambda text: f'<?xml version="1.0" encoding="iso-8859-1"?>{text}'.encode("latin-1"),
            id="Latin-1",
        ),
        pytest.param(
            lambda text: text.replace("<testsuite", '<testsuite xmlns="urn:junit"').encode(),
            id="a namespace",
        ),
    ],
)
def test_reports_are_read_whatever_their_encoding(encode: object) -> None:
    assert callable(encode)
    report = read_junit(encode(suite(one_test("grün"))), file=FILE)
    assert isinstance(report, Evidence)
    assert [case.name for case in report.cases] == ["grün"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"\xef\xbb\xbf \r\n" * 400, "the file is empty", id="blank"),
        pytest.param(b"<!DOCTYPE html><p>Sign in", "an HTML page, not a test report", id="HTML"),
        pytest.param(b"\n<HTML lang=de>", "an HTML page, not a test report", id="HTML, no doctype"),
        pytest.param(
            b"<testsuite><testcase></testsuite>",
            "broken XML: mismatched tag: line 1, column 23",
            id="mismatched tags",
        ),
        pytest.param(
            PYTEST.encode()[:-40],
            "broken XML: unclosed token: line 15, column 73",
            id="cut off",
        ),
        pytest.param(
            b'{"tests": 3}',
            "broken XML: not well-formed (invalid token): line 1, column 0",
            id="JSON",
        ),
        pytest.param(
            b"<testsuite>&lol;</testsuite>",
            "broken XML: undefined entity: line 1, column 11",
            id="entity",
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="nope"?><testsuite/>',
            "broken XML: unknown encoding: nope",
            id="unknown encoding",
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="shift_jis"?><testsuite/>',
            "broken XML: multi-byte encodings are not supported",
            id="encoding of many bytes",
        ),
        pytest.param(
            b'<coverage line-rate="1"/>',
            "its root is <coverage>, not <testsuites> or <testsuite>",
            id="another kind of report",
        ),
    ],
)
def test_what_is_no_report_is_refused_with_the_reason(content: bytes, why: str) -> None:
    assert why_not(content) == why


BOMB = '<!DOCTYPE testsuite [<!ENTITY a "aaa"><!ENTITY b "&a;&a;">]><testsuite name="&b;"/>'


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(BOMB.encode(), id="UTF-8"),
        pytest.param(BOMB.encode("utf-16"), id="UTF-16"),
        pytest.param(b"<?xml version='1.0'?>\n" + BOMB.encode(), id="after a declaration"),
        pytest.param(b'<!DOCTYPE testsuite SYSTEM "junit.dtd"><testsuite/>', id="outside"),
    ],
)
def test_a_document_type_is_refused_in_whatever_encoding(content: bytes) -> None:
    assert why_not(content) == "declares a document type (DTD), which no test report needs"


def test_the_reason_is_short() -> None:
    assert len(why_not(f"<{'x' * 500}/>".encode())) == 120


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    assert why_not(b"<" * (MAX_BYTES + 1)) == f"{MAX_BYTES + 1} bytes; at most {MAX_BYTES} are read"
    assert "broken XML" in why_not(b"<" * MAX_BYTES)


def test_suites_nested_without_end_are_refused() -> None:
    deep = 5_000
    content = b"<testsuite>" * deep + b"</testsuite>" * deep
    assert why_not(content) == "its suites are nested more than 100 deep"


@given(st.binary())
def test_no_bytes_break_the_reader(content: bytes) -> None:
    read_junit(content, file=FILE)


SNIPPETS = (
    "<", ">", "/>", "</testcase>", "<testcase>", "<!DOCTYPE a>", "<![CDATA[", "&#0;", "&x;", '"',
    "<testsuite>", "<?x?>", "<!--", "xmlns:a=''", "name='", "\x00", "\ufffe",
)  # fmt: skip


@given(
    st.sampled_from(sorted(REAL.values())),
    st.data(),
    st.sampled_from(SNIPPETS) | st.text(string.printable, max_size=3),
    st.integers(0, 40),
)
def test_a_report_with_one_flaw_is_read_or_refused_and_never_breaks_the_reader(
    xml: str, data: st.DataObject, snippet: str, length: int
) -> None:
    place = data.draw(st.integers(0, len(xml)))
    read_junit((xml[:place] + snippet + xml[place + length :]).encode(), file=FILE)
