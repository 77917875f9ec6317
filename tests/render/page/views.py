"""What pages are made of in tests: documents of reports, stretches, and a page of one view."""

import json
from datetime import timedelta
from typing import Any

from skewcheck.core.chronicle.snapshot import SeenBuild, SeenCause, SeenPair, Snapshot, Stretch
from skewcheck.core.findings import Severity, Verdict
from skewcheck.core.report import Report
from skewcheck.core.strict_json import Json
from skewcheck.render.machine import render_json
from skewcheck.render.page import render_page
from skewcheck.render.page.view import EnvironmentView, PageView
from tests.builders import NEW, NOW, OLD
from tests.render import worlds
from tests.render.page.markup import Element, read_page

SKEW = SeenPair(link="chat", client=OLD.value, server=NEW.value, fit="no", percent=12.5)
DOUBT = SeenPair(link="chat", client="", server=NEW.value, fit="unknown")
STALE = SeenCause(code="stale-edge", subject="frontend", severity=Severity.BLOCK)


def document_of(report: Report) -> dict[str, Json]:
    read: dict[str, Json] = json.loads(render_json([report]))
    return read


def view(report: Report | None = None, **changed: Any) -> EnvironmentView:
    known: dict[str, Any] = {
        "name": "staging",
        "report": document_of(worlds.incident() if report is None else report),
    }
    return EnvironmentView(**{**known, **changed})


def unseen(**changed: Any) -> EnvironmentView:
    """No survey of it was taken yet."""
    return EnvironmentView(**{"name": "preview", "report": None, **changed})


def page(*views: EnvironmentView, **changed: Any) -> Element:
    """As read three minutes after it was surveyed."""
    return read_page(html(*views, **changed))


def html(*views: EnvironmentView, **changed: Any) -> str:
    known: dict[str, Any] = {"at": NOW + timedelta(minutes=3), "environments": views or (view(),)}
    return render_page(PageView(**{**known, **changed}))


def seen(build: str = NEW.value, *presences: str, **changed: Any) -> SeenBuild:
    return SeenBuild(build=build, presences=presences or ("traffic",), **changed)


def snapshot(verdict: Verdict = Verdict.PASS, **changed: Any) -> Snapshot:
    known: dict[str, Any] = {
        "services": {"frontend": (seen(percent=100),), "backend": (seen(percent=100),)}
    }
    return Snapshot(verdict=verdict, **{**known, **changed})


def stretch(first_h: float, last_h: float, what: Snapshot | None = None) -> Stretch:
    """From so many hours ago to so many hours ago."""
    return Stretch(
        first=NOW - timedelta(hours=first_h),
        last=NOW - timedelta(hours=last_h),
        snapshot=what or snapshot(),
    )


def pair_of(text: str) -> SeenPair:
    return SeenPair(link=text, client=text, server=text, fit="no", percent=1)
