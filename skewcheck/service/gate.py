"""`POST /gate`, Flagger's webhook: judged anew for each request, and only a pass is 200.

Rules: whatever is not surely a pass halts, and says what mends it; a few judgements run at once,
some more wait for their turn, and a flood is refused.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from skewcheck.core.errors import SkewcheckError, UsageError
from skewcheck.core.question import CandidateWanted, Exit
from skewcheck.core.report import Report
from skewcheck.render.machine.as_json import render_json
from skewcheck.service.answers import problem, wants_json
from skewcheck.service.board import Board
from skewcheck.service.gate_payload import Asked, PayloadError, read_payload
from skewcheck.service.gate_words import gate_text
from skewcheck.service.threads import in_thread

# Judges an environment by name, the candidates included; raises UsageError for what was asked
# wrongly, other SkewcheckErrors where nobody can tell.
Judge: TypeAlias = Callable[[str, tuple[CandidateWanted, ...]], Report]

_AT_ONCE = 4
_MOST = 32
_STATUS = {Exit.PASS: 200, Exit.BLOCK: 409, Exit.INCONCLUSIVE: 503}


class Gate:
    """`_inside` counts the judgements that run or wait."""

    def __init__(self, board: Board, judge: Judge) -> None:
        self._board, self._judge = board, judge
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._inside = 0

    def routes(self) -> list[Route]:
        return [Route("/gate", self._gate, methods=["POST"])]

    async def _gate(self, request: Request) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":  # a website's form cannot send it, so none asks for us
            return problem(request, 415, "the body has to be application/json")
        try:
            asked = read_payload(await request.body())
        except PayloadError as error:
            return problem(request, 400, str(error), hint=error.hint)
        if self._board.environment(asked.environment) is None:
            return self._unknown(request, asked)
        if self._inside >= _MOST:
            why = f"{_MOST} judgements are under way or wait already"
            return problem(request, 429, why, headers={"Retry-After": "30"})
        return await self._judged(request, asked)

    def _unknown(self, request: Request, asked: Asked) -> Response:
        names = ", ".join(each.name for each in self._board.environments()) or "none yet"
        why = f"no environment {asked.environment!r} is watched (there are: {names})"
        return problem(request, 404, why, hint="name one in metadata.environment")

    async def _judged(self, request: Request, asked: Asked) -> Response:
        self._inside += 1
        try:
            async with self._turns:
                report = await in_thread(partial(self._judge, asked.environment, asked.candidates))
        except SkewcheckError as error:
            status = 400 if isinstance(error, UsageError) else 503
            return problem(request, status, str(error), hint=error.hint)
        finally:
            self._inside -= 1
        return _answer(request, report)


def _answer(request: Request, report: Report) -> Response:
    """An exit that this table does not know lets nothing pass."""
    status = _STATUS.get(report.exit, 503)
    if wants_json(request):
        return Response(render_json([report]), status, media_type="application/json")
    return Response(gate_text(report), status, media_type="text/plain")
