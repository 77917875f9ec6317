"""The start tags of a page, as a browser's tokenizer finds them (WHATWG HTML §13.2.5).

Rule of this file: each step moves forward, so time grows with the page and never with its square.
The standard library's html.parser needs a minute for 64 KiB of `<a ` (Python 3.11), and whatever
answers at the edge must not be able to hang a gate.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

_NEXT = re.compile(r"<(?:(!--)|([!?])|(/?)([a-zA-Z][^\s/>]*))")
_ATTRIBUTE = re.compile(
    r"""[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)(?:"|\Z)|'([^']*)(?:'|\Z)|([^\s>"'][^\s>]*)|))?"""
)
_TAG_END = re.compile(r"[\s/]*>")
_RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title")
}


@dataclass(frozen=True, slots=True)
class Tag:
    """Lower-case names, values without character references; `text` is what a script holds.

    `span` is where the start tag begins and ends in the page.
    """

    name: str
    attributes: dict[str, str]
    text: str = ""
    span: tuple[int, int] = field(default=(0, 0), compare=False)


def read_tags(html: str) -> Iterator[Tag]:
    """All start tags in order; like a browser, forgets a tag or comment that never ends."""
    at = 0
    while found := _NEXT.search(html, at):
        at = found.end()
        comment, bogus, closing, name = found.groups()
        if comment or bogus:
            at = _skip(html, at, "-->" if comment else ">")
            continue
        attributes, at = _read_attributes(html, at)
        if closing or at > len(html):
            continue
        span = (found.start(), at)
        text, at = _read_raw(html, at, name.lower())
        yield Tag(name.lower(), attributes, text, span)


def _skip(html: str, at: int, end: str) -> int:
    place = html.find(end, at)
    return len(html) if place < 0 else place + len(end)


def _read_attributes(html: str, at: int) -> tuple[dict[str, str], int]:
    """The attributes and where the tag ends; beyond the page if it never does."""
    attributes: dict[str, str] = {}
    while not (end := _TAG_END.match(html, at)):
        found = _ATTRIBUTE.match(html, at)
        if not found:
            return {}, len(html) + 1
        name, *values = found.groups()
        value = next((each for each in values if each is not None), "")
        attributes.setdefault(name.lower(), unescape(value))
        at = found.end()
    return attributes, end.end()


def _read_raw(html: str, at: int, name: str) -> tuple[str, int]:
    if name not in _RAW:
        return "", at
    end = _RAW[name].search(html, at)
    stop = end.start() if end else len(html)
    return html[at:stop], stop
