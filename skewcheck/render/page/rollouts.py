"""Rollouts as the page shows them: what was ordered, each step so far, and the steps to come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from skewcheck.core.rollout.journal import Entry, Outcome
from skewcheck.core.rollout.next_move import next_move
from skewcheck.core.rollout.steps import Step, forward_steps
from skewcheck.core.rollout.view import RolloutView
from skewcheck.render.page.words import when
from skewcheck.render.rollout.words import (
    CANCELLED,
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

_TONES = {Outcome.SUCCEEDED: "pass", Outcome.ROLLED_BACK: "doubt", Outcome.STUCK: "block"}
_SIGNS = {OK: ("✓", "pass"), CANCELLED: ("■", "doubt")}
_FAILED = ("✗", "block")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    at: str
    sign: str
    tone: str
    word: str
    told: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """`progress` is in percent of the steps that are known now; `coming` names those to come."""

    id: str
    name: str
    kind: str
    at: str
    who: str
    targets: str
    word: str
    tone: str
    status: str
    facts: tuple[tuple[str, str], ...]
    counted: str
    done: tuple[Done, ...]
    coming: tuple[str, ...]
    progress: int
    remains: tuple[str, ...]
    by_hand: tuple[str, ...]


def running(views: Sequence[RolloutView], slug: str) -> tuple[Shown, ...]:
    """Unfinished, or stuck and nothing newer: what somebody has to look at now."""
    return tuple(
        _shown(view, slug, n)
        for n, view in enumerate(views)
        if view.outcome is None or _is_left(n, view)
    )


def past(views: Sequence[RolloutView], slug: str) -> tuple[Shown, ...]:
    return tuple(
        _shown(view, slug, n)
        for n, view in enumerate(views)
        if view.outcome is not None and not _is_left(n, view)
    )


def _is_left(number: int, view: RolloutView) -> bool:
    return number == 0 and view.outcome is Outcome.STUCK


def _shown(view: RolloutView, slug: str, number: int) -> Shown:
    order = view.order
    coming = tuple(_coming(view))
    whole = len(view.entries) + len(coming)
    return Shown(
        id=f"{slug}-rollout-{number}",
        name=order.rollout,
        kind=str(order.kind),
        at=when(order.at),
        who=order.who,
        targets=targets_words(order),
        word=outcome_word(view),
        tone=_TONES[view.outcome] if view.outcome else "live",
        status=view.status,
        facts=tuple(each for each in facts(view) if each[0] != "status"),
        counted=steps_words(view),
        done=tuple(map(_done, view.entries)),
        coming=coming,
        progress=100 * len(view.entries) // whole if whole else 100,
        remains=view.remains,
        by_hand=view.by_hand,
    )


def _done(entry: Entry) -> Done:
    mark = mark_of(entry)
    sign, tone = _SIGNS.get(mark, _FAILED)
    return Done(
        at=time_of(entry),
        sign=sign,
        tone=tone,
        word=mark,
        told=told_of(entry),
        evidence=evidence_of(entry),
    )


def _coming(view: RolloutView) -> Iterator[str]:
    """On the way back only the next one is told: each step of it depends on the last."""
    if view.outcome is not None:
        return
    following = next_move(view.order, view.entries)
    if not isinstance(following, Step):
        return
    if following.back:
        yield following.name
        return
    worked = {entry.key.partition(", attempt ")[0] for entry in view.entries if entry.ok}
    yield from (step.name for step in forward_steps(view.order) if step.name not in worked)
