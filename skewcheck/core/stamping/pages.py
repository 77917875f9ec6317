"""Puts the one meta tag that names the build into a page, and leaves every other byte alone.

Rules of this file: the page is read as the witness reads it, so that both see the same tags; bytes
that are no UTF-8 pass through as they are; a page that would still not prove its build is no
success.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from skewcheck.core.exposed.candidates import NoBuild
from skewcheck.core.exposed.html_builds import find_page_build
from skewcheck.core.exposed.html_tags import Tag, read_tags
from skewcheck.core.stamping.stamp import Stamp

META_NAME = "build-sha"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class StampedPage:
    """The page as it is to be served."""

    content: bytes


@dataclass(frozen=True, slots=True)
class UnstampedPage:
    """Why the page stays as it is; `wrong` where it names another build by itself."""

    why: str
    wrong: bool = False


PageStamp: TypeAlias = StampedPage | UnstampedPage


def stamp_page(content: bytes, stamp: Stamp) -> PageStamp:
    """A second stamp takes the place of the first."""
    if content.startswith(_UTF_16):
        return UnstampedPage("it is UTF-16, which skewcheck does not read: save it as UTF-8")
    page = content.decode("utf-8", "surrogateescape")
    tags = tuple(read_tags(page))
    places = [tag.span for tag in tags if _is_stamp(tag)] or _place_in_head(tags)
    if not places:
        return UnstampedPage("it has no <head>")
    stamped = _put(page, places, f'<meta name="{META_NAME}" content="{stamp.name}">')
    if problem := _contradiction(stamped):
        return UnstampedPage(problem, wrong=True)
    return StampedPage(stamped.encode("utf-8", "surrogateescape"))


def _is_stamp(tag: Tag) -> bool:
    return tag.name == "meta" and tag.attributes.get("name", "").lower() == META_NAME


def _place_in_head(tags: Sequence[Tag]) -> list[tuple[int, int]]:
    """Behind the declaration of the encoding, which has to be in the first 1024 bytes (WHATWG
    HTML §4.2.5.4), else first in the head."""
    heads = [number for number, tag in enumerate(tags) if tag.name == "head"]
    if not heads:
        return []
    inside = tags[heads[0] + 1 :]
    bodies = [number for number, tag in enumerate(inside) if tag.name == "body"]
    inside = inside[: bodies[0]] if bodies else inside
    declared = [tag for tag in inside if _declares_encoding(tag)]
    end = (declared or [tags[heads[0]]])[0].span[1]
    return [(end, end)]


def _declares_encoding(tag: Tag) -> bool:
    kind = tag.attributes.get("http-equiv", "").lower()
    return tag.name == "meta" and ("charset" in tag.attributes or kind == "content-type")


def _put(page: str, places: Sequence[tuple[int, int]], meta: str) -> str:
    """At the first place; what stood at the others goes away."""
    for start, end in reversed(places[1:]):
        page = page[:start] + page[end:]
    start, end = places[0]
    return page[:start] + meta + page[end:]


def _contradiction(page: str) -> str:
    choice = find_page_build(tuple(read_tags(page.removeprefix("\ufeff"))))
    if not isinstance(choice, NoBuild):
        return ""
    return re.sub(r"\s+", " ", choice.why)
