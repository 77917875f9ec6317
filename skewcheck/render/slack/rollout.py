"""A rollout in one message: before it moves anything, as it advances, and how it ended."""

from collections.abc import Iterator
from datetime import datetime

from skewcheck.core.rollout.journal import Entry, Outcome
from skewcheck.core.rollout.order import Order, RolloutKind
from skewcheck.core.rollout.view import RolloutView
from skewcheck.core.slack.message import JsonObject, Message
from skewcheck.render.rollout.words import (
    evidence_of,
    mark_of,
    outcome_word,
    service_words,
    steps_words,
    time_of,
    told_of,
)
from skewcheck.render.slack.blocks import (
    bullets,
    button,
    commands,
    header,
    message,
    note,
    paragraph,
    someone,
    words,
)

_MOST_STEPS = 12


def render_announcement(order: Order, why: str, now: datetime) -> Message:
    """Nobody asked for it: told before anything moves."""
    told = f"{order.kind.capitalize()} of {order.environment} starts by itself"
    stop = f"skewcheck rollouts cancel {order.environment} {order.rollout}"
    return message(
        told,
        [
            header(told),
            paragraph(words("Why: ", bold=True), words(why)),
            *_facts(order),
            commands("To stop it", [stop]),
            note(f"told at {time_words(now)}, before anything moves"),
        ],
    )


def render_running(view: RolloutView) -> Message:
    """The newest steps first."""
    order = view.order
    told = f"{order.kind.capitalize()} of {order.environment} is under way"
    status = [paragraph(words(view.status, bold=True))] if view.status else []
    return message(told, [header(told), *_facts(order), *status, *_steps(view)])


def render_end(view: RolloutView, *, broke: str = "") -> Message:
    """`broke` is why it broke off, where it has no outcome."""
    order = view.order
    word = "BROKE OFF" if view.outcome is None else outcome_word(view)
    told = f"{word}: {order.kind} of {order.environment}"
    undo = [button("Undo", action="undo", value=order.rollout, style="danger")]
    can_undo = view.outcome is Outcome.SUCCEEDED and order.kind is RolloutKind.REDEPLOY
    return message(told, _end(view, told, broke), undo if can_undo else ())


def time_words(at: datetime) -> str:
    return f"{at:%H:%M:%S} UTC"


def _end(view: RolloutView, told: str, broke: str) -> Iterator[JsonObject]:
    yield header(told)
    yield from _facts(view.order)
    show = f"skewcheck rollouts show {view.order.environment} {view.order.rollout}"
    if broke:
        yield paragraph(words(broke, bold=True))
    if view.remains:
        yield bullets("What remains", view.remains)
    if view.by_hand:
        yield commands("To finish by hand", view.by_hand, rest=show)
    yield from _steps(view)
    if evidence := list(_evidence(view.entries)):
        yield bullets("Evidence", evidence, most=10)
    yield commands("Every step", [show])


def _facts(order: Order) -> Iterator[JsonObject]:
    why = f": {order.why}" if order.why else ""
    yield paragraph(words("by "), someone(order.who), words(why or " "))
    yield bullets("Services", [service_words(order, each) for each in order.services])
    yield note(f"rollout {order.rollout}, plan {order.digest}")


def _steps(view: RolloutView) -> Iterator[JsonObject]:
    newest = [_step(each) for each in reversed(view.entries)]
    if newest:
        yield bullets(f"{steps_words(view)}, the newest first", newest, most=_MOST_STEPS)
    else:
        yield note(steps_words(view))


def _step(entry: Entry) -> str:
    return f"{time_of(entry)} {mark_of(entry)} {told_of(entry)}"


def _evidence(entries: tuple[Entry, ...]) -> Iterator[str]:
    for entry in reversed(entries):
        for line in evidence_of(entry):
            yield f"{entry.key}: {line}"
