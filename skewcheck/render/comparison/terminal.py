"""Two environments side by side for people at a terminal."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from skewcheck.core.comparing.comparison import Comparison
from skewcheck.core.findings import Verdict
from skewcheck.core.question import Exit
from skewcheck.render.comparison.story import story
from skewcheck.render.comparison.words import answer_word, footer, summary
from skewcheck.render.plan.section import Line
from skewcheck.render.terminal.canvas import Hanging, paint, row, styled
from skewcheck.render.terminal.verdicts import VERDICT_STYLES
from skewcheck.render.words import moment

_START = 2
_TOLD_AT = 10
_BULLET = 2


def render_comparison(comparison: Comparison, code: Exit, *, width: int, colour: bool) -> str:
    return paint(_all(comparison, code), width=width, colour=colour)


def _all(comparison: Comparison, code: Exit) -> Iterator[RenderableType]:
    word = styled(answer_word(comparison), _style(comparison))
    names = styled(f"{comparison.first} → {comparison.second}", "bold")
    told = [summary(comparison), f"(exit {int(code)})", moment(comparison.at)]
    yield Hanging(row(word, names, *told))
    for section in story(comparison):
        yield Text()
        yield Hanging(styled(section.title, "bold"))
        for line in section.lines:
            yield from _line(line)
    yield Text()
    yield from (Hanging(styled(each, "dim")) for each in footer(comparison))


def _style(comparison: Comparison) -> str:
    """Differences are no failure, so they are not red."""
    if comparison.differs:
        return "bold cyan"
    return VERDICT_STYLES[Verdict.INCONCLUSIVE if comparison.unknown else Verdict.PASS]


def _line(line: Line) -> Iterator[RenderableType]:
    text = Text.assemble((f"{line.label:<{_TOLD_AT}}", "dim"), styled(line.told))
    yield Hanging(text, start=_START, hang=_TOLD_AT)
    for reason in line.reasons:
        yield Hanging(styled(f"- {reason}", "dim"), start=_START + _TOLD_AT, hang=_BULLET)
