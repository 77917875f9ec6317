"""The web application really served: uvicorn on a free port in a thread, asked over real HTTP."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import uvicorn
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from skewcheck.core.question import CandidateWanted
from skewcheck.core.report import Report
from skewcheck.core.strict_json import Json, parse_json
from skewcheck.ports.service import Logins, NotLetIn, Shared, Visitor
from skewcheck.render.machine.as_json import render_json
from skewcheck.render.page.view import EnvironmentView, PageView
from skewcheck.service.app import build_app
from skewcheck.service.board import Board
from skewcheck.service.dockerflow import About
from skewcheck.service.pages import Face
from tests.builders import report
from tests.fakes import FakeClock
from tests.service_fakes import FakeAudit, FakeChronicle, FakeShelf

POLICY = "default-src 'none'; style-src 'sha256-x'"


@dataclass(frozen=True)
class Got:
    """Header names are lower-case; of a header that came twice, all values."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return parse_json(self.body)


@dataclass
class FakeLogins:
    """Lets in whoever says `Bearer ada`."""

    asked: list[Mapping[str, str]] = field(default_factory=list)

    def visitor(self, headers: Mapping[str, str]) -> Visitor | NotLetIn:
        self.asked.append(headers)
        if headers.get("authorization") == "Bearer ada":
            return Visitor(email="ada@acme.example")
        return NotLetIn(why="the token\x1b has expired")


@dataclass
class FakeJudge:
    """Answers as told, or fails; `asked` is what it was asked."""

    answer: Callable[[], Report] = report
    asked: list[tuple[str, tuple[CandidateWanted, ...]]] = field(default_factory=list)

    def __call__(self, environment: str, candidates: tuple[CandidateWanted, ...]) -> Report:
        self.asked.append((environment, candidates))
        return self.answer()


@dataclass
class FakeFace:
    """A renderer that counts, and writes what it was given."""

    rendered: list[PageView] = field(default_factory=list)

    def __call__(self, view: PageView) -> str:
        self.rendered.append(view)
        names = " ".join(f"{each.name}:{each.trouble}" for each in view.environments)
        return f"<main>{names} {view.version}</main>"


@dataclass
class World:
    """All that the application is made of; a test changes what matters to it."""

    board: Board = field(default_factory=Board)
    clock: FakeClock = field(default_factory=FakeClock)
    judge: FakeJudge = field(default_factory=FakeJudge)
    face: FakeFace = field(default_factory=FakeFace)
    shelf: FakeShelf = field(default_factory=FakeShelf)
    logins: Logins | None = None
    slack_routes: tuple[BaseRoute, ...] = ()
    about: About = field(default_factory=About)

    @property
    def shared(self) -> Shared:
        return Shared(
            shelf=self.shelf,
            chronicle=FakeChronicle(),
            audit=FakeAudit(),
            clock=self.clock,
            scope="acme",
            holder="here",
        )

    @contextmanager
    def served(self) -> Iterator["Site"]:
        app = build_app(
            self.board,
            judge=self.judge,
            logins=self.logins,
            shared=self.shared,
            slack_routes=self.slack_routes,
            face=Face(render=self.face, csp=POLICY, about=self.about),
        )
        with running(app) as site:
            try:
                yield site
            finally:
                self.board.close()


def document(of: Report | None = None) -> dict[str, Json]:
    """A report as it stands on the board."""
    read = parse_json(render_json([of or report()]).encode())
    assert isinstance(read, dict)
    return read


def view(name: str = "staging", of: Report | None = None, **changed: Any) -> EnvironmentView:
    said: dict[str, Any] = {"report": document(of)}
    return EnvironmentView(name=name, **(said | changed))


@dataclass(frozen=True)
class Site:
    """One client after the other: a connection for each request."""

    port: int

    def get(self, path: str, **headers: str) -> Got:
        return self.ask("GET", path, headers=headers)

    def ask(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] = {}
    ) -> Got:
        """Underscores in header names stand for dashes."""
        with self.asked(method, path, body=body, headers=headers) as response:
            got = {name.lower(): value for name, value in response.getheaders()}
            return Got(response.status, got, response.read())

    @contextmanager
    def asked(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] = {}
    ) -> Iterator[HTTPResponse]:
        """The answer with its body unread, for streams."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        response = connection.getresponse()
        try:
            yield response
        finally:
            response.close()
            connection.close()


class _Announced(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


@contextmanager
def running(app: ASGIApp) -> Iterator[Site]:
    """Listening; stopped at the end."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, lifespan="off", ws="none", log_config=None, timeout_graceful_shutdown=2
    )
    server = _Announced(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        assert server.listens.wait(20)
        yield Site(listening.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
