"""How much traffic met a pair that does not fit: the share of new meetings, over time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from skewcheck.core.chronicle.pieces import Piece
from skewcheck.core.chronicle.snapshot import Snapshot

_ALL = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """`full` is as if all of the link's traffic had met a bad pair for that long; on top of it, a
    share that nobody knows did so for as long as `unknown_share`."""

    link: str
    full: timedelta = timedelta()
    unknown_share: timedelta = timedelta()


def exposure_of(pieces: Iterable[Piece], link: str) -> Exposure:
    full = unknown_share = timedelta()
    for piece in pieces:
        if piece.before is None or piece.after is None:
            continue
        before, after = _share(piece.before, link), _share(piece.after, link)
        full += piece.length * (min(before[0], after[0]) / _ALL)
        if before[1] or after[1] or before[0] != after[0]:
            unknown_share += piece.length
    return Exposure(link=link, full=full, unknown_share=unknown_share)


def exposed_links(pieces: Iterable[Piece]) -> tuple[str, ...]:
    """Those with a bad pair, in order of their names."""
    seen = [look for piece in pieces for look in (piece.before, piece.after) if look]
    return tuple(sorted({each.link for look in seen for each in look.pairs if each.fit == "no"}))


def _share(snapshot: Snapshot, link: str) -> tuple[float, bool]:
    """The known share of bad pairs in percent, and whether there are others beside them."""
    bad = [each.percent for each in snapshot.pairs if each.link == link and each.fit == "no"]
    known = sum(percent for percent in bad if percent is not None)
    return min(known, _ALL), None in bad
