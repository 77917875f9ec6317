"""The only file that names adapters: opens them for one run and closes them after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from skewcheck import __version__
from skewcheck.adapters.clock import SystemClock
from skewcheck.core.errors import UsageError
from skewcheck.flows.load import Loaded, environments_at, load_file, load_manifest
from skewcheck.settings import Settings

if TYPE_CHECKING:
    from skewcheck.core.report import Report
    from skewcheck.flows.doors import Doors
    from skewcheck.ports import Clock, Histories, HttpReader

_LIBRARIES = ("requests", "GitPython", "packaging", "google-auth", "pydantic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the user wants the manifest to come from."""

    repo: Path
    ref: str | None = None
    policy_ref: str | None = None
    file: Path | None = None


@contextmanager
def opened(
    settings: Settings, source: Source, environment: str, *, hosts: frozenset[str] = frozenset()
) -> Iterator[tuple[Doors, Loaded]]:
    """Loads the manifest before anything heavy: a mistake in it must be told at once.

    `hosts` may be led to by redirects, besides those that the manifest names.
    """
    from skewcheck.adapters.git_history import GitHistories

    clock = SystemClock()
    with ExitStack() as stack:
        histories = stack.enter_context(GitHistories(base=source.repo, cache=settings.cache))
        loaded = _load(histories, settings, source, environment)
        http = stack.enter_context(_http(clock, loaded.manifest.hosts() | hosts))
        yield _doors(settings, source, histories, http, clock, environment), loaded


@contextmanager
def _http(clock: Clock, hosts: frozenset[str]) -> Iterator[HttpReader]:
    from skewcheck.adapters.http_reader import RequestsReader

    reader = RequestsReader(allowed_hosts=hosts, clock=clock)
    try:
        yield reader
    finally:
        reader.close()


@contextmanager
def http_only(hosts: frozenset[str]) -> Iterator[tuple[HttpReader, Clock]]:
    """For questions that need neither git nor a cloud."""
    clock = SystemClock()
    with _http(clock, hosts) as reader:
        yield reader, clock


def installed_versions() -> dict[str, str]:
    """What a report was made with; for bug reports and for evidence."""
    from importlib import metadata

    return {"skewcheck": __version__, **{name: metadata.version(name) for name in _LIBRARIES}}


def _load(histories: Histories, settings: Settings, source: Source, environment: str) -> Loaded:
    if source.file is not None:
        return load_file(_read_file(source.file), environment, file=str(source.file))
    return load_manifest(
        histories.open("."),
        environment,
        ref=source.ref or settings.ref,
        policy_ref=source.policy_ref,
    )


def _read_file(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}", hint="name a manifest file") from error


def all_environments(settings: Settings, source: Source) -> tuple[str, ...]:
    """Every environment that has a manifest at the ref."""
    from skewcheck.adapters.git_history import GitHistories

    with GitHistories(base=source.repo, cache=settings.cache) as histories:
        return environments_at(histories.open("."), source.ref or settings.ref)


def _doors(
    settings: Settings,
    source: Source,
    histories: Histories,
    http: HttpReader,
    clock: Clock,
    environment: str,
) -> Doors:
    from skewcheck.adapters.cloud_run import CloudRunPlatform
    from skewcheck.adapters.sightings import SqliteSightings
    from skewcheck.flows.doors import Doors

    return Doors(
        histories=histories,
        http=http,
        platform=CloudRunPlatform(clock=clock, endpoint=settings.gcp_endpoint),
        sightings=SqliteSightings(settings.state),
        clock=clock,
        scope=f"{environment}@{source.repo.resolve()}",
    )


def require_services(loaded: Loaded, names: Sequence[str]) -> None:
    """Raises UsageError for a candidate that the manifest does not know."""
    known = loaded.manifest.services
    for name in names:
        if name not in known:
            from difflib import get_close_matches

            near = get_close_matches(name, known, n=1)
            meant = f"; did you mean {near[0]}?" if near else f"; it has {', '.join(known)}"
            raise UsageError(
                f"{loaded.sources.file}: no service {name!r}{meant}",
                hint="--candidate SERVICE=SHA with a service of the manifest",
            )


def identity(settings: Settings) -> str:
    """Who acts: the Google credentials where they say, else the user of this machine."""
    import socket

    from skewcheck.adapters.cloud_run import CloudRunPlatform

    platform = CloudRunPlatform(clock=SystemClock(), endpoint=settings.gcp_endpoint)
    return platform.identity() or f"{settings.user}@{socket.gethostname()}"


def record_break_glass(settings: Settings, report: Report) -> None:
    """Leaves a line in the local audit trail; raises SkewcheckError where that is impossible."""
    from skewcheck.adapters.audit import append_record

    glass = report.break_glass
    if glass is not None:
        record = {
            "schema": 1,
            "at": report.at.isoformat(),
            "event": "break-glass",
            "environment": report.environment,
            "verdict": str(report.verdict),
            "candidates": {name: each.named for name, each in report.survey.candidates.items()},
            "who": glass.who,
            "why": glass.why,
            "until": glass.until.isoformat(),
        }
        append_record(settings.state, record)
