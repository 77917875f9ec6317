"""Reports as a page in a file."""

import json
from collections.abc import Sequence
from datetime import datetime

from skewcheck.core.report import Report
from skewcheck.render.machine import render_json
from skewcheck.render.page.page import render_page
from skewcheck.render.page.view import EnvironmentView, PageView


def view_of_report(report: Report) -> EnvironmentView:
    """Without what was seen before it."""
    document = json.loads(render_json([report]))
    return EnvironmentView(name=report.environment, report=document)


def render_views(views: Sequence[EnvironmentView], *, at: datetime) -> str:
    return render_page(PageView(at=at, environments=tuple(views)))


def render_reports(reports: Sequence[Report]) -> str:
    """As of the newest."""
    at = max(report.at for report in reports)
    return render_views([view_of_report(each) for each in reports], at=at)
