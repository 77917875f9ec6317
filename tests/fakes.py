"""Working fakes behind the ports: small, in memory, and held to the same contracts as the adapters.

tests/test_fakes.py runs one contract class against each fake and the adapter that it stands for.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from skewcheck.core.answer import Answer, FailureKind, HttpRead, NoAnswer
from skewcheck.core.build import BuildSha
from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.findings import Code
from skewcheck.core.logs.query import LogLine, LogQuery
from skewcheck.core.manifest import Token
from skewcheck.core.reading import Unreadable
from skewcheck.core.wire.script import ProbeRequest
from skewcheck.core.wire.secret import Secret
from skewcheck.core.wire.transcript import Opened, Transcript
from skewcheck.flows.doors import Doors
from skewcheck.ports import CloudRunService, NoToken, Sighting
from tests import transcripts
from tests.builders import NOW
from tests.fake_history import FakeHistories, FakeHistory


@dataclass
class FakeClock:
    """Time moves only when somebody waits, and `then` is called after each wait."""

    at: datetime = NOW
    waits: list[float] = field(default_factory=list)
    then: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.at += timedelta(seconds=seconds)
        self.then()


@dataclass(frozen=True)
class Reply:
    """What a URL answers; with `fails` there is no answer."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    fails: FailureKind | None = None


@dataclass(frozen=True)
class Asked:
    url: str
    as_browser: bool


@dataclass
class FakeHttp:
    """Replies by URL, without the query where the whole is not known; a list is used up."""

    clock: FakeClock
    replies: dict[str, Reply | list[Reply]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def read(self, url: str, *, as_browser: bool, accept: str = "*/*") -> HttpRead:
        del accept
        self.asked.append(Asked(url, as_browser))
        reply = self.replies.get(url) or self.replies.get(url.partition("?")[0])
        if isinstance(reply, list):
            reply = reply.pop(0) if len(reply) > 1 else reply[0]
        reply = reply or Reply(status=404)
        at = self.clock.now()
        if reply.fails is not None:
            return NoAnswer(url=url, kind=reply.fails, detail="as the test wants it", read_at=at)
        headers = {name.lower(): value for name, value in reply.headers.items()}
        return Answer(url=url, status=reply.status, headers=headers, body=reply.body, read_at=at)

    def urls(self) -> list[str]:
        return [each.url for each in self.asked]


@dataclass
class FakePlatform:
    """Services by short name; one that it does not know was never deployed."""

    planes: dict[str, ControlPlane | Unreadable] = field(default_factory=dict)
    asked: list[CloudRunService] = field(default_factory=list)

    def observe(
        self, wanted: Sequence[CloudRunService]
    ) -> Mapping[CloudRunService, ControlPlane | Unreadable]:
        self.asked += wanted
        return {each: self.planes.get(each.service) or _absent(each) for each in wanted}


def _absent(asked: CloudRunService) -> Unreadable:
    return Unreadable(
        url=f"https://run.googleapis.com/v2/{asked.service}",
        cause=Code.NOT_DEPLOYED,
        detail=f"there is no service {asked.service}",
        fix="deploy it",
        read_at=NOW,
    )


class FakeSightings:
    """As in the file: first and last per scope, service and build, the latest first."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str, BuildSha], tuple[datetime, datetime]] = {}

    def since(self, scope: str, moment: datetime) -> tuple[Sighting, ...]:
        found = [
            Sighting(service, build, first=first, last=last)
            for (own, service, build), (first, last) in self._seen.items()
            if own == scope and last >= moment
        ]
        found.sort(key=lambda seen: (seen.last, seen.build.value), reverse=True)
        return tuple(sorted(found, key=lambda seen: seen.service))

    def record(self, scope: str, seen: Mapping[str, Iterable[BuildSha]], at: datetime) -> None:
        for service, builds in seen.items():
            for build in builds:
                first, last = self._seen.get((scope, service, build), (at, at))
                self._seen[scope, service, build] = (min(first, at), max(last, at))


@dataclass
class FakeProber:
    """Everything is welcomed, a wrong format or token refused, unless `answers` says otherwise."""

    answers: Callable[[ProbeRequest], Transcript | None] = lambda _: None
    asked: list[tuple[ProbeRequest, Secret | None]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def probe(
        self,
        request: ProbeRequest,
        token: Secret | None,
        *,
        while_open: Callable[[], "Future[object]"] | None = None,
    ) -> Transcript:
        with self._lock:
            self.asked.append((request, token))
        answer = self.answers(request) or _usual(request)
        if while_open is not None and answer.first(Opened) is not None:
            while_open().result()
        return replace(answer, id=request.id)


def _usual(request: ProbeRequest) -> Transcript:
    if request.variant.control:
        return transcripts.rejected(400, "this server speaks chat 2.1")
    if request.variant.made_up:
        return transcripts.closed(1008, "no such token", spoken=request.script)
    return transcripts.welcomed(request.script, request.variant)


@dataclass
class FakeTokens:
    """The same token for every link; None is one that cannot be had."""

    secret: str | None = "a-token-of-the-tests"
    asked: list[Token] = field(default_factory=list)

    def token(self, wanted: Token) -> Secret | NoToken:
        self.asked.append(wanted)
        if self.secret is None:
            return NoToken(why=f"{wanted.env} is not set", fix=f"export {wanted.env}=…")
        return Secret(self.secret)


@dataclass
class FakeLogs:
    """Lines by probe id; or why there are none."""

    unreadable: Unreadable | None = None
    logged: Callable[[str], str] = lambda _: ""
    asked: list[LogQuery] = field(default_factory=list)

    def lines(self, wanted: LogQuery) -> tuple[LogLine, ...] | Unreadable:
        self.asked.append(wanted)
        if self.unreadable is not None:
            return self.unreadable
        return tuple(
            LogLine(at=NOW, by="api/api-2", severity="INFO", text=text, probe_id=probe)
            for probe in wanted.probe_ids
            if (text := self.logged(probe))
        )


@dataclass
class FakeWorld:
    """Everything behind the doors, changeable while a flow runs."""

    history: FakeHistory = field(default_factory=FakeHistory)
    others: dict[str, FakeHistory] = field(default_factory=dict)
    clock: FakeClock = field(default_factory=FakeClock)
    platform: FakePlatform = field(default_factory=FakePlatform)
    sightings: FakeSightings = field(default_factory=FakeSightings)
    prober: FakeProber = field(default_factory=FakeProber)
    tokens: FakeTokens = field(default_factory=FakeTokens)
    logs: FakeLogs = field(default_factory=FakeLogs)
    http: FakeHttp = field(init=False)

    def __post_init__(self) -> None:
        self.http = FakeHttp(self.clock)

    def doors(self) -> Doors:
        return Doors(
            histories=FakeHistories({".": self.history, **self.others}),
            http=self.http,
            platform=self.platform,
            sightings=self.sightings,
            prober=self.prober,
            tokens=self.tokens,
            logs=self.logs,
            clock=self.clock,
            scope="staging@here",
            at_once=8,
        )
