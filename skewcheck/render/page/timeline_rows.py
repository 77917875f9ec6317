"""The table that tells what a timeline shows, for those who do not see it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from skewcheck.core.chronicle.snapshot import SeenBuild, SeenPair, Stretch
from skewcheck.render.page.stretches import KIND_WORDS, build_label, kind_of, unseen
from skewcheck.render.page.words import when
from skewcheck.render.plan.words import short
from skewcheck.render.words import lasting

# Between two looks that differ something changed; only longer than this it is told as a gap.
_TELLING = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One row of the table that stands for the picture; `gap` is one in which nobody looked."""

    first: str
    last: str
    lasted: str
    word: str = ""
    kind: str = ""
    builds: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    gap: bool = False


def told_rows(seen: Sequence[Stretch], services: Sequence[str], until: datetime) -> Iterator[Told]:
    """The newest first."""
    pairs = zip(seen, unseen(seen, until), strict=True)
    for each, (left, again) in reversed(list(pairs)):
        if again - left > _TELLING:
            yield replace(_row(left, again), gap=True)
        kind = kind_of(each.snapshot)
        builds = tuple(_builds(each.snapshot.services.get(name, ())) for name in services)
        why = tuple(map(_pair, each.snapshot.pairs))
        causes = (f"{cause.code} on {cause.subject}" for cause in each.snapshot.causes)
        told = why or tuple(causes)
        yield replace(
            _row(each.first, each.last),
            word=KIND_WORDS[kind],
            kind=kind,
            builds=builds,
            why=told,
        )


def _row(first: datetime, last: datetime) -> Told:
    return Told(first=when(first), last=when(last), lasted=lasting((last - first).total_seconds()))


def _builds(live: Sequence[SeenBuild]) -> str:
    return "; ".join(map(build_label, live)) or "? not known"


def _pair(pair: SeenPair) -> str:
    word = "does not fit" if pair.fit == "no" else "not known"
    share = "" if pair.percent is None else f", {pair.percent:g}% of new meetings"
    client, server = (short(each) if each else "?" for each in (pair.client, pair.server))
    return f"{pair.link}: {client} → {server} {word}{share}"
