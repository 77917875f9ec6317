"""Several environments side by side: what runs where, and each verdict."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from skewcheck.core.report import Report
from skewcheck.render.terminal.canvas import Hanging, row, styled
from skewcheck.render.terminal.services import cell_text, natural_width, wide_table
from skewcheck.render.terminal.verdicts import verdict_text
from skewcheck.render.witnesses import running_cell


def summary(reports: Sequence[Report], width: int) -> Iterator[RenderableType]:
    names = dict.fromkeys(name for report in reports for name in report.survey.services)
    titles = ["service", *(report.environment for report in reports)]
    rows = {name: [_cell(report, name) for report in reports] for name in names}
    rows["verdict"] = [verdict_text(report) for report in reports]
    if natural_width(titles, rows) <= width:
        yield wide_table(titles, rows)
    else:
        yield from _stacked(reports)


def _cell(report: Report, name: str) -> Text:
    service = report.survey.services.get(name)
    return cell_text(running_cell(report.survey, service), brief=True) if service else Text("-")


def _stacked(reports: Sequence[Report]) -> Iterator[RenderableType]:
    for report in reports:
        yield Hanging(row(styled(report.environment, "bold"), verdict_text(report)))
        for name in report.survey.services:
            told = _cell(report, name).plain.replace("\n", ", ")
            yield Hanging(row(styled(name), told), start=2)
