"""The waves of a plan: what is waited for, what moves, breaks and mends, and the way back."""

from collections.abc import Iterator

from skewcheck.core.plan.plan import Answer, Move, Wait, Wave
from skewcheck.core.plan.view import PlanView
from skewcheck.render.plan.section import Line, Section
from skewcheck.render.plan.undo import undo_from
from skewcheck.render.plan.words import (
    awaited_words,
    exposure_words,
    move_words,
    pair_words,
    short,
    took_words,
    up_to,
    wait_words,
)


def wave_sections(view: PlanView) -> Iterator[Section]:
    """Waves of a plan that is not safe are shown for what they teach, and say so."""
    aside = "" if view.plan.answer is Answer.SAFE else ", never carried out as it stands"
    for number, wave in enumerate(view.plan.waves, 1):
        yield Section(title=f"wave {number}{aside}", lines=tuple(_lines(view, number, wave)))


def _lines(view: PlanView, number: int, wave: Wave) -> Iterator[Line]:
    for wait in wave.waits:
        yield _wait(view, wait)
    for move in wave.moves:
        yield Line(label="move", told=move_words(view, move))
    for pair in wave.mends:
        yield Line(label="mends", told=pair_words(view, pair))
    for pair in wave.exposes:
        yield Line(label="may fail", told=pair_words(view, pair))
    yield Line(label="undo", told=_undo(view, number), reasons=tuple(_by_trigger(view, wave)))


def _wait(view: PlanView, wait: Wait) -> Line:
    reasons = tuple(pair_words(view, pair) for pair in wait.pairs)
    if waiver := wait.waiver:
        told = f"{awaited_words(view, wait)}: waived by {waiver.who} ({waiver.reason})"
        accepted = f"accepted: {exposure_words(view, wait)}"
        return Line(label="no wait", told=told, reasons=(accepted, *reasons))
    return Line(label="wait", told=wait_words(view, wait), reasons=reasons)


def _undo(view: PlanView, number: int) -> str:
    """From here back: what needs no wait, and what only when the new clients are gone."""
    undo = undo_from(view.plan, number)
    told = f"{_waves(undo.at_once_from, number)} without a wait"
    if undo.at_once_from == 1:
        return told
    gone = ", ".join(
        f"{service} ({up_to(view.client_lingers_s(service))})" for service in undo.first_gone
    )
    return f"{told}; {_waves(1, undo.at_once_from - 1)} only when no new client is left of {gone}"


def _waves(first: int, last: int) -> str:
    if first == last:
        return f"wave {first}"
    return f"waves {first} {'and' if first + 1 == last else 'to'} {last}"


def _by_trigger(view: PlanView, wave: Wave) -> Iterator[str]:
    """Without a wait is not at once where something has to be built again."""
    for move in wave.moves:
        if _is_built(view, move):
            means = view.services[move.service]
            if means.previous:
                back = f"{move.service} by building {short(means.previous)} again"
                yield f"{back} ({took_words(means)})"
            else:
                yield f"{move.service} by hand: nobody knows which build its trigger goes back to"


def _is_built(view: PlanView, move: Move) -> bool:
    return bool(move.away) and not move.narrows and view.services[move.service].by_trigger
