"""The only place that names adapters: opens them for one run and closes them after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from skewcheck import __version__
from skewcheck.adapters.clock import SystemClock
from skewcheck.core.errors import UsageError
from skewcheck.flows.load import Loaded, environments_at, load_file, load_manifest
from skewcheck.settings import Settings
from skewcheck.wiring.databases import database_of

if TYPE_CHECKING:
    from concurrent.futures import Future

    from skewcheck.adapters.git_history import GitHistories
    from skewcheck.core.report import Report
    from skewcheck.core.wire.script import ProbeRequest
    from skewcheck.core.wire.secret import Secret
    from skewcheck.core.wire.transcript import Transcript
    from skewcheck.flows.doors import Doors
    from skewcheck.ports import Clock, Histories, HttpReader, Prober, Tokens

_LIBRARIES = ("requests", "GitPython", "packaging", "google-auth", "pydantic", "websockets")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the user wants the manifest to come from.

    `url` is what `repo`, a mirror then, is fetched anew from; it may hold a password.
    """

    repo: Path
    ref: str | None = None
    policy_ref: str | None = None
    file: Path | None = None
    url: str = field(default="", repr=False)


@contextmanager
def opened(
    settings: Settings,
    source: Source,
    environment: str,
    *,
    hosts: frozenset[str] = frozenset(),
    allow_commands: bool = False,
) -> Iterator[tuple[Doors, Loaded]]:
    """Loads the manifest before anything heavy: a mistake in it must be told at once.

    `hosts` may be led to by redirects, besides those that the manifest names; `allow_commands`
    lets the manifest's token commands run.
    """
    clock = SystemClock()
    with ExitStack() as stack:
        histories = stack.enter_context(histories_of(settings, source))
        loaded = _load(histories, settings, source, environment)
        http = stack.enter_context(_http(clock, loaded.manifest.hosts() | hosts))
        doors = _doors(settings, source, histories, http, clock, environment)
        yield replace(doors, tokens=_tokens(settings, allow_commands=allow_commands)), loaded


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


def histories_of(settings: Settings, source: Source) -> GitHistories:
    from skewcheck.adapters.git_history import GitHistories

    return GitHistories(base=source.repo, cache=settings.cache, here=source.url)


def all_environments(settings: Settings, source: Source) -> tuple[str, ...]:
    """Every environment that has a manifest at the ref."""
    with histories_of(settings, source) as histories:
        return environments_at(histories.open("."), source.ref or settings.ref)


def _doors(
    settings: Settings,
    source: Source,
    histories: Histories,
    http: HttpReader,
    clock: Clock,
    environment: str,
) -> Doors:
    from skewcheck.adapters.cloud_logging import CloudLogging
    from skewcheck.adapters.cloud_run import CloudRunPlatform
    from skewcheck.adapters.sightings import StoredSightings
    from skewcheck.flows.doors import Doors

    return Doors(
        histories=histories,
        http=http,
        platform=CloudRunPlatform(clock=clock, endpoint=settings.gcp_endpoint),
        sightings=StoredSightings(database_of(settings, "sightings.db")),
        prober=_LazyProber(clock, settings.ca_bundle),
        tokens=_tokens(settings, allow_commands=False),
        logs=CloudLogging(clock=clock, endpoint=settings.gcp_endpoint),
        clock=clock,
        scope=_scope(settings, source, histories, environment),
    )


def _scope(settings: Settings, source: Source, histories: Histories, environment: str) -> str:
    """The same on every machine where they share a database."""
    if settings.state_url is None:
        return f"{environment}@{source.repo.resolve()}"
    return f"{environment}@{project_or_place(histories, source)}"


def project_or_place(histories: Histories, source: Source) -> str:
    """The project's name; a manifest file may lie outside of every repository: then the place."""
    try:
        return histories.open(".").project()
    except UsageError:
        if source.file is None:
            raise
        return str(source.repo.resolve())


class _LazyProber:
    """Loads the WebSocket library with the first probe: most commands make none."""

    def __init__(self, clock: Clock, ca_bundle: str) -> None:
        self._clock, self._ca_bundle = clock, ca_bundle

    @cached_property
    def _prober(self) -> Prober:
        from skewcheck.adapters.websocket_prober import WebSocketProber

        return WebSocketProber(clock=self._clock, ca_bundle=self._ca_bundle)

    def probe(
        self,
        request: ProbeRequest,
        token: Secret | None,
        *,
        while_open: Callable[[], Future[object]] | None = None,
    ) -> Transcript:
        return self._prober.probe(request, token, while_open=while_open)


def _tokens(settings: Settings, *, allow_commands: bool) -> Tokens:
    from skewcheck.adapters.tokens import ManifestTokens

    return ManifestTokens(
        variables=settings.variables,
        allow_commands=allow_commands,
        local=settings.gcp_endpoint is not None,
    )


def identity(settings: Settings) -> str:
    """Who acts: the Google credentials where they say, else the user of this machine."""
    import socket

    from skewcheck.adapters.cloud_run import CloudRunPlatform

    platform = CloudRunPlatform(clock=SystemClock(), endpoint=settings.gcp_endpoint)
    return platform.identity() or f"{settings.user}@{socket.gethostname()}"


def record_break_glass(settings: Settings, source: Source, doors: Doors, report: Report) -> None:
    """In the audit trail, where there is broken glass; raises SkewcheckError where that is
    impossible: what cannot be recorded must not happen."""
    from skewcheck.adapters.audit import StoredAudit
    from skewcheck.core.audit.gate import break_glass

    glass = report.break_glass
    if glass is not None:
        project = project_or_place(doors.histories, source)
        audit = StoredAudit(database_of(settings, "audit.db"), project)
        audit.append(break_glass(report, glass))
