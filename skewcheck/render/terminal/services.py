"""Services and their witnesses: as wide a table as there is room for, else one block a service."""

from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from skewcheck.core.survey import Survey
from skewcheck.render.printable import printable
from skewcheck.render.terminal.canvas import styled
from skewcheck.render.witnesses import COLUMNS, Row, Seen, State, legend, witness_row

GAP = 3
STYLES = {
    State.KEPT: "green",
    State.DIFFERS: "bold yellow",
    State.UNKNOWN: "magenta",
    State.PLAIN: "",
}


def service_table(survey: Survey, width: int) -> Iterator[RenderableType]:
    rows = {name: witness_row(survey, service) for name, service in survey.services.items()}
    if not rows:
        return
    columns = [column for column in COLUMNS if any(row[column] for row in rows.values())]
    for brief in (False, True):
        lines = {name: _cells(row, columns, brief=brief) for name, row in rows.items()}
        if _natural_width(lines, columns) <= width:
            yield wide_table(["service", *columns], lines)
            break
    else:
        yield _stacked(rows, columns)
    if signs := legend(rows.values()):
        yield styled(signs, "dim")


def cell_text(seen: Sequence[Seen], *, brief: bool) -> Text:
    shown = [styled(each.brief if brief else str(each), STYLES[each.state]) for each in seen]
    return Text("\n").join(shown)


def wide_table(titles: Sequence[str], rows: Mapping[str, Sequence[Text]]) -> Table:
    table = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False, header_style="dim")
    for title in titles:
        table.add_column(styled(title), overflow="fold")
    for name, cells in rows.items():
        table.add_row(styled(name, "bold"), *cells)
    return table


def natural_width(titles: Sequence[str], rows: Mapping[str, Sequence[Text]]) -> int:
    """What the table wants without any folding."""
    names = [styled(title) for title in titles]
    cells = [names, *([styled(name), *row] for name, row in rows.items())]
    widest = [max(_widest_line(text) for text in column) for column in zip(*cells, strict=True)]
    return sum(widest) + GAP * (len(widest) - 1)


def _natural_width(rows: Mapping[str, Sequence[Text]], columns: Sequence[str]) -> int:
    return natural_width(["service", *columns], rows)


def _widest_line(text: Text) -> int:
    return max((line.cell_len for line in text.split("\n")), default=0)


def _cells(row: Row, columns: Sequence[str], *, brief: bool) -> list[Text]:
    return [cell_text(row[column], brief=brief) for column in columns]


def _stacked(rows: Mapping[str, Row], columns: Sequence[str]) -> Table:
    """The service's name stands once; a long one is folded rather than cut."""
    table = Table.grid(padding=(0, GAP, 0, 0))
    table.add_column(max_width=20, overflow="fold")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, row in rows.items():
        title = printable(name)
        for column in columns:
            if row[column]:
                cell = cell_text(row[column], brief=False)
                table.add_row(Text(title, "bold"), styled(column, "dim"), cell)
                title = ""
    return table
