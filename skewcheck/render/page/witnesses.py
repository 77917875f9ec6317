"""What each witness of one service said, read out of the document.

Whether a hop is stale was judged already: a finding says so, this file only finds its place.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from skewcheck.core.strict_json import Json
from skewcheck.render.page.document import (
    JsonObject,
    number_in,
    objects_in,
    text_in,
    texts_in,
    value_in,
)
from skewcheck.render.page.words import build_words, percent_words, same_build


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`state` is kept, differs, stale, unknown, silent or plain; `build` the full name."""

    told: str
    state: str = "plain"
    build: str = ""
    mark: str = ""
    share: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """One service of the document, and the codes of the findings about it."""

    service: JsonObject
    codes: frozenset[str]

    def promise(self) -> Iterator[Said]:
        promise = value_in(self.service, "promise")
        if promise is None:
            return
        build = text_in(promise, "build")
        if build:
            yield Said(told=build_words(build), build=build)
        else:
            yield Said(told="? promise-unreadable", state="unknown", where=text_in(promise, "why"))

    def planes(self) -> Iterator[Said]:
        planes = objects_in(self.service, "control_plane")
        for plane in planes:
            if text_in(plane, "cause"):
                yield _unread(plane)
                continue
            region = text_in(plane, "region") if len(planes) > 1 else ""
            shares = [self._target(plane, each, region) for each in serving(plane)]
            yield from shares or [Said(told="no traffic", state="differs", where=region)]

    def origins(self) -> Iterator[Said]:
        for each in objects_in(self.service, "origins"):
            yield self._reading(each, "stale-origin", where=text_in(each, "revision"))

    def edge(self) -> Iterator[Said]:
        reading = value_in(self.service, "edge")
        if isinstance(reading, dict):
            yield self._reading(reading, "stale-edge")

    def page(self) -> Iterator[Said]:
        page = value_in(self.service, "page")
        if not isinstance(page, dict):
            return
        if text_in(page, "cause") or text_in(page, "build"):
            yield self._reading(page, "stale-edge")
        elif not texts_in(page, "required") or texts_in(page, "unread"):
            why = text_in(page, "why_no_build")
            yield Said(told="? page-unproven", state="unknown", where=why)
        yield from _page_evidence(page)

    def silent(self, column: str) -> Iterator[Said]:
        witness = column.replace(" ", "-")
        if witness in texts_in(self.service, "undeclared"):
            yield Said(told="not declared", state="silent")
        elif witness in texts_in(self.service, "witnesses"):
            yield Said(told="? not read", state="unknown")

    def _target(self, plane: JsonObject, target: JsonObject, region: str) -> Said:
        name = text_in(target, "revision")
        build = build_of(plane, name)
        share, where = percent_words(number_in(target, "percent")), f"{name} {region}".strip()
        if not build:
            return Said(told="? unnamed", state="unknown", share=share, where=where)
        mark, state = self._mark(build)
        told = build_words(build)
        return Said(told=told, build=build, mark=mark, state=state, share=share, where=where)

    def _reading(self, reading: JsonObject, stale: str, *, where: str = "") -> Said:
        if text_in(reading, "cause"):
            return _unread(reading, where)
        build = text_in(reading, "identified")
        if not build:
            named, mark = build_words(text_in(reading, "build")), "? not in the repository"
            return Said(told=named, mark=mark, state="unknown", where=where)
        mark, state = self._mark(build)
        known = self._behind_edge() if stale == "stale-edge" else self._behind_origin(where)
        if stale in self.codes and not any(same_build(build, each) for each in known):
            mark, state = f"✗ stale {stale.removeprefix('stale-')}", "stale"
        return Said(told=build_words(build), build=build, mark=mark, state=state, where=where)

    def _mark(self, build: str) -> tuple[str, str]:
        promised = text_in(self.service, "promise", "build")
        if not promised:
            return "", "plain"
        return ("=", "kept") if same_build(build, promised) else ("≠ promise", "differs")

    def _behind_edge(self) -> list[str]:
        """What the origin gives out; where nothing of it can be read, what it should."""
        known = [text_in(each, "identified") for each in objects_in(self.service, "origins")]
        known += self._behind_origin("")
        named = [each for each in known if each] or [text_in(self.service, "beyond", "identified")]
        return named if any(named) else [text_in(self.service, "promise", "build")]

    def _behind_origin(self, revision: str) -> list[str]:
        """The builds that the control plane names for what a read of the origin may meet."""
        planes = objects_in(self.service, "control_plane")
        if revision:
            return [build_of(plane, revision) for plane in planes]
        reached = ((plane, each) for plane in planes for each in serving(plane))
        return [build_of(plane, text_in(each, "revision")) for plane, each in reached]


def serving(plane: JsonObject) -> list[JsonObject]:
    """The targets that get requests without a tag."""
    return [each for each in objects_in(plane, "targets") if number_in(each, "percent")]


def build_of(plane: JsonObject, revision: str) -> str:
    named = objects_in(plane, "revisions")
    return next((text_in(each, "build") for each in named if each.get("name") == revision), "")


def _unread(reading: Json, where: str = "") -> Said:
    told = f"? {text_in(reading, 'cause')}"
    return Said(told=told, state="unknown", where=where or text_in(reading, "detail"))


def _page_evidence(page: JsonObject) -> Iterator[Said]:
    required, missing = texts_in(page, "required"), texts_in(page, "missing")
    if missing and not texts_in(page, "unread"):
        yield Said(told=f"lacks {', '.join(missing)}", state="differs")
    elif required and not missing:
        yield Said(told=f"has {', '.join(required)}", state="kept")
    if gone := texts_in(page, "gone"):
        told = f"{len(gone)} asset{'s' if len(gone) > 1 else ''} gone"
        yield Said(told=told, state="differs", where=", ".join(gone))
