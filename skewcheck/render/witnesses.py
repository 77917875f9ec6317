"""What each witness of a service said, in the few words that fit into a table.

The mark compares with the promise: `=`, `2 behind`, `1 ahead`, `diverged`; `?` and a cause where
nothing could be read; `-` where the manifest leaves the witness out on purpose.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from skewcheck.core.build import Build, BuildSha
from skewcheck.core.control_plane import ControlPlane, Target
from skewcheck.core.findings import Code
from skewcheck.core.history import NotInHistory, RelationKind
from skewcheck.core.judge.drift import running
from skewcheck.core.live import identify_reading, named_build, serving
from skewcheck.core.reading import DocumentReading, Page, PageReading, Unreadable
from skewcheck.core.survey import Promise, PromiseUnreadable, ServiceSurvey, Survey

COLUMNS = ("promise", "control plane", "origin", "edge", "page", "candidate")
_LEGEND = {"=": "as promised", "?": "not known", "-": "not looked at, by the manifest"}


class State(StrEnum):
    KEPT = "kept"
    DIFFERS = "differs"
    UNKNOWN = "unknown"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One line of a cell; `where` is the revision or region, which narrow tables leave out."""

    told: str
    mark: str = ""
    share: str = ""
    where: str = ""
    state: State = State.PLAIN

    @property
    def brief(self) -> str:
        return " ".join(part for part in (self.share, self.told, self.mark) if part)

    def __str__(self) -> str:
        return f"{self.brief}  {self.where}" if self.where else self.brief


Row = Mapping[str, tuple[Seen, ...]]


def witness_row(survey: Survey, service: ServiceSurvey) -> Row:
    """One cell for each of COLUMNS; empty where such a witness cannot exist."""
    said = {
        "promise": tuple(_promise(service)),
        "control plane": tuple(_planes(survey, service)),
        "origin": tuple(_origins(survey, service)),
        "edge": tuple(_document(survey, service, service.edge)),
        "page": tuple(_page(survey, service, service.page)),
        "candidate": tuple(_candidate(survey, service)),
    }
    return {column: cell or tuple(_silent(service, column)) for column, cell in said.items()}


def running_cell(survey: Survey, service: ServiceSurvey) -> tuple[Seen, ...]:
    """What runs, for tables with one cell a service."""
    seen = tuple(
        _seen(survey, service, live.build, share=_part(live.percent))
        for live in running(survey, service)
        if live.build is not None
    )
    return seen or (Seen(told="? not known", state=State.UNKNOWN),)


def _part(percent: int | None) -> str:
    return "" if percent is None or percent >= 100 else f"{percent}%"


def legend(rows: Iterable[Row]) -> str:
    """The signs that occur in these rows, explained."""
    cells = (str(seen) for row in rows for cell in row.values() for seen in cell)
    used = {word for cell in cells for word in cell.split()}
    return "   ".join(f"{sign} {told}" for sign, told in _LEGEND.items() if sign in used)


def _silent(service: ServiceSurvey, column: str) -> Iterator[Seen]:
    witness = column.replace(" ", "-")
    if witness in service.undeclared:
        yield Seen(told="-")
    elif witness in service.witnesses:
        yield Seen(told="? not read", state=State.UNKNOWN)


def _promise(service: ServiceSurvey) -> Iterator[Seen]:
    if isinstance(service.promise, PromiseUnreadable):
        yield Seen(told=f"? {Code.PROMISE_UNREADABLE}", state=State.UNKNOWN)
    elif service.promise is not None:
        yield Seen(told=service.promise.build.short)


def _seen(survey: Survey, service: ServiceSurvey, build: Build, **more: str) -> Seen:
    mark, state = _mark(survey, service, build)
    return Seen(told=build.short, mark=mark, state=state, **more)


