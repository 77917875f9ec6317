"""Where a page names its build: meta tags, variables in scripts, what frameworks leave behind."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qs, urlsplit

from skewcheck.core.exposed.candidates import (
    Candidate,
    Choice,
    NoBuild,
    candidate,
    choose_build,
    without_repeats,
)
from skewcheck.core.exposed.html_tags import Tag

_META = {
    "build", "buildid", "buildsha", "commit", "commitsha", "commithash", "gitsha", "gitcommit",
    "githash", "gitrevision", "revision", "sha", "xbuildsha", "xbuildid", "xcommit", "xgitsha",
    "xgitcommit", "xrevision", "appcommit", "appbuild",
}  # fmt: skip
_VARIABLE = re.compile(
    r"""\b((?:window|globalThis|self)\.\w{0,40}(?:BUILD|COMMIT|SHA|REVISION)\w{0,40})"""
    r"""\s?=\s?["']([^"'\\\n]{1,128})["']""",
    re.IGNORECASE,
)
# Plain in Next's __NEXT_DATA__, escaped in its app router's flight data, a bare key in Nuxt
_BUILD_ID = re.compile(r"""\bbuildId\\?["']?\s?:\s?\\?["']([^"'\\\n]{1,128})\\?["']""")


def find_page_build(tags: Sequence[Tag]) -> Choice:
    """A git commit anywhere in the page outranks an opaque id; of those the first kind counts."""
    kinds = [
        without_repeats(_from_meta(tags)),
        without_repeats(_from_scripts(tags, _VARIABLE)),
        without_repeats(_from_scripts(tags, _BUILD_ID)),
        without_repeats(_from_deployment(tags)),
    ]
    commits = choose_build([each for kind in kinds for each in kind if _is_commit(each)])
    if commits is not None:
        return commits
    return _first_said([choose_build(kind) for kind in kinds])


def _first_said(choices: Sequence[Choice]) -> Choice:
    """A placeholder is passed over for a kind that names something, and reported if none does."""
    said = [choice for choice in choices if choice is not None]
    telling = (c for c in said if not isinstance(c, NoBuild) or c.contradictory)
    return next(telling, said[0] if said else None)


def _is_commit(found: Candidate) -> bool:
    return candidate(found.field, found.value, sha_only=True).name is not None


def _from_meta(tags: Sequence[Tag]) -> Iterator[Candidate]:
    for tag in tags:
        name = tag.attributes.get("name", tag.attributes.get("property", ""))
        plain = re.sub(r"[-_:.]", "", name.lower())
        if tag.name == "meta" and plain in _META:
            value = tag.attributes.get("content", "")
            yield candidate(f"meta {name}", value, sha_only=plain.endswith("revision"))


def _from_scripts(tags: Sequence[Tag], pattern: re.Pattern[str]) -> Iterator[Candidate]:
    for tag in tags:
        if tag.name != "script":
            continue
        for found in pattern.finditer(tag.text):
            field, value = found.groups() if found.re.groups == 2 else ("buildId", found[1])
            yield candidate(field, value)


def _from_deployment(tags: Sequence[Tag]) -> Iterator[Candidate]:
    """The deployment id of Next.js: `data-dpl-id` on the root, `?dpl=` on each asset."""
    for tag in tags:
        if "data-dpl-id" in tag.attributes:
            yield candidate("data-dpl-id", tag.attributes["data-dpl-id"])
        for value in _query(tag.attributes.get("src") or tag.attributes.get("href") or ""):
            yield candidate("?dpl", value)


def _query(url: str) -> list[str]:
    if "dpl=" not in url:
        return []
    try:
        return parse_qs(urlsplit(url).query, max_num_fields=32).get("dpl", [])
    except ValueError:
        return []
