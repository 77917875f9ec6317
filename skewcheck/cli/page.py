"""`--format page`: what was found now, and what is known of the past, in one file."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from skewcheck.core.errors import SkewcheckError

if TYPE_CHECKING:
    from skewcheck.core.report import Report
    from skewcheck.render.page.view import EnvironmentView
    from skewcheck.settings import Settings
    from skewcheck.wiring import Source

_BACK = timedelta(days=7)


def page_of(settings: "Settings", source: "Source", reports: Sequence["Report"]) -> str:
    """A manifest outside of git belongs to no project: it has no past."""
    from skewcheck.render.page.reports import render_views, view_of_report

    views = [view_of_report(report) for report in reports]
    if source.file is None:
        views = [
            _with_past(settings, source, view, report)
            for view, report in zip(views, reports, strict=True)
        ]
    return render_views(views, at=max(report.at for report in reports))


def _with_past(
    settings: "Settings", source: "Source", view: "EnvironmentView", report: "Report"
) -> "EnvironmentView":
    """The page stands without it: that it cannot be read is told there."""
    from skewcheck.flows.look_back import rollouts_of, stretches_of
    from skewcheck.wiring.rollout import opened_for_rollouts
    from skewcheck.wiring.service import chronicle_of

    try:
        with opened_for_rollouts(settings, source, view.name) as bench:
            since, chronicle = report.at - _BACK, chronicle_of(settings)
            return replace(
                view,
                history=stretches_of(chronicle, bench.doors.scope, since=since),
                rollouts=rollouts_of(bench.engine),
                hold=bench.notes.hold(),
            )
    except SkewcheckError as error:
        return replace(view, notes=(f"what was before could not be read: {error}",))
