"""The small doors that flows go through to the outside; adapters stand behind them.

What can happen every day comes back as a value (`NoAnswer`, `NotInHistory`, `Unreadable`); what
stops the run raises SkewcheckError with the next command to run.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from skewcheck.core.answer import HttpRead
from skewcheck.core.build import BuildSha
from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.history import Commit, FileVersion, NotInHistory, Relation
from skewcheck.core.logs.query import LogLine, LogQuery
from skewcheck.core.manifest import Token
from skewcheck.core.reading import Unreadable
from skewcheck.core.wire.script import ProbeRequest
from skewcheck.core.wire.secret import Secret
from skewcheck.core.wire.transcript import Transcript


class Clock(Protocol):
    """The only way to learn the time and the only way to wait."""

    def now(self) -> datetime:
        """Aware, in UTC."""
        ...

    def wait(self, seconds: float) -> None: ...


class HttpReader(Protocol):
    """GETs one URL; safe to call from many threads at once; never raises for what the net does."""

    def read(self, url: str, *, as_browser: bool, accept: str = "*/*") -> HttpRead:
        """`as_browser` sends what a browser sends to a page (encodings included), no cookies;
        otherwise identity encoding. Redirects are followed only to hosts named beforehand."""
        ...


class History(Protocol):
    """One repository's git history. Safe to call from many threads. Answers about absent or
    too shallow history are values; a place that is no repository raises UsageError at once."""

    def project(self) -> str:
        """One name for this project on every machine: its remote's, without scheme and
        credentials; where it has none, the place where it lies."""
        ...

    def resolve(self, ref: str) -> BuildSha:
        """The full commit that a branch, tag, remote branch or SHA names; UsageError if none."""
        ...

    def default_branch(self) -> str | None:
        """`origin/main` or the like, where the remote's default branch is known."""
        ...

    def remote(self) -> str | None:
        """The remote that is asked for more, None where there is none."""
        ...

    def expand(self, prefix: str) -> BuildSha | NotInHistory:
        """The one commit that a full or abbreviated SHA names."""
        ...

    def file_at(self, build: BuildSha, path: str) -> bytes | NotInHistory | None:
        """The file's bytes at that commit; None where the commit exists and has no such file."""
        ...

    def relation(self, build: BuildSha, to: BuildSha) -> Relation:
        """How `build` stands to `to`: behind 2 means that `to` has 2 commits more."""
        ...

    def commits_between(
        self, older: BuildSha, newer: BuildSha, *, limit: int, paths: Sequence[str] = ()
    ) -> tuple[Commit, ...]:
        """Commits in `newer` but not in `older`, the newest first; empty where git cannot tell.
        Only those that touch any of the globs, if given."""
        ...

    def commit(self, build: BuildSha) -> Commit | NotInHistory: ...

    def last_touch(self, ref: str, paths: Sequence[str]) -> Commit | NotInHistory:
        """The last commit that brought a change of any of the globs onto `ref` (the merge, where
        one did); the tip itself if none given."""
        ...

    def touches(self, ref: str, paths: Sequence[str], *, since: datetime) -> tuple[Commit, ...]:
        """The commits reachable from `ref` that touched any of the globs since then, plus the
        newest one before it, newest first: every build that the ref ever meant in the window."""
        ...

    def files_in(self, build: BuildSha, folder: str) -> tuple[str, ...]:
        """The names of the files directly in that folder at that commit; empty if there is none."""
        ...

    def doubts(self) -> tuple[NotInHistory, ...]:
        """Why answers given so far may be old or too short, each with its fix."""
        ...

    def versions(self, path: str, *, ref: str, since: datetime) -> tuple[FileVersion, ...]:
        """The file's committed states since then plus the newest one before it, newest first:
        all that were ever current within the window."""
        ...


class Histories(Protocol):
    """Opens repositories by path or git URL, each once per run."""

    def open(self, place: str) -> History:
        """`.` is the manifest's own repository. Raises UsageError where there is none."""
        ...


class Platform(Protocol):
    """Where revisions run and traffic is split."""

    def observe(
        self, wanted: Sequence["CloudRunService"]
    ) -> Mapping["CloudRunService", ControlPlane | Unreadable]:
        """All services asked for, in as few calls as possible; one answer for each."""
        ...


@dataclass(frozen=True, slots=True)
class CloudRunService:
    """The address of one Cloud Run service in one region."""

    project: str
    region: str
    service: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """A build of a service that a survey saw live, first and last."""

    service: str
    build: BuildSha
    first: datetime
    last: datetime


class Sightings(Protocol):
    """What earlier surveys saw, so that clients that may linger are known."""

    def since(self, scope: str, moment: datetime) -> tuple[Sighting, ...]:
        """All builds of `scope` whose last sighting is at or after `moment`."""
        ...

    def record(self, scope: str, seen: Mapping[str, frozenset[BuildSha]], at: datetime) -> None:
        """Adds what one survey saw live, per service."""
        ...


class Prober(Protocol):
    """Opens one WebSocket as a browser would and writes down all that happens. Safe to call from
    many threads at once; never raises for what the net or the other side does."""

    def probe(
        self,
        request: ProbeRequest,
        token: Secret | None,
        *,
        while_open: Callable[[], "Future[object]"] | None = None,
    ) -> Transcript:
        """`while_open` is called once when the socket is open; we stay until its future is done,
        or for as long as the answer to a handshake may take."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NoToken:
    """Why there is no token, in one line without secrets, and what mends it."""

    why: str
    fix: str


class Tokens(Protocol):
    """Gets the token that a link's manifest names; anew for each call."""

    def token(self, wanted: Token) -> Secret | NoToken: ...


class Logs(Protocol):
    """The platform's own log lines about our probes. They corroborate and never decide."""

    def lines(self, wanted: LogQuery) -> tuple[LogLine, ...] | Unreadable:
        """The oldest first; empty where nothing was logged, or not yet."""
        ...
