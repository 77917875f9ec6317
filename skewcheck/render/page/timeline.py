"""Which builds were live when, as a picture: places in percent of its width, rows by build.

What nobody saw is a gap, also after the last look: it is never drawn as if it had gone on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from skewcheck.core.chronicle.snapshot import Stretch
from skewcheck.render.page.stretches import KIND_WORDS, build_label, kind_of, period, unseen
from skewcheck.render.page.ticks import Tick, ticks_of
from skewcheck.render.page.timeline_rows import Told, told_rows
from skewcheck.render.page.words import when

_LEAST = timedelta(minutes=1)  # a single look has no length, but a place in time
_COLOURS = 8
_MOST_ROWS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """`kind` is a class of the style: a verdict's, or a build's colour; `row` counts from 0."""

    x: float
    width: float
    label: str
    title: str
    kind: str
    row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """`top` and `height` are pixels, without the name that stands above it."""

    name: str
    top: int
    height: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """`told` is the newest first; `left_out` counts the stretches that it does not tell."""

    since: str
    until: str
    services: tuple[str, ...]
    verdicts: Lane
    lanes: tuple[Lane, ...]
    gaps: tuple[Segment, ...]
    ticks: tuple[Tick, ...]
    height: int
    told: tuple[Told, ...]
    left_out: int = 0

    @property
    def all_lanes(self) -> tuple[Lane, ...]:
        return (self.verdicts, *self.lanes)


ROW, NAME = 20, 22


def timeline_of(
    history: Sequence[Stretch], *, until: datetime, since: datetime | None = None
) -> Timeline | None:
    """From `since`, else the first look, to `until`; None where nobody looked in that time."""
    seen = sorted((each for each in history if since is None or each.last >= since), key=_first)
    seen = [each for each in seen if each.first <= until]
    if not seen:
        return None
    scale = _Scale(since or seen[0].first, max(until, seen[-1].last))
    services = tuple(dict.fromkeys(name for each in seen for name in each.snapshot.services))
    lanes = tuple(_lanes(scale, seen, services))
    told = [*told_rows(seen, services, scale.until)]
    return Timeline(
        since=when(scale.since),
        until=when(scale.until),
        services=services,
        verdicts=_verdicts(scale, seen),
        lanes=lanes,
        gaps=tuple(_gaps(scale, seen)),
        ticks=ticks_of(scale.since, scale.until),
        height=lanes[-1].top + lanes[-1].height if lanes else NAME + ROW,
        told=tuple(told[:_MOST_ROWS]),
        left_out=len(told[_MOST_ROWS:]),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    since: datetime
    until: datetime

    def place(self, first: datetime, last: datetime) -> tuple[float, float]:
        """Left and width in percent; what is too short to be seen is widened."""
        whole = max(self.until - self.since, _LEAST)
        start, end = max(first, self.since), min(last, self.until)
        x = 100 * ((start - self.since) / whole)
        width = max(100 * ((end - start) / whole), 0.3)
        return round(min(x, 99.7), 3), round(min(width, 100 - min(x, 99.7)), 3)


def _first(stretch: Stretch) -> datetime:
    return stretch.first


def _verdicts(scale: _Scale, seen: Sequence[Stretch]) -> Lane:
    found = []
    for each in seen:
        x, width = scale.place(each.first, each.last)
        kind = kind_of(each.snapshot)
        title = f"{KIND_WORDS[kind]}, {period(each.first, each.last)}"
        found.append(Segment(x=x, width=width, label=KIND_WORDS[kind], title=title, kind=kind))
    return Lane(name="verdict", top=NAME, height=ROW, segments=tuple(found))


def _lanes(scale: _Scale, seen: Sequence[Stretch], services: Sequence[str]) -> Iterator[Lane]:
    """One below the other; a build has the same colour in every lane."""
    named = (build for each in seen for live in each.snapshot.services.values() for build in live)
    colours = {build: n for n, build in enumerate(dict.fromkeys(each.build for each in named))}
    top = 2 * NAME + ROW
    for name in services:
        segments = tuple(_segments(scale, seen, name, colours))
        rows = 1 + max((each.row for each in segments), default=0)
        yield Lane(name=name, top=top, height=rows * ROW, segments=segments)
        top += rows * ROW + NAME


def _segments(
    scale: _Scale, seen: Sequence[Stretch], name: str, colours: dict[str, int]
) -> Iterator[Segment]:
    """A build keeps its row for as long as it is live."""
    rows: dict[str, int] = {}
    for each in seen:
        live = each.snapshot.services.get(name, ())
        kept = {build.build: rows[build.build] for build in live if build.build in rows}
        free = (row for row in range(len(live)) if row not in kept.values())
        rows = {build.build: kept.get(build.build, -1) for build in live}
        rows = {build: next(free) if row < 0 else row for build, row in rows.items()}
        x, width = scale.place(each.first, each.last)
        for build in live:
            told = build_label(build)
            kind = f"b{colours[build.build] % _COLOURS}" if build.build else "unnamed"
            yield Segment(
                x=x,
                width=width,
                row=rows[build.build],
                label=told,
                title=f"{name} {told}, {period(each.first, each.last)}",
                kind=f"{kind} lingers" if build.only_may_linger else kind,
            )


def _gaps(scale: _Scale, seen: Sequence[Stretch]) -> Iterator[Segment]:
    times = [(scale.since, seen[0].first), *unseen(seen, scale.until)]
    for first, last in times:
        if last > first:
            x, width = scale.place(first, last)
            title = f"nobody looked, {period(first, last)}"
            yield Segment(x=x, width=width, label="", title=title, kind="gap")
