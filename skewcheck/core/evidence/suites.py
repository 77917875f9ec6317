"""The suites of a JUnit document, however nested, with what they say for all of their tests."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from skewcheck.core.evidence.states import state_of, tag_of

MAX_DEPTH = 100
SUITE_TAGS = ("testsuites", "testsuite")
COMMIT_PROPERTIES = frozenset(
    (
        "commit", "commit_sha", "commit-sha", "git.commit", "git.commit.id", "git_commit",
        "GIT_COMMIT", "COMMIT_SHA", "GITHUB_SHA", "sha", "revision",
    )
)  # fmt: skip
_COUNT = re.compile("[0-9]{1,9}")


class NotAReportError(ValueError):
    """Says what is wrong with the document; caught within the core."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """`commit_texts` are what it, its own tests and the suites around it say of the commit."""

    element: Element
    commit_texts: tuple[str, ...] = ()
    depth: int = 0

    @property
    def tests(self) -> Iterator[Element]:
        return inside(self.element, "testcase")


def suites_of(root: Element) -> Iterator[Suite]:
    """The outer ones first. By a list of our own: documents may be deeper than Python's stack."""
    todo = [_suite(root, Suite(element=root))]
    while todo:
        suite = todo.pop()
        if suite.depth > MAX_DEPTH:
            raise NotAReportError(f"its suites are nested more than {MAX_DEPTH} deep")
        yield suite
        inner = [_suite(each, suite) for each in inside(suite.element, *SUITE_TAGS)]
        todo.extend(reversed(inner))


def disabled_unsaid(root: Element) -> dict[Element, str]:
    """The tests of suites that count more disabled ones than they tell of or leave out."""
    doubts: dict[Element, str] = {}
    for suite in suites_of(root):
        disabled = count(suite.element, "disabled") or 0
        tests = [each for each in suite.element.iter() if tag_of(each) == "testcase"]
        left_out = max(0, (count(suite.element, "tests") or 0) - len(tests))
        told = sum(state_of(each)[0] in {"disabled", "skipped"} for each in tests)
        if disabled > told + left_out:
            why = f"its suite counts {disabled} disabled and does not say which"
            doubts.update(dict.fromkeys(tests, why))
    return doubts


def inside(element: Element, *tags: str) -> Iterator[Element]:
    """The children of those kinds."""
    return (child for child in element if tag_of(child) in tags)


def count(element: Element, name: str) -> int | None:
    text = element.get(name, "").strip()
    return int(text) if _COUNT.fullmatch(text) else None


def _suite(element: Element, around: Suite) -> Suite:
    texts = (*around.commit_texts, *_commit_texts(element))
    return Suite(element=element, commit_texts=texts, depth=around.depth + 1)


def _commit_texts(suite: Element) -> Iterator[str]:
    for holder in (suite, *inside(suite, "testcase")):
        for properties in inside(holder, "properties"):
            for each in inside(properties, "property"):
                if each.get("name") in COMMIT_PROPERTIES:
                    yield (each.get("value") or each.text or "").strip()
