"""Asks the platform's log for its own words on our probes. They corroborate; they never decide."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from skewcheck.core.logs.query import LogLine, LogQuery
from skewcheck.core.probed.probes import LinkProbe, Probed
from skewcheck.core.reading import Unreadable
from skewcheck.core.survey import Survey
from skewcheck.core.wire.secret import MASK, Secret
from skewcheck.flows.doors import Doors

_TRIES, _BETWEEN_S = 4, 0.5  # entries come a little after what they are about
_MOST_IDS = 6
_SLACK = timedelta(minutes=1)  # the platform's clock is not ours


def read_logs(doors: Doors, survey: Survey, link: LinkProbe, used: Iterable[Secret]) -> LinkProbe:
    """The link with the lines about the probes that tell most, or why there are none; a service
    that logs a token it was sent (`used`) does not make us show it."""
    services = survey.manifest.cloud_run_of(link.server)
    cdn = survey.manifest.cloud_cdn_of(link.server)
    ids = _telling(link)
    if not services:
        return replace(link, no_logs=f"{link.server} is not on Cloud Run")
    if not ids:
        return replace(link, no_logs="nothing was probed")
    projects = {project for project, _, _ in services} | ({cdn.project} if cdn else set())
    query = LogQuery(
        probe_ids=ids, since=survey.at - _SLACK, services=services, projects=tuple(sorted(projects))
    )
    return _masked(_ask(doors, link, query), used)


def _ask(doors: Doors, link: LinkProbe, query: LogQuery) -> LinkProbe:
    lines: tuple[LogLine, ...] = ()
    for tried in range(_TRIES):
        if tried:
            doors.clock.wait(_BETWEEN_S)
        got = doors.logs.lines(query)
        if isinstance(got, Unreadable):
            return replace(link, no_logs=f"{got.detail} ({got.fix})" if got.fix else got.detail)
        lines = got
        if {line.probe_id for line in lines} >= set(query.probe_ids):
            break
    return replace(link, logs=lines, no_logs="" if lines else "nothing was logged about them yet")


def _masked(link: LinkProbe, used: Iterable[Secret]) -> LinkProbe:
    shapes = {shape for secret in used for shape in secret.shapes()}
    ordered = sorted(shapes, key=len, reverse=True)
    return replace(link, logs=tuple(_without(line, ordered) for line in link.logs))


def _without(line: LogLine, shapes: Sequence[str]) -> LogLine:
    text = line.text
    for shape in shapes:
        text = text.replace(shape, MASK)
    return replace(line, text=text)


def _telling(link: LinkProbe) -> tuple[str, ...]:
    """Failures first; of each kind of probe its worst."""
    ordered = sorted(link.probed, key=_holds)
    ids = (each.worst[0].id for each in ordered)
    return tuple(dict.fromkeys(ids))[:_MOST_IDS]


def _holds(probed: Probed) -> bool:
    return probed.state == "holds"
