"""From a report to its snapshot: the same world gives the same snapshot, whoever looked.

Everything is put in order here, because platforms list what they have in any order.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from skewcheck.core.chronicle.snapshot import SeenBuild, SeenCause, SeenPair, Snapshot
from skewcheck.core.compatibility import Fit
from skewcheck.core.findings import Severity
from skewcheck.core.live import Live, Presence, live_clients, live_servers
from skewcheck.core.matrix import Cell, LinkMatrix
from skewcheck.core.report import Report
from skewcheck.core.survey import Survey


def is_look(report: Report) -> bool:
    """A gate with candidates judges a world that is not there yet."""
    return not report.survey.candidates


def snapshot_of(report: Report) -> Snapshot:
    """Of a report that is a look at the world."""
    survey = report.survey
    return Snapshot(
        verdict=report.verdict,
        services={name: _builds(survey, name) for name in sorted(survey.services)},
        pairs=tuple(pair for link in report.judgement.matrix for pair in _pairs(link)),
        causes=tuple(sorted(set(_causes(report)), key=lambda each: (each.code, each.subject))),
    )


def _builds(survey: Survey, name: str) -> tuple[SeenBuild, ...]:
    """What the other side of a link may meet. Who is both client and server counts once."""
    links = survey.manifest.links.values()
    seen: dict[str, SeenBuild] = {}
    if any(link.server == name for link in links):
        seen |= _named(live_servers(survey, name))
    if not seen or any(link.client == name for link in links):
        for build, each in _named(live_clients(survey, name)).items():
            seen[build] = _both(seen[build], each) if build in seen else each
    return tuple(seen[build] for build in sorted(seen))


def _named(found: Iterable[Live]) -> dict[str, SeenBuild]:
    """One for each build; all that have no name are one."""
    by_name: dict[str, list[Live]] = {}
    for live in found:
        by_name.setdefault(_name(live), []).append(live)
    return {build: _seen(build, lives) for build, lives in by_name.items()}


def _seen(build: str, lives: list[Live]) -> SeenBuild:
    percents = [each.percent for each in lives if each.percent is not None]
    presences = {str(presence) for each in lives for presence in each.presences}
    return SeenBuild(
        build=build,
        percent=sum(percents) if percents else None,
        presences=tuple(sorted(presences)),
    )


def _both(one: SeenBuild, other: SeenBuild) -> SeenBuild:
    presences = {*one.presences, *other.presences}
    if len(presences) > 1:
        presences.discard(str(Presence.LINGERING))
    percent = other.percent if one.percent is None else one.percent
    return replace(one, percent=percent, presences=tuple(sorted(presences)))


def _pairs(link: LinkMatrix) -> Iterator[SeenPair]:
    bad: dict[tuple[str, str, str], list[Cell]] = {}
    for cell in link.cells:
        if cell.fit is not Fit.YES:
            key = (_name(cell.client), _name(cell.server), str(cell.fit))
            bad.setdefault(key, []).append(cell)
    for (client, server, fit), cells in sorted(bad.items()):
        shares = [_share(cell) for cell in cells]
        known = [share for share in shares if share is not None]
        percent = round(sum(known), 4) if len(known) == len(shares) else None
        yield SeenPair(link=link.link, client=client, server=server, fit=fit, percent=percent)


def _share(cell: Cell) -> float | None:
    client, server = cell.client.percent, cell.server.percent
    return None if client is None or server is None else client * server / 100


def _causes(report: Report) -> Iterator[SeenCause]:
    for each in report.findings:
        if each.severity is not Severity.NOTICE:
            yield SeenCause(code=str(each.code), subject=each.subject, severity=each.severity)


def _name(live: Live) -> str:
    return "" if live.build is None else str(live.build)
