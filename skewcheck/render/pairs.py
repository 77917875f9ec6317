"""Pairs of builds on a link, worst first, in the words that every table uses."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from skewcheck.core.compatibility import Fit
from skewcheck.core.findings import Finding
from skewcheck.core.live import Live, Presence
from skewcheck.core.matrix import Cell, LinkMatrix
from skewcheck.render.words import moment

_WORST_FIRST = (Fit.NO, Fit.UNKNOWN, Fit.YES)
FIT_WORDS = {Fit.NO: "DOES NOT FIT", Fit.UNKNOWN: "? not known", Fit.YES: "fits"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    fit: Fit
    word: str
    client: str
    server: str
    sentence: str


def pairs_of(matrix: LinkMatrix) -> list[Pair]:
    cells = sorted(matrix.cells, key=lambda cell: _WORST_FIRST.index(cell.fit))
    return [_pair(cell) for cell in cells]


def who(live: Live) -> str:
    """`9e39e39 (90%)`, `01d01d0 (edge, page)`, `01d01d0 (may linger until …)`."""
    kinds = (p for p in live.presences if p is not Presence.TRAFFIC or live.percent is None)
    parts = [] if live.percent is None or _is_candidate(live) else [f"{live.percent}%"]
    parts += [_presence(live, presence) for presence in kinds]
    return f"{live} ({', '.join(parts)})"


def fitting(pairs: Iterable[Pair]) -> int:
    return sum(pair.fit is Fit.YES for pair in pairs)


def _is_candidate(live: Live) -> bool:
    return Presence.CANDIDATE in live.presences


def _presence(live: Live, presence: Presence) -> str:
    if presence is Presence.LINGERING and live.until is not None:
        return f"{presence} until {moment(live.until)}"
    return str(presence)


def _pair(cell: Cell) -> Pair:
    sentence = cell.compatibility.sentence
    if cell.assumed:
        sentence += f" (assumed from {', '.join(cell.assumed)})"
    if cell.pre_existing:
        sentence += " (so before this deploy)"
    return Pair(
        fit=cell.fit,
        word=FIT_WORDS[cell.fit],
        client=who(cell.client),
        server=who(cell.server),
        sentence=sentence,
    )


def finding_of(findings: Iterable[Finding], link: LinkMatrix, cell: Cell) -> Finding | None:
    """The finding that tells of this pair; what is unknown is told once for several pairs."""
    of_link = (finding for finding in findings if finding.subject == link.link)
    match cell.fit:
        case Fit.YES:
            return None
        case Fit.NO:
            pair = (cell.client.build, cell.server.build)
            return next((finding for finding in of_link if finding.pair == pair), None)
        case Fit.UNKNOWN:
            told = cell.compatibility.sentence
            return next((f for f in of_link if f.sentence.endswith(told)), None)
        case _:
            assert_never(cell.fit)
