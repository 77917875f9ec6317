"""Dockerflow: which skewcheck this is, and whether it can do its work. Open to load balancers.

Whoever asks may be a stranger: nothing is told but names of environments, no cause, no address.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from skewcheck import __version__
from skewcheck.core.errors import SkewcheckError
from skewcheck.ports.service import Shared
from skewcheck.render.machine.probes import JsonObject
from skewcheck.service.answers import json_answer
from skewcheck.service.board import Board
from skewcheck.service.threads import in_thread

_ANSWERS_WITHIN_S = 5
_KEPT_FOR = timedelta(seconds=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which build of skewcheck serves, where that is known; empty where it is not."""

    source: str = ""
    commit: str = ""
    build: str = ""
    environment: str = ""


class Dockerflow:
    """The database is asked at most every other second, however many ask us."""

    def __init__(self, board: Board, shared: Shared, about: About) -> None:
        self._board, self._shared, self._about = board, shared, about
        self._asking = asyncio.Lock()
        self._asked: tuple[datetime, bool] | None = None

    def routes(self) -> list[Route]:
        return [
            Route("/__version__", self._version),
            Route("/__heartbeat__", self._heartbeat),
            Route("/__lbheartbeat__", _alive),
        ]

    async def _version(self, _: Request) -> Response:
        about = self._about
        return json_answer(
            {
                "source": about.source,
                "version": __version__,
                "commit": about.commit,
                "build": about.build,
                "environment": about.environment,
                "protocols": [],
            }
        )

    async def _heartbeat(self, _: Request) -> Response:
        late = _late(self._board)
        problems = {
            "database": "" if await self._database_answers() else "does not answer",
            "surveys": f"late or failed: {', '.join(late)}" if late else "",
        }
        checks: JsonObject = {name: "error" if told else "ok" for name, told in problems.items()}
        details: JsonObject = {name: told for name, told in problems.items() if told}
        status = "error" if details else "ok"
        answer: JsonObject = {"status": status, "checks": checks, "details": details}
        return json_answer(answer, 500 if details else 200)

    async def _database_answers(self) -> bool:
        async with self._asking:
            now = self._shared.clock.now()
            if self._asked is None or now - self._asked[0] >= _KEPT_FOR:
                self._asked = now, await self._ask()
            return self._asked[1]

    async def _ask(self) -> bool:
        try:
            reading = in_thread(partial(self._shared.shelf.read, "look", ""))
            await asyncio.wait_for(reading, _ANSWERS_WITHIN_S)
        except (SkewcheckError, TimeoutError):
            return False
        return True


def _late(board: Board) -> list[str]:
    views = board.environments()
    if not views:
        return ["every environment, as none was surveyed yet"]
    return [each.name for each in views if each.trouble or each.report is None]


async def _alive(_: Request) -> Response:
    return PlainTextResponse("")
