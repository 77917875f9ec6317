"""The compatibility matrix of a link as a grid: client builds by server builds."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from skewcheck.render.page.document import (
    JsonObject,
    moment_in,
    number_in,
    objects_in,
    text_in,
    texts_in,
    value_in,
)
from skewcheck.render.page.words import build_words, percent_words, since_words, when

_ONLY_LINGERS = ["may linger"]


class Word(NamedTuple):
    kind: str
    sign: str
    told: str


_FITS = {"yes": Word("pass", "✓", "fits"), "no": Word("block", "✗", "does not fit")}
_NOT_KNOWN = Word("doubt", "?", "not known")


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One live build at the head of a row or column; `build` is its full name."""

    name: str
    build: str
    share: str
    presences: tuple[str, ...]
    why: str
    lingers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`share` is what both traffic splits make of this pair, where both are known; what an edge
    hands out meanwhile is in no split."""

    word: Word
    sentence: str
    share: str
    notes: tuple[str, ...]
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """`rows` are client builds, each with its cell for every server build of `columns`."""

    link: str
    client: str
    server: str
    columns: tuple[Party, ...]
    rows: tuple[tuple[Party, tuple[Cell | None, ...]], ...]
    fitting: int
    pairs: int


def grids(report: JsonObject, now: datetime) -> tuple[Grid, ...]:
    return tuple(_grid(link, now) for link in objects_in(report, "matrix"))


def _grid(link: JsonObject, now: datetime) -> Grid:
    cells = [
        (_party(value_in(each, "client")), _party(value_in(each, "server")), each)
        for each in objects_in(link, "cells")
    ]
    clients = dict.fromkeys(client for client, _, _ in cells)
    columns = tuple(dict.fromkeys(server for _, server, _ in cells))
    of_pair = {(client, server): _cell(each, now) for client, server, each in cells}
    return Grid(
        link=text_in(link, "link"),
        client=text_in(link, "client"),
        server=text_in(link, "server"),
        columns=columns,
        rows=tuple(
            (client, tuple(of_pair.get((client, server)) for server in columns))
            for client in clients
        ),
        fitting=sum(cell.word.kind == "pass" for cell in of_pair.values()),
        pairs=len(of_pair),
    )


def _party(live: object) -> Party:
    of = live if isinstance(live, dict) else {}
    presences = [_presence(of, each) for each in texts_in(of, "presences")]
    return Party(
        name=build_words(text_in(of, "build")),
        build=text_in(of, "build"),
        share=percent_words(number_in(of, "percent")),
        presences=tuple(presences),
        why=text_in(of, "why"),
        lingers=texts_in(of, "presences") == _ONLY_LINGERS,
    )


def _presence(live: JsonObject, presence: str) -> str:
    until = moment_in(live, "until")
    return f"{presence} until {when(until)}" if [presence] == _ONLY_LINGERS and until else presence


def _cell(cell: JsonObject, now: datetime) -> Cell:
    word = _FITS.get(text_in(cell, "fit"), _NOT_KNOWN)
    is_bad = word is not _FITS["yes"]
    return Cell(
        word=word,
        sentence=text_in(cell, "sentence"),
        share=_meetings(cell),
        notes=tuple(_notes(cell)),
        since=since_words(cell, now) if is_bad else "",
    )


def _meetings(cell: JsonObject) -> str:
    shares = [number_in(cell, side, "percent") for side in ("client", "server")]
    known = [each for each in shares if each is not None]
    return percent_words(round(known[0] * known[1] / 100, 2)) if len(known) == 2 else ""


def _notes(cell: JsonObject) -> list[str]:
    notes = [f"assumed from {', '.join(assumed)}"] if (assumed := texts_in(cell, "assumed")) else []
    notes += ["vouched for by accepts"] if "vouched for" in text_in(cell, "sentence") else []
    notes += ["pre-existing: so before this deploy"] if value_in(cell, "pre_existing") else []
    lingers = texts_in(cell, "client", "presences") == _ONLY_LINGERS
    safe = moment_in(cell, "safe_at")
    if lingers and safe:
        notes.append(f"gone by itself after {when(safe)}")
    return notes
