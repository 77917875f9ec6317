"""The results as a Markdown table, ready for docs/benchmarks.md."""

from collections.abc import Iterable, Sequence

from benchmarks.contest import Row

_HEAD = ("what", "peer", "skewcheck", "peer takes", "ratio", "of the pairs", "target", "")
_HOLDS = {True: "holds", False: "**MISSED**", None: ""}


def render(rows: Iterable[Row]) -> str:
    lines = [_HEAD, ("---",) * len(_HEAD), *map(_cells, rows)]
    return "\n".join(_line(cells) for cells in lines)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.what,
        row.peer,
        row.ours,
        row.theirs,
        row.ratio,
        row.pairs,
        row.target,
        _HOLDS[row.holds],
    )
