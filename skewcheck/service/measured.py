"""What metrics measure, read from the report of a view: the document that `render_json` writes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from skewcheck.core.findings import Code
from skewcheck.core.wire.script import AS_A_BROWSER
from skewcheck.render.page.view import EnvironmentView

_FITS = ("yes", "unknown", "no")  # the worst last
_SHORT = 7
_SHA = 40

Pair: TypeAlias = tuple[str, str, str]  # link, client, server
Place: TypeAlias = tuple[str, str, str]  # link, place, version of the format
Counted: TypeAlias = tuple[int, int]  # held, tried


def surveyed_at(view: EnvironmentView) -> datetime | None:
    return _moment((view.report or {}).get("at"))


def pairs(view: EnvironmentView) -> dict[Pair, str]:
    """Builds that share a short name share a series: the worst of them counts. All are unknown
    where the survey is late or failed."""
    worst: dict[Pair, str] = {}
    for link in _listed(view.report, "matrix"):
        for cell in _listed(link, "cells"):
            pair = (str(link["link"]), _short(cell["client"]), _short(cell["server"]))
            fit = "unknown" if view.trouble or cell["fit"] not in _FITS else cell["fit"]
            worst[pair] = max(worst.get(pair, "yes"), fit, key=_FITS.index)
    return worst


def edges(view: EnvironmentView, now: datetime) -> dict[str, float]:
    """Only edges that could be read, and only while surveys are neither late nor failing."""
    if view.report is None or view.trouble:
        return {}
    stale = dict(_stale(view, now))
    observations: dict[str, Any] = dict(_object(view.report.get("observations")))
    return {
        name: stale.get(name, 0.0)
        for name, seen in observations.items()
        if name in stale or "build" in _object(_object(seen).get("edge"))
    }


def handshakes(view: EnvironmentView) -> dict[Place, Counted]:
    """Formats that clients send now, made as a browser makes them; experiments do not count."""
    counted: dict[Place, Counted] = {}
    if view.trouble:
        return counted
    for link in _listed(_object((view.report or {}).get("probes")), "links"):
        for probed in _listed(link, "probed"):
            form, target = probed["format"], probed["target"]
            if probed["variant"] == str(AS_A_BROWSER) and form["live"] and probed["tried"]:
                where = (str(link["link"]), str(target["place"]), str(form["version"]))
                held, tried = counted.get(where, (0, 0))
                counted[where] = held + probed["held"], tried + probed["tried"]
    return counted


def _stale(view: EnvironmentView, now: datetime) -> Iterator[tuple[str, float]]:
    """Since the finding's moment; where it has none, since the survey that found it."""
    for finding in _listed(view.report, "findings"):
        if finding["code"] == Code.STALE_EDGE:
            since = _moment(finding["since"]) or surveyed_at(view) or now
            yield str(finding["subject"]), max(1.0, (now - since) / timedelta(seconds=1))


def _short(live: dict[str, Any]) -> str:
    build = live["build"]
    if not build:
        return "unknown"
    return str(build)[:_SHORT] if len(build) == _SHA else str(build)[:_SHA]


def _listed(holder: Any, key: str) -> list[dict[str, Any]]:
    found = _object(holder).get(key)
    return found if isinstance(found, list) else []


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _moment(told: Any) -> datetime | None:
    return datetime.fromisoformat(told) if isinstance(told, str) else None