def _mark(survey: Survey, service: ServiceSurvey, build: Build) -> tuple[str, State]:
    if not isinstance(service.promise, Promise):
        return "", State.PLAIN
    if build == service.promise.build:
        return "=", State.KEPT
    relation = None
    if isinstance(build, BuildSha):
        relation = survey.relations.get((service.name, build))
    if relation is None or relation.kind is RelationKind.UNKNOWN:
        return "differs", State.DIFFERS
    told = {
        RelationKind.SAME: "=",
        RelationKind.BEHIND: f"{relation.behind} behind",
        RelationKind.AHEAD: f"{relation.ahead} ahead",
        RelationKind.DIVERGED: "diverged",
    }
    return told[relation.kind], State.DIFFERS


def _unread(reading: Unreadable, where: str = "") -> Seen:
    return Seen(told=f"? {reading.cause}", where=where, state=State.UNKNOWN)


def _unidentified(name: str, **more: str) -> Seen:
    mark = f"? {Code.BUILD_NOT_IN_REPOSITORY}"
    return Seen(told=name, mark=mark, state=State.UNKNOWN, **more)


def _planes(survey: Survey, service: ServiceSurvey) -> Iterator[Seen]:
    several = len(service.planes) > 1
    for plane in service.planes:
        if isinstance(plane, Unreadable):
            yield _unread(plane)
            continue
        region = plane.region if several else ""
        shares = [_target(survey, service, plane, target, region) for target, _ in serving(plane)]
        yield from shares or [Seen(told="no traffic", where=region, state=State.DIFFERS)]


def _target(
    survey: Survey, service: ServiceSurvey, plane: ControlPlane, target: Target, region: str
) -> Seen:
    revision = plane.revision(target.revision)
    where = f"{target.revision} {region}".strip()
    share = f"{target.percent}%"
    build = named_build(survey, service.name, revision)
    if build is not None:
        return _seen(survey, service, build, share=share, where=where)
    if revision is not None and revision.build is not None:
        return _unidentified(revision.build.build.short, share=share, where=where)
    return Seen(told="? unnamed", share=share, where=where, state=State.UNKNOWN)


def _origins(survey: Survey, service: ServiceSurvey) -> Iterator[Seen]:
    for origin in service.origins:
        yield from _document(survey, service, origin.reading, origin.revision)


def _document(
    survey: Survey, service: ServiceSurvey, reading: DocumentReading | None, where: str = ""
) -> Iterator[Seen]:
    if isinstance(reading, Unreadable):
        yield _unread(reading, where)
    elif reading is not None:
        build = identify_reading(survey, service, reading.build)
        if build is None:
            yield _unidentified(reading.build.build.short, where=where)
        else:
            yield _seen(survey, service, build, where=where)


def _page(survey: Survey, service: ServiceSurvey, reading: PageReading | None) -> Iterator[Seen]:
    if isinstance(reading, Unreadable):
        yield _unread(reading)
    elif reading is not None:
        yield from _page_build(survey, service, reading)
        yield from _page_evidence(reading)


def _page_build(survey: Survey, service: ServiceSurvey, page: Page) -> Iterator[Seen]:
    if page.build is not None:
        build = identify_reading(survey, service, page.build)
        if build is None:
            yield _unidentified(page.build.build.short)
        else:
            yield _seen(survey, service, build)
    elif not page.required or (page.missing and page.unread):
        yield Seen(told=f"? {Code.PAGE_UNPROVEN}", state=State.UNKNOWN)


def _page_evidence(page: Page) -> Iterator[Seen]:
    if page.missing and not page.unread:
        yield Seen(told=f"lacks {', '.join(page.missing)}", state=State.DIFFERS)
    elif page.build is None and page.required and not page.missing:
        yield Seen(told=f"has {', '.join(page.required)}", state=State.KEPT)
    if page.gone:
        gone = f"{len(page.gone)} asset{'s' if len(page.gone) > 1 else ''} gone"
        yield Seen(told=gone, state=State.DIFFERS)


def _candidate(survey: Survey, service: ServiceSurvey) -> Iterator[Seen]:
    candidate = survey.candidates.get(service.name)
    if candidate is None:
        return
    if isinstance(candidate.build, NotInHistory):
        yield _unidentified(candidate.named[:7])
    else:
        yield _seen(survey, service, candidate.build)
