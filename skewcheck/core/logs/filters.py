"""The questions to Cloud Logging that find what was logged about probes, in its query language.

Rules of this file: every value is quoted, every mix of AND and OR stands in parentheses (in that
language OR binds closer than AND), and no filter is longer than the 20 000 characters it takes.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

from skewcheck.core.logs.query import LogQuery

MOST_AT_ONCE = 100
_PRINTED = tuple(f"run.googleapis.com/{log}" for log in ("stdout", "stderr", "varlog/system"))


def projects_of(wanted: LogQuery) -> tuple[str, ...]:
    """Where to look, each project once, those of the services first."""
    own = (project for project, _, _ in wanted.services)
    return tuple(dict.fromkeys((*own, *wanted.projects)))


def request_filters(wanted: LogQuery) -> tuple[str, ...]:
    """For the request logs, by the ids in their User-Agents; none where nothing can be found."""
    places = _places(wanted)
    if not places:
        return ()
    return tuple(
        f"{_since(wanted.since)} AND {_any(_agents(ids))} AND {_any(places)}"
        for ids in _batches(dict.fromkeys(wanted.probe_ids))
    )


def printed_filters(since: datetime, traces: Iterable[str]) -> tuple[str, ...]:
    """For what the programs themselves printed while they served requests of those traces."""
    logs = _any([f"log_id({_quoted(name)})" for name in _PRINTED])
    return tuple(
        f"{_since(since)} AND trace={_any([_quoted(each) for each in some])} AND {logs}"
        for some in _batches(traces)
    )


def _places(wanted: LogQuery) -> list[str]:
    services = [
        f"(resource.labels.project_id={_quoted(project)} AND "
        f"resource.labels.location={_quoted(region)} AND "
        f"resource.labels.service_name={_quoted(name)})"
        for project, region, name in wanted.services
    ]
    requests = 'resource.type="cloud_run_revision" AND log_id("run.googleapis.com/requests")'
    own = [f"({requests} AND {_any(services)})"] if services else []
    return own + (['resource.type="http_load_balancer"'] if wanted.projects else [])


def _agents(ids: Iterable[str]) -> list[str]:
    return [f"httpRequest.userAgent:{_quoted(each)}" for each in ids]


def _since(moment: datetime) -> str:
    written = moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return f'timestamp>="{written}"'


def _any(parts: Sequence[str]) -> str:
    return f"({' OR '.join(parts)})"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _batches(values: Iterable[str]) -> Iterator[list[str]]:
    left = iter(values)
    while some := list(islice(left, MOST_AT_ONCE)):
        yield some
