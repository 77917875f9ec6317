"""The past for people at a terminal: the newest first, gaps shown as gaps."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from rich.console import RenderableType
from rich.text import Text

from skewcheck.core.chronicle.account import Account, Past, rollouts_in
from skewcheck.core.chronicle.pieces import GAP, State, cut, hours_of, state_of
from skewcheck.core.chronicle.snapshot import Snapshot, Stretch
from skewcheck.core.chronicle.then import NobodyLooked, Then
from skewcheck.core.rollout.view import RolloutView
from skewcheck.render.history import words
from skewcheck.render.terminal.canvas import Command, Hanging, paint, row, styled
from skewcheck.render.terminal.verdicts import VERDICT_STYLES
from skewcheck.render.words import moment

_LABEL = 10
_UNSEEN = "nobody looked"


def render_history(
    past: Past, *, width: int, colour: bool, at: datetime | None = None, then: Then | None = None
) -> str:
    """All of the window, or one moment of it where `then` tells about `at`."""
    if at is not None and then is not None:
        return paint(_moment(past, at, then), width=width, colour=colour)
    return paint(_history(past), width=width, colour=colour)


def render_report(accounts: Sequence[Account], *, width: int, colour: bool) -> str:
    return paint(_accounts(accounts), width=width, colour=colour)


def _history(past: Past) -> Iterator[RenderableType]:
    window = past.window
    yield Hanging(row(styled(past.environment, "bold"), words.span_words(window)))
    shown = [each for each in past.stretches if each.last >= window.since]
    if not shown:
        yield from _nothing(past)
    else:
        hours = hours_of(cut(past.stretches, window))
        told = f"skew {words.long(hours.skew)}, nobody looked for {words.long(hours.unseen)}"
        yield styled(told, "dim")
    events = [*_stretches(shown, window.until), *map(_rollout, rollouts_in(past))]
    for _, lines in sorted(events, key=lambda event: event[0], reverse=True):
        yield from lines


def _nothing(past: Past) -> Iterator[RenderableType]:
    yield styled(f"{words.NOT_KNOWN}: nobody looked", "magenta")
    yield Command("next:", words.look_now(past.environment), start=0)


_Event = tuple[datetime, list[RenderableType]]


def _stretches(shown: Sequence[Stretch], until: datetime) -> Iterator[_Event]:
    """Each with the gap that follows it, where it is one."""
    following = [*(other.first for other in shown[1:]), until]
    for each, after in zip(shown, following, strict=False):
        yield each.first, [_headed(each), *_seen(each.snapshot)]
        if after - each.last > GAP:
            told = row(_from_to(each.last, after), styled(_UNSEEN, "magenta"))
            yield each.last, [Hanging(told)]


def _headed(stretch: Stretch) -> RenderableType:
    verdict = stretch.snapshot.verdict
    word = styled(verdict.upper(), VERDICT_STYLES[verdict])
    skew = styled("skew", "bold red") if state_of(stretch.snapshot) is State.SKEW else ""
    return Hanging(row(_from_to(stretch.first, stretch.last), word, skew))


def _from_to(first: datetime, last: datetime) -> Text:
    """`2026-11-23 22:10 to 22:40 UTC`; a single look has one time."""
    if first == last:
        return styled(moment(first), "dim")
    same_day = first.date() == last.date()
    end = f"{last.astimezone(UTC):%H:%M} UTC" if same_day else moment(last)
    return styled(f"{first.astimezone(UTC):%Y-%m-%d %H:%M} to {end}", "dim")


def _seen(snapshot: Snapshot) -> Iterator[RenderableType]:
    wide = max((len(name) for name in snapshot.services), default=0)
    for name, live in snapshot.services.items():
        yield Hanging(row(styled(f"{name:<{wide}}", "bold"), words.builds_words(live)), start=2)
    for told in words.misfits(snapshot):
        yield Hanging(styled(f"- {told}"), start=2, hang=2)


def _rollout(view: RolloutView) -> _Event:
    told = row(styled(moment(view.order.at), "dim"), words.rollout_words(view))
    return view.order.at, [Hanging(told)]


def _moment(past: Past, at: datetime, then: Then) -> Iterator[RenderableType]:
    yield Hanging(row(styled(past.environment, "bold"), f"at {moment(at)}"))
    if isinstance(then, NobodyLooked):
        yield styled(f"{words.NOT_KNOWN}: {_UNSEEN} then", "magenta")
        yield from _nearest("the last look before it:", then.before)
        yield from _nearest("the first look after it:", then.after)
        if then.before is None and then.after is None:
            yield Command("next:", words.look_now(past.environment), start=0)
    else:
        yield _headed(then)
        yield from _seen(then.snapshot)
    for view in past.rollouts:
        if _under_way(view, at):
            yield Hanging(row(styled("meanwhile"), words.rollout_words(view)))


def _nearest(title: str, look: Stretch | None) -> Iterator[RenderableType]:
    if look is not None:
        yield Text()
        yield styled(title, "bold")
        yield _headed(look)
        yield from _seen(look.snapshot)


def _under_way(view: RolloutView, at: datetime) -> bool:
    ended = max((entry.at for entry in view.entries), default=view.order.at)
    return view.order.at <= at and (view.outcome is None or at <= ended)


def _accounts(accounts: Sequence[Account]) -> Iterator[RenderableType]:
    for number, account in enumerate(accounts):
        if number:
            yield Text()
        yield from _account(account)


def _account(account: Account) -> Iterator[RenderableType]:
    told = words.span_words(account.window)
    yield Hanging(row(styled(account.environment, "bold"), told))
    if account.knows_nothing:
        yield styled(f"{words.NOT_KNOWN}: nobody looked, and no gate was asked", "magenta")
        yield Command("next:", words.look_now(account.environment), start=0)
    for label, text in words.facts(account):
        yield Hanging(row(styled(f"{label:<{_LABEL - 2}}", "dim"), text), hang=_LABEL)
    yield from _section("skew:", map(words.incident_words, account.incidents))
    yield from _section("blocked by the gate:", map(words.block_words, account.blocks))
    yield from _section("let past:", words.let_past_rows(account))


def _section(title: str, rows: Iterable[Sequence[str]]) -> Iterator[RenderableType]:
    for number, cells in enumerate(rows):
        if not number:
            yield Text()
            yield styled(title, "bold")
        yield Hanging(row(*cells), start=2)
