"""JUnit XML as test tools really write it, read without trusting it.

What cannot be read is a value with its reason: a report that nobody can read is unknown.
"""

from collections.abc import Mapping
from typing import NoReturn
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from skewcheck.core.build import BuildName, read_build_name
from skewcheck.core.evidence.case import Case, Evidence, EvidenceUnreadable, worst_of_each
from skewcheck.core.evidence.states import is_flaky, state_of, tag_of
from skewcheck.core.evidence.suites import (
    SUITE_TAGS,
    NotAReportError,
    Suite,
    count,
    disabled_unsaid,
    suites_of,
)
from skewcheck.core.remote_text import shorten

MAX_BYTES = 32 * 2**20
_BLANK = b"\xef\xbb\xbf \t\r\n"
_HTML = (b"<!doctype html", b"<html")


def read_junit(content: bytes, *, file: str) -> Evidence | EvidenceUnreadable:
    """Every test that the report tells of, each once, and the commits that it names."""
    try:
        return _read(_parse(content), file)
    except NotAReportError as error:
        return EvidenceUnreadable(file=file, why=shorten(str(error)))


class _Builder(ElementTree.TreeBuilder):
    """Stops at a document type, in whatever encoding: its entities could grow without end."""

    def doctype(self, *_: object) -> NoReturn:
        raise NotAReportError("declares a document type (DTD), which no test report needs")


def _parse(content: bytes) -> Element:
    if len(content) > MAX_BYTES:
        raise NotAReportError(f"{len(content)} bytes; at most {MAX_BYTES} are read")
    start = content.lstrip(_BLANK)[:20].lower()
    if not start:
        raise NotAReportError("the file is empty")
    if start.startswith(_HTML):
        raise NotAReportError("an HTML page, not a test report")
    root = _parse_xml(content)
    if tag_of(root) not in SUITE_TAGS:
        raise NotAReportError(f"its root is <{tag_of(root)}>, not <testsuites> or <testsuite>")
    return root


def _parse_xml(content: bytes) -> Element:
    parser = ElementTree.XMLParser(target=_Builder())  # noqa: S314 - no DTD, hence no entities
    try:
        return ElementTree.fromstring(content, parser)  # noqa: S314 - and of bounded size
    except NotAReportError:
        raise
    # ValueError and LookupError are about the encoding that the document declares.
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise NotAReportError(f"broken XML: {error}") from error


def _read(root: Element, file: str) -> Evidence:
    doubts = disabled_unsaid(root)
    cases: list[Case] = []
    commits: dict[BuildName, None] = {}
    unnamed: dict[str, None] = {}
    for suite in suites_of(root):
        names = {text: read_build_name(text) for text in suite.commit_texts}
        named = tuple(dict.fromkeys(name for name in names.values() if name))
        commits.update(dict.fromkeys(named))
        unnamed.update((shorten(text), None) for text, name in names.items() if not name)
        cases.extend(_case(each, suite, named, doubts) for each in suite.tests)
    kept = worst_of_each(cases)
    return Evidence(file=file, cases=kept, commits=tuple(commits), unnamed=tuple(unnamed))


def _case(
    test: Element, suite: Suite, commits: tuple[BuildName, ...], doubts: Mapping[Element, str]
) -> Case:
    state, why = state_of(test)
    if state == "ran" and test in doubts:
        state, why = "disabled", doubts[test]
    return Case(
        name=test.get("name", ""),
        classname=test.get("classname", ""),
        suite=suite.element.get("name", ""),
        state=state,
        why=why,
        assertions=count(test, "assertions"),
        flaky=is_flaky(test),
        commits=commits,
    )
