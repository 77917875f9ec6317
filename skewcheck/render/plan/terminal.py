"""Plans for people at a terminal: the answer, what is broken, each wave, and the way back."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from skewcheck.core.findings import Verdict
from skewcheck.core.plan.plan import Answer
from skewcheck.core.plan.view import PlanView
from skewcheck.render.plan.headline import answer_word, digest_words, loud_lines, summary
from skewcheck.render.plan.section import Line, Section
from skewcheck.render.plan.story import story
from skewcheck.render.terminal.canvas import Command, Hanging, paint, row, styled
from skewcheck.render.terminal.verdicts import VERDICT_STYLES
from skewcheck.render.words import moment

_START = 2
_TOLD_AT = 10
_BULLET = 2
_ANSWER_STYLES = {
    Answer.SAFE: VERDICT_STYLES[Verdict.PASS],
    Answer.NO_SAFE_ORDER: VERDICT_STYLES[Verdict.BLOCK],
    Answer.UNKNOWN_DECIDES: VERDICT_STYLES[Verdict.INCONCLUSIVE],
}
_LABEL_STYLES = {
    "broken": "bold red",
    "targets": "bold red",
    "unknown": "bold magenta",
    "may fail": "bold yellow",
    "no wait": "bold yellow",
    "move": "bold",
}


def render_plan(view: PlanView, *, width: int, colour: bool) -> str:
    return paint(_all(view), width=width, colour=colour)


def _all(view: PlanView) -> Iterator[RenderableType]:
    yield from _head(view)
    for section in story(view):
        yield from _section(section)
    if view.next:
        yield Text()
        yield Hanging(styled("what to do next:", "bold"))
    for command in view.next:
        yield Command("", command, start=_START)


def _head(view: PlanView) -> Iterator[RenderableType]:
    word = styled(answer_word(view), _ANSWER_STYLES[view.plan.answer])
    told = [summary(view), f"(exit {int(view.exit)})", moment(view.at)]
    yield Hanging(row(word, styled(view.environment, "bold"), *told))
    for line in loud_lines(view):
        yield Hanging(styled(line, "bold yellow"))
    yield Hanging(styled(digest_words(view), "dim"))


def _section(section: Section) -> Iterator[RenderableType]:
    yield Text()
    yield Hanging(styled(section.title, "bold"))
    for line in section.lines:
        yield _line(line)
        for reason in line.reasons:
            yield Hanging(styled(f"- {reason}", "dim"), start=_START + _TOLD_AT, hang=_BULLET)


def _line(line: Line) -> Hanging:
    style = _LABEL_STYLES.get(line.label, "dim")
    text = Text.assemble((f"{line.label:<{_TOLD_AT}}", style), styled(line.told))
    return Hanging(text, start=_START, hang=_TOLD_AT)
