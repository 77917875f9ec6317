"""The ports of a drill: behind each stands a world in memory, and nothing outside is touched."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from skewcheck.core.answer import Answer, HttpRead
from skewcheck.core.build import BuildSha
from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.drill.peer import TOKEN, speak
from skewcheck.core.drill.texts import NOW
from skewcheck.core.drill.world import Page, World
from skewcheck.core.logs.query import LogLine, LogQuery
from skewcheck.core.manifest import Token
from skewcheck.core.reading import Unreadable
from skewcheck.core.wire.script import ProbeRequest
from skewcheck.core.wire.secret import Secret
from skewcheck.core.wire.transcript import Opened, Transcript
from skewcheck.flows.doors import Doors
from skewcheck.flows.drill.history import WrittenHistory
from skewcheck.ports import CloudRunService, NoToken, Sighting

_FEW = 4  # nothing is waited for


def doors_to(world: World) -> Doors:
    """Everything that a gate can ask, answered by that world."""
    return Doors(
        histories=_Histories(WrittenHistory(world.commits)),
        http=_Http(world.pages),
        platform=_Platform(world.planes),
        sightings=_Sightings(),
        prober=_Prober(world),
        tokens=_Tokens(),
        logs=_Logs(),
        clock=_Clock(),
        scope="drill",
        at_once=_FEW,
    )


@dataclass(frozen=True, slots=True)
class _Histories:
    history: WrittenHistory

    def open(self, place: str) -> WrittenHistory:
        del place
        return self.history


@dataclass(frozen=True, slots=True)
class _Http:
    pages: Mapping[str, Page]

    def read(self, url: str, *, as_browser: bool, accept: str = "*/*") -> HttpRead:
        del as_browser, accept
        page = self.pages.get(url.partition("?")[0])
        headers = {"content-type": page.kind if page else "", "cache-control": "no-store"}
        body = page.text.encode() if page else b""
        status = 200 if page else 404
        return Answer(url=url, status=status, headers=headers, body=body, read_at=NOW)


@dataclass(frozen=True, slots=True)
class _Platform:
    planes: Mapping[str, ControlPlane]

    def observe(
        self, wanted: Sequence[CloudRunService]
    ) -> Mapping[CloudRunService, ControlPlane | Unreadable]:
        return {each: self.planes[each.service] for each in wanted}


def _counters() -> dict[str, Iterator[int]]:
    return {place: count(1) for place in ("edge", "direct", "candidate")}


@dataclass(frozen=True, slots=True)
class _Prober:
    """Counts its probes place by place; `next` of a counter is safe from many threads."""

    world: World
    turns: dict[str, Iterator[int]] = field(default_factory=_counters)

    def probe(
        self,
        request: ProbeRequest,
        token: Secret | None,
        *,
        while_open: Callable[[], "Future[object]"] | None = None,
    ) -> Transcript:
        turn = next(self.turns[request.target.place])
        peer = self.world.peers.at(request.target)
        seen = Transcript(
            id=request.id,
            url=request.target.url,
            started=NOW,
            events=tuple(speak(peer, request, token, turn=turn)),
        )
        if while_open is not None and seen.first(Opened) is not None:
            while_open().result()
        return seen


@dataclass(frozen=True, slots=True)
class _Tokens:
    def token(self, wanted: Token) -> Secret | NoToken:
        del wanted
        return TOKEN


@dataclass(frozen=True, slots=True)
class _Logs:
    def lines(self, wanted: LogQuery) -> tuple[LogLine, ...] | Unreadable:
        del wanted
        return ()


@dataclass(frozen=True, slots=True)
class _Sightings:
    """Nobody has ever looked before, and nothing is kept."""

    def since(self, scope: str, moment: datetime) -> tuple[Sighting, ...]:
        del scope, moment
        return ()

    def record(self, scope: str, seen: Mapping[str, frozenset[BuildSha]], at: datetime) -> None:
        """Drilled worlds leave no trace."""


@dataclass(frozen=True, slots=True)
class _Clock:
    def now(self) -> datetime:
        return NOW

    def wait(self, seconds: float) -> None:
        """It is always the same moment."""
