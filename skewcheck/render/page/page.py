"""The status page: one environment in full, several in a table first and then each in full."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from skewcheck.render.page.found import Found, deciding, notices
from skewcheck.render.page.grid import Grid, grids
from skewcheck.render.page.heading import Head, head_of, source_lines
from skewcheck.render.page.probed import ProbedLink, probed_links
from skewcheck.render.page.rollouts import Shown, past, running
from skewcheck.render.page.services import COLUMNS, ServiceRow, service_rows
from skewcheck.render.page.template import render_template
from skewcheck.render.page.timeline import Timeline, timeline_of
from skewcheck.render.page.traffic import Bar, bars
from skewcheck.render.page.view import EnvironmentView, PageView
from skewcheck.render.page.words import when

_WORST_FIRST = ("block", "none", "doubt", "pass")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """All that is shown of one environment; `slug` begins the ids of its elements."""

    slug: str
    name: str
    head: Head
    services: tuple[ServiceRow, ...]
    grids: tuple[Grid, ...]
    bars: tuple[Bar, ...]
    deciding: tuple[Found, ...]
    notices: tuple[Found, ...]
    probed: tuple[ProbedLink, ...]
    running: tuple[Shown, ...]
    past: tuple[Shown, ...]
    timeline: Timeline | None
    sources: tuple[str, ...]

    def service(self, name: str) -> ServiceRow | None:
        return next((each for each in self.services if each.name == name), None)


def render_page(view: PageView) -> str:
    """A whole HTML document; jinja2 is needed."""
    parts = [_part(each, n, view.at) for n, each in enumerate(view.environments)]
    heads = [part.head for part in parts]
    tones = {head.tone for head in heads}
    return render_template(
        "status.html.j2",
        live=view.live,
        version=view.version,
        tone=next((tone for tone in _WORST_FIRST if tone in tones), "none"),
        at=when(view.at),
        announced="; ".join(
            f"{part.name}: {part.head.word}, {part.head.summary}" for part in parts
        ),
        title=", ".join(f"{part.head.word} {part.name}" for part in parts) or "no environment",
        parts=parts,
        services=_names(parts),
        columns=COLUMNS,
        notes=view.notes,
    )


def _names(parts: Sequence[Part]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.name for part in parts for row in part.services))


def _part(view: EnvironmentView, number: int, now: datetime) -> Part:
    report, slug = view.report or {}, f"e{number}"
    return Part(
        slug=slug,
        name=view.name,
        head=head_of(view, now),
        services=service_rows(report),
        grids=grids(report, now),
        bars=bars(report),
        deciding=deciding(report, now),
        notices=notices(report, now),
        probed=probed_links(report),
        running=running(view.rollouts, slug),
        past=past(view.rollouts, slug),
        timeline=timeline_of(view.history, until=now),
        sources=tuple(source_lines(report)) if view.report is not None else (),
    )
