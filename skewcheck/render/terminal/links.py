"""Links and compatibility: every pair of live builds, those that do not fit first."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from skewcheck.core.compatibility import Fit
from skewcheck.core.matrix import LinkMatrix
from skewcheck.render.pairs import Pair, fitting, pairs_of
from skewcheck.render.terminal.canvas import Hanging, row, styled

FIT_STYLES = {Fit.NO: "bold red", Fit.UNKNOWN: "magenta", Fit.YES: "green"}


def link_tables(matrix: Sequence[LinkMatrix], *, brief: bool) -> Iterator[RenderableType]:
    """`brief` shows only the pairs that do not surely fit, and counts the others."""
    for link in matrix:
        pairs = pairs_of(link)
        parties = f"{link.client} → {link.server}"
        yield Hanging(row(styled(link.link, "bold"), styled(parties), _count(pairs)))
        for pair in pairs:
            if not (brief and pair.fit is Fit.YES):
                yield Hanging(_line(pair), start=2)


def _count(pairs: Sequence[Pair]) -> Text:
    return styled(f"{fitting(pairs)} of {len(pairs)} pairs fit", "dim")


def _line(pair: Pair) -> Text:
    told = f"{pair.client} → {pair.server}: {pair.sentence}"
    return row(styled(pair.word, FIT_STYLES[pair.fit]), told)
