"""The JSON API: what the board shows, as the command line writes it. It changes nothing.

Unknown is never green: a survey that is late or failed makes the verdict inconclusive, whatever
the last one said, and where there was none yet there is no document.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from skewcheck.core.findings import Verdict
from skewcheck.core.question import Exit
from skewcheck.core.rollout.consent import Hold
from skewcheck.core.strict_json import Json
from skewcheck.render.machine.observations import rfc3339
from skewcheck.render.machine.probes import JsonObject
from skewcheck.render.page.view import EnvironmentView
from skewcheck.render.rollout.as_json import render_rollouts_json, rollout_object
from skewcheck.service.answers import json_answer, problem
from skewcheck.service.board import Board
from skewcheck.service.openapi import OPENAPI
from skewcheck.service.pages import shown

_NO_SURVEY = "no survey has been taken yet"


class Api:
    def __init__(self, board: Board) -> None:
        self._board = board

    def routes(self) -> list[Route]:
        environment = "/api/v1/environments/{name}"
        return [
            Route("/api/v1/environments", self._environments),
            Route(environment, self._environment),
            Route(f"{environment}/rollouts", self._rollouts),
            Route("/api/v1/openapi.json", _openapi),
        ]

    async def _environments(self, _: Request) -> Response:
        views = self._board.environments()
        return json_answer({"schema": 1, "environments": [_in_brief(each) for each in views]})

    async def _environment(self, request: Request) -> Response:
        view = shown(self._board, request)
        if view.report is None:
            why = f"{view.name}: {view.trouble or _NO_SURVEY}"
            return problem(request, 503, why, hint="ask again in a minute")
        return json_answer(environment_document(view, view.report))

    async def _rollouts(self, request: Request) -> Response:
        text = render_rollouts_json(shown(self._board, request).rollouts)
        return Response(text, media_type="application/json")


def environment_document(view: EnvironmentView, report: dict[str, Json]) -> JsonObject:
    """The report, and what is known besides; `last` is what it said before it grew old."""
    last: JsonObject = {"verdict": report["verdict"], "exit": report["exit"]}
    unknown: JsonObject = {"verdict": str(Verdict.INCONCLUSIVE), "exit": int(Exit.INCONCLUSIVE)}
    return {
        **report,
        **(unknown if view.trouble else {}),
        "trouble": view.trouble,
        "last": last if view.trouble else None,
        "rollouts": [rollout_object(each) for each in view.rollouts],
        "hold": _hold(view.hold),
    }


def verdict_now(view: EnvironmentView) -> Json:
    """None where there was no survey yet."""
    if view.report is None:
        return None
    return str(Verdict.INCONCLUSIVE) if view.trouble else view.report["verdict"]


def _in_brief(view: EnvironmentView) -> JsonObject:
    report = view.report or {}
    headline = report.get("headline")
    return {
        "environment": view.name,
        "verdict": verdict_now(view),
        "summary": headline.get("summary", "") if isinstance(headline, dict) else "",
        "at": report.get("at"),
        "trouble": view.trouble or ("" if view.report else _NO_SURVEY),
        "hold": _hold(view.hold),
    }


def _hold(hold: Hold | None) -> Json:
    if hold is None:
        return None
    at, until = rfc3339(hold.at), rfc3339(hold.until)
    return {"who": hold.who, "why": hold.why, "at": at, "until": until}


async def _openapi(_: Request) -> Response:
    return json_answer(OPENAPI)
