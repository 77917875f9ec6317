"""What became of one test, from its JUnit element. Whatever does not plainly say so did not run."""

from xml.etree.ElementTree import Element

from skewcheck.core.evidence.case import State
from skewcheck.core.remote_text import shorten

# surefire tells of tests that failed again and again by `rerun…`, of those that passed in the end
# by `flaky…`; the rest is in every dialect.
_FAILED = ("failure", "error", "rerunFailure", "rerunError")
_SKIPPED: dict[str, State] = {"skipped": "skipped", "ignored": "skipped", "disabled": "disabled"}
_FLAKY = ("flakyFailure", "flakyError")
# GoogleTest says status="notrun" result="suppressed", CTest status="disabled", behave "untested".
_WORDS: dict[str, State] = {
    **dict.fromkeys(
        ("", "run", "ran", "pass", "passed", "success", "successful", "ok", "completed"), "ran"
    ),
    **dict.fromkeys(("fail", "failed", "failure", "error", "errored", "broken"), "failed"),
    **dict.fromkeys(("disabled", "notrun", "suppressed"), "disabled"),
}


def tag_of(element: Element) -> str:
    """Without the namespace that some tools put there."""
    return element.tag.rpartition("}")[2]


def state_of(case: Element) -> tuple[State, str]:
    """The state, and why; a failure outranks all else that is said."""
    said, word = _said_by_attributes(case)
    for child in case:
        if tag_of(child) in _FAILED:
            return "failed", _why(child)
    if said == "failed":
        return said, word
    for child in case:
        if tag_of(child) in _SKIPPED:
            return _SKIPPED[tag_of(child)], _why(child)
    return said, word


def is_flaky(case: Element) -> bool:
    return any(tag_of(child) in _FLAKY for child in case)


def _said_by_attributes(case: Element) -> tuple[State, str]:
    for name in ("status", "result"):
        word = case.get(name, "").strip()
        state = _WORDS.get(word.lower(), "skipped")
        if state != "ran":
            return state, shorten(f'{name}="{word}"')
    return "ran", ""


def _why(child: Element) -> str:
    """Its message, else the first line of its text, else its type."""
    lines = (child.text or "").strip().splitlines()
    told = (child.get("message", "").strip(), *lines[:1], child.get("type", ""))
    return shorten(" ".join(next(filter(None, told), "").split()))
