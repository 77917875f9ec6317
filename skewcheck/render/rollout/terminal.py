"""Rollouts for people at a terminal: each step as it happens, one in full, all in a table."""

from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from skewcheck.core.findings import Verdict
from skewcheck.core.rollout.journal import Entry, Outcome
from skewcheck.core.rollout.view import RolloutView
from skewcheck.render.rollout.words import (
    CANCELLED,
    FAILED,
    OK,
    evidence_of,
    facts,
    mark_of,
    outcome_word,
    steps_words,
    targets_words,
    time_of,
    told_of,
)
from skewcheck.render.terminal.canvas import Command, Hanging, paint, row, styled
from skewcheck.render.terminal.services import natural_width, wide_table
from skewcheck.render.terminal.verdicts import VERDICT_STYLES
from skewcheck.render.words import moment

_MARK_STYLES = {OK: "green", FAILED: "bold red", CANCELLED: "bold yellow"}
_MARK_WIDTH = max(map(len, _MARK_STYLES))
_TOLD_AT = len("22:10:05") + 2 + _MARK_WIDTH + 2
_OUTCOME_STYLES: Mapping[Outcome | None, str] = {
    Outcome.SUCCEEDED: VERDICT_STYLES[Verdict.PASS],
    Outcome.ROLLED_BACK: VERDICT_STYLES[Verdict.INCONCLUSIVE],
    Outcome.STUCK: VERDICT_STYLES[Verdict.BLOCK],
    None: VERDICT_STYLES[Verdict.INCONCLUSIVE],
}
_TITLES = ["rollout", "when", "kind", "outcome", "who", "to"]
_LABEL = 9
_BULLET = 2


def render_entry(entry: Entry, *, width: int, colour: bool) -> str:
    """One step as it happens: when, how it went, what it was."""
    return paint([_step(entry)], width=width, colour=colour)


def render_rollout(view: RolloutView, *, width: int, colour: bool) -> str:
    return paint(_one(view), width=width, colour=colour)


def render_outcome(view: RolloutView, *, width: int, colour: bool) -> str:
    """How it ended, for those who saw each step as it happened."""
    return paint(_end(view), width=width, colour=colour)


def render_rollouts(views: Sequence[RolloutView], *, width: int, colour: bool) -> str:
    """In the order given; one below the other where a table does not fit."""
    return paint(_list(views, width), width=width, colour=colour)


def _one(view: RolloutView) -> Iterator[RenderableType]:
    yield _headline(view)
    for label, words in facts(view):
        yield Hanging(row(styled(f"{label:<{_LABEL - 2}}", "dim"), words), hang=_LABEL)
    yield Text()
    yield Hanging(styled(steps_words(view), "bold"))
    yield from _steps(view)
    yield from _left(view)


def _end(view: RolloutView) -> Iterator[RenderableType]:
    yield _headline(view)
    yield from _left(view)
    order = view.order
    command = f"skewcheck rollouts show {order.environment} {order.rollout}"
    yield Text()
    yield Command("every step:", command, start=0)


def _headline(view: RolloutView) -> RenderableType:
    order = view.order
    exits = "" if view.exit is None else f"(exit {int(view.exit)})"
    told = [f"{order.kind} {order.rollout}", exits, moment(order.at)]
    return Hanging(row(_outcome(view), styled(order.environment, "bold"), *told))


def _left(view: RolloutView) -> Iterator[RenderableType]:
    """What it leaves behind, and what is to be done about it."""
    remains = (Hanging(styled(f"- {each}"), start=2, hang=_BULLET) for each in view.remains)
    yield from _titled("what remains:", remains)
    by_hand = (Command("", command, start=2) for command in view.by_hand)
    yield from _titled("to finish by hand:", by_hand)


def _titled(title: str, items: Iterator[RenderableType]) -> Iterator[RenderableType]:
    """A blank line and a title, only where there is something to show."""
    for number, item in enumerate(items):
        if not number:
            yield Text()
            yield Hanging(styled(title, "bold"))
        yield item


def _steps(view: RolloutView) -> Iterator[RenderableType]:
    for entry in view.entries:
        yield _step(entry)
        about = (f"step {entry.key}", *evidence_of(entry)) if entry.told else evidence_of(entry)
        for line in about:
            yield Hanging(styled(f"- {line}", "dim"), start=_TOLD_AT, hang=_BULLET)


def _step(entry: Entry) -> Hanging:
    mark = mark_of(entry)
    word = styled(f"{mark:<{_MARK_WIDTH}}", _MARK_STYLES[mark])
    return Hanging(row(styled(time_of(entry), "dim"), word, told_of(entry)), hang=_TOLD_AT)


def _list(views: Sequence[RolloutView], width: int) -> Iterator[RenderableType]:
    if not views:
        yield styled("no rollout yet")
        return
    rows = {view.order.rollout: _cells(view) for view in views}
    if natural_width(_TITLES, rows) <= width:
        yield wide_table(_TITLES, rows)
    else:
        yield from _stacked(views)


def _cells(view: RolloutView) -> list[Text]:
    order = view.order
    told = [styled(moment(order.at)), styled(order.kind), _outcome(view)]
    return [*told, styled(order.who), Text("\n").join(_targets(view))]


def _targets(view: RolloutView) -> list[Text]:
    status = [styled(view.status, "dim")] if view.status else []
    return [styled(targets_words(view.order)), *status]


def _stacked(views: Sequence[RolloutView]) -> Iterator[RenderableType]:
    for view in views:
        yield Hanging(row(styled(view.order.rollout, "bold"), *_cells(view)[:-1]))
        yield Hanging(row(*_targets(view)), start=2)


def _outcome(view: RolloutView) -> Text:
    return styled(outcome_word(view), _OUTCOME_STYLES[view.outcome])
