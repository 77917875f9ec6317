"""The status page as it is sent: rendered once for all who look at the same, plain and packed.

A page tells how old things are, so it is kept for a few seconds only, changed or not.
"""

import asyncio
import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from skewcheck.ports import Clock
from skewcheck.render.page.view import EnvironmentView, PageView
from skewcheck.service.board import Board
from skewcheck.service.dockerflow import About

Render: TypeAlias = Callable[[PageView], str]
_KEPT_FOR = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What the service shows of itself: how a page is rendered, the Content-Security-Policy that
    fits it, the `notes` that stand on every page, and which build this is."""

    render: Render
    csp: str
    notes: tuple[str, ...] = ()
    about: About = field(default_factory=About)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rendered:
    version: str
    at: datetime
    plain: bytes
    packed: bytes


class Pages:
    """One page for each environment, and one for all of them (None)."""

    def __init__(self, board: Board, clock: Clock, face: Face) -> None:
        self._board, self._clock, self._face = board, clock, face
        self._kept: dict[str | None, _Rendered] = {}
        self._rendering = asyncio.Lock()

    def routes(self) -> list[Route]:
        return [
            Route("/", self._all),
            Route("/environments/{name}", self._to_its_folder),
            Route("/environments/{name}/", self._one),
        ]

    async def _all(self, request: Request) -> Response:
        return self._answer(request, await self._page(None, self._board.environments()))

    async def _to_its_folder(self, request: Request) -> Response:
        """Links and streams of a page are relative to it, whatever path stands before ours."""
        return RedirectResponse(f"{shown(self._board, request).name}/", status_code=308)

    async def _one(self, request: Request) -> Response:
        view = shown(self._board, request)
        return self._answer(request, await self._page(view.name, [view]))

    async def _page(self, name: str | None, views: Sequence[EnvironmentView]) -> _Rendered:
        version = self._board.version_of(name)
        if (kept := self._usable(name, version)) is not None:
            return kept
        async with self._rendering:  # of many who ask at once, one waits for the renderer
            if (kept := self._usable(name, version)) is not None:
                return kept
            page = await run_in_threadpool(self._rendered, version, tuple(views))
            self._kept[name] = page
            return page

    def _usable(self, name: str | None, version: str) -> _Rendered | None:
        kept = self._kept.get(name)
        if kept is None or kept.version != version:
            return None
        return kept if self._clock.now() - kept.at < _KEPT_FOR else None

    def _rendered(self, version: str, views: tuple[EnvironmentView, ...]) -> _Rendered:
        now, face = self._clock.now(), self._face
        view = PageView(at=now, environments=views, live=True, version=version, notes=face.notes)
        plain = face.render(view).encode()
        return _Rendered(
            version=version, at=now, plain=plain, packed=gzip.compress(plain, compresslevel=6)
        )

    def _answer(self, request: Request, page: _Rendered) -> Response:
        headers = {"Content-Security-Policy": self._face.csp, "Vary": "Accept-Encoding"}
        if takes_gzip(request.headers.get("accept-encoding", "")):
            headers["Content-Encoding"] = "gzip"
        body = page.packed if "Content-Encoding" in headers else page.plain
        return Response(body, headers=headers, media_type="text/html")


def shown(board: Board, request: Request) -> EnvironmentView:
    """The environment that the path names, or 404 with those that there are."""
    name = request.path_params["name"]
    view = board.environment(name)
    if view is None:
        names = ", ".join(each.name for each in board.environments()) or "none yet"
        raise HTTPException(404, f"no environment {name!r} is watched (there are: {names})")
    return view


def takes_gzip(accepted: str) -> bool:
    """RFC 9110 §12.5.3; whoever writes `q=0` does not."""
    for each in accepted.lower().split(","):
        coding, _, weight = (part.strip() for part in each.partition(";"))
        if coding in {"gzip", "*"}:
            return weight.removeprefix("q=").strip("0.") != "" or not weight
    return False
