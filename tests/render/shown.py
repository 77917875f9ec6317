"""Reports as a terminal without colours shows them."""

from skewcheck.core.report import Report
from skewcheck.render.terminal import render_terminal


def shown(*reports: Report, width: int = 80) -> str:
    return render_terminal(reports, width=width, colour=False)
