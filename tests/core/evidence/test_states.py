"""What became of a test, as the dialects of JUnit tell it."""

from xml.etree.ElementTree import fromstring

import pytest

from skewcheck.core.evidence.case import State
from skewcheck.core.evidence.states import is_flaky, state_of, tag_of


def state(inside: str = "", attributes: str = "") -> tuple[State, str]:
    return state_of(fromstring(f"<testcase {attributes}>{inside}</testcase>"))  # noqa: S314


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("", ("ran", "")),
        ("<system-out>failure</system-out>", ("ran", "")),
        ('<failure message="no welcome"/>', ("failed", "no welcome")),
        ('<error type="OSError"/>', ("failed", "OSError")),
        ("<failure>\n\n  first line\n  second\n</failure>", ("failed", "first line")),
        ('<rerunFailure message="again"/>', ("failed", "again")),
        ('<rerunError message="again"/>', ("failed", "again")),
        ("<skipped/>", ("skipped", "")),
        ('<skipped message=" no\n network "/>', ("skipped", "no network")),
        ('<ignored message="later"/>', ("skipped", "later")),
        ("<disabled/>", ("disabled", "")),
        ('<skipped message="b"/><failure message="a"/>', ("failed", "a")),
        ('<flakyFailure message="once"/>', ("ran", "")),
        ('<flakyFailure message="once"/><failure message="at last"/>', ("failed", "at last")),
    ],
)
def test_children_tell_what_became_of_a_test(inside: str, expected: tuple[State, str]) -> None:
    assert state(inside) == expected


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        pytest.param('status="run" result="completed"', ("ran", ""), id="GoogleTest"),
        pytest.param('status="PASSED"', ("ran", ""), id="Katalon"),
        pytest.param('status=""', ("ran", ""), id="empty"),
        pytest.param('status="disabled"', ("disabled", 'status="disabled"'), id="CTest"),
        pytest.param('status="notrun"', ("disabled", 'status="notrun"'), id="not run"),
        pytest.param('result="suppressed"', ("disabled", 'result="suppressed"'), id="suppressed"),
        pytest.param('status="skipped"', ("skipped", 'status="skipped"'), id="skipped"),
        pytest.param(
            'status="run" result="skipped"', ("skipped", 'result="skipped"'), id="GTEST_SKIP"
        ),
        pytest.param('status="fail"', ("failed", 'status="fail"'), id="CTest failed"),
        pytest.param('status="untested"', ("skipped", 'status="untested"'), id="behave"),
        pytest.param('status="wobbly"', ("skipped", 'status="wobbly"'), id="unheard of"),
    ],
)
def test_attributes_tell_it_too_and_an_unknown_word_is_no_pass(
    attributes: str, expected: tuple[State, str]
) -> None:
    assert state("", attributes) == expected


def test_a_failure_outranks_whatever_else_is_said() -> None:
    assert state("<failure/>", 'status="skipped"') == ("failed", "")
    assert state("<skipped/>", 'status="failed"') == ("failed", 'status="failed"')
    assert state('<skipped message="why"/>', 'status="notrun"') == ("skipped", "why")


def test_what_a_report_says_is_shortened_and_made_printable() -> None:
    _, why = state(f'<failure message="{"x" * 500}&#133;"/>')
    assert len(why) == 120
    assert state('<failure message="a&#133;b&#8238;c"/>') == ("failed", "a b\\u202ec")


@pytest.mark.parametrize("inside", ["<flakyFailure/>", "<flakyError/>"])
def test_a_test_that_passed_on_retry_is_flaky(inside: str) -> None:
    assert is_flaky(fromstring(f"<testcase>{inside}</testcase>"))  # noqa: S314
    assert not is_flaky(fromstring("<testcase><system-err/></testcase>"))  # noqa: S314


def test_namespaces_are_left_out_of_tags() -> None:
    assert tag_of(fromstring('<testcase xmlns="urn:junit"/>')) == "testcase"  # noqa: S314
