"""Answers that every part of the web application gives alike: JSON, and what went wrong."""

import json
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from skewcheck.render.machine.as_json import dumped
from skewcheck.render.machine.probes import JsonObject
from skewcheck.render.printable import printable


def json_answer(value: JsonObject, status: int = 200) -> Response:
    """Indented, and only ASCII, as the command line writes it."""
    return Response(dumped(value), status, media_type="application/json")


def wants_json(request: Request) -> bool:
    """Programs that read the API, and whoever says so."""
    accept = request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or "application/json" in accept


def problem(
    request: Request, status: int, why: str, *, hint: str = "", headers: Mapping[str, str] = {}
) -> Response:
    """One sentence and the next thing to do, for people or as JSON."""
    if wants_json(request):
        body = json.dumps({"schema": 1, "error": printable(why), "hint": printable(hint)})
        return Response(body + "\n", status, dict(headers), media_type="application/json")
    lines = [why, *([f"next: {hint}"] if hint else [])]
    text = "".join(f"{printable(line)}\n" for line in lines)
    return Response(text, status, dict(headers), media_type="text/plain")


async def told(request: Request, error: Exception) -> Response:
    """What Starlette itself refuses: no such place, no such method, a body that is too long."""
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for no other
    return problem(request, error.status_code, error.detail, headers=error.headers or {})
