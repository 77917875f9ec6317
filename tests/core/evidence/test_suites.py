"""Suites within suites, what they say of the commit, and what they count without telling."""

from xml.etree.ElementTree import Element, fromstring

import pytest

from skewcheck.core.evidence.suites import (
    COMMIT_PROPERTIES,
    MAX_DEPTH,
    NotAReportError,
    disabled_unsaid,
    suites_of,
)
from tests.core.evidence.reports import one_test, property_, suite


def parse(xml: str) -> Element:
    return fromstring(xml)  # noqa: S314 - written here


def said(xml: str) -> dict[str, tuple[str, ...]]:
    """What is said of the commit, by the name of the suite."""
    return {each.element.get("name", ""): each.commit_texts for each in suites_of(parse(xml))}


def doubted(xml: str) -> list[str]:
    return [each.get("name", "") for each in disabled_unsaid(parse(xml))]


def test_suites_come_in_the_order_of_the_document_the_outer_ones_first() -> None:
    inner = suite(suite(attributes='name="c"'), attributes='name="b"')
    last = suite(attributes='name="d"')
    xml = f'<testsuites name="a">{inner}{last}</testsuites>'
    assert list(said(xml)) == ["a", "b", "c", "d"]


def test_what_an_outer_suite_says_holds_for_the_inner_ones_and_not_the_other_way_round() -> None:
    inner = suite(commit="inner", attributes='name="inner"')
    beside = suite(attributes='name="beside"')
    outer = suite(inner, beside, commit="outer", attributes='name="outer"')
    assert said(outer) == {
        "outer": ("outer",),
        "inner": ("outer", "inner"),
        "beside": ("outer",),
    }


def test_a_test_that_names_the_commit_speaks_for_its_suite() -> None:
    named = one_test("a", f"<properties>{property_('commit', 'abc')}</properties>")
    assert said(suite(named, one_test("b"))) == {"": ("abc",)}


@pytest.mark.parametrize("name", sorted(COMMIT_PROPERTIES))
def test_the_property_goes_by_many_names(name: str) -> None:
    assert said(suite(f"<properties>{property_(name, ' abc ')}</properties>")) == {"": ("abc",)}


@pytest.mark.parametrize(
    ("inside", "texts"),
    [
        ('<properties><property name="commit">abc</property></properties>', ("abc",)),
        ('<properties><property name="commit"/></properties>', ("",)),
        ('<properties><property name="branch" value="abc"/></properties>', ()),
        ('<property name="commit" value="abc"/>', ()),
        ('<properties><other name="commit" value="abc"/></properties>', ()),
    ],
    ids=["as text", "empty", "another property", "outside", "another element"],
)
def test_only_properties_of_that_name_count(inside: str, texts: tuple[str, ...]) -> None:
    assert said(suite(inside)) == {"": texts}


def test_nesting_without_end_is_refused() -> None:
    deep = MAX_DEPTH - 1
    assert len(said("<testsuite>" * deep + "</testsuite>" * deep)) == 1
    deep = 20_000
    with pytest.raises(NotAReportError, match="nested more than 100 deep"):
        said("<testsuite>" * deep + "</testsuite>" * deep)


DISABLED = one_test("off", attributes='status="notrun"')
SKIPPED = one_test("skipped", "<skipped/>")
RAN = one_test("a") + one_test("b")


@pytest.mark.parametrize(
    ("inside", "attributes", "names"),
    [
        pytest.param(RAN, 'disabled="2"', ["a", "b"], id="all, by the count alone"),
        pytest.param(RAN, 'disabled="1"', ["a", "b"], id="one of them, and which is not said"),
        pytest.param(RAN, 'disabled="1" tests="2"', ["a", "b"], id="all tests are listed"),
        pytest.param(RAN, 'disabled="1" tests="3"', [], id="the disabled one is not listed"),
        pytest.param(RAN, 'disabled="0"', [], id="none"),
        pytest.param(RAN, 'disabled="some"', [], id="no number"),
        pytest.param(RAN, "", [], id="not said"),
        pytest.param(RAN + DISABLED, 'disabled="1"', [], id="and it is marked"),
        pytest.param(RAN + SKIPPED, 'disabled="1"', [], id="marked as skipped"),
        pytest.param(DISABLED + RAN, 'disabled="2"', ["off", "a", "b"], id="one more than marked"),
    ],
)
def test_tests_that_may_be_among_the_disabled_are_in_doubt(
    inside: str, attributes: str, names: list[str]
) -> None:
    assert doubted(suite(inside, attributes=attributes)) == names


def test_a_count_of_an_outer_suite_is_about_the_tests_of_inner_ones() -> None:
    inner = suite(RAN)
    assert doubted(f'<testsuites disabled="1">{inner}</testsuites>') == ["a", "b"]
    marked = suite(RAN + DISABLED, attributes='disabled="1"')
    assert doubted(f'<testsuites disabled="1">{marked}</testsuites>') == []
