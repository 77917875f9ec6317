"""The first lines of a plan: the answer, how large and long it is, and who waived what."""

from collections.abc import Iterator
from typing import assert_never

from skewcheck.core.plan.plan import Answer, Plan, Wait
from skewcheck.core.plan.view import PlanView
from skewcheck.render.plan.words import exposure_words
from skewcheck.render.words import count, lasting, moment


def answer_word(view: PlanView) -> str:
    return view.plan.answer.upper()


def summary(view: PlanView) -> str:
    plan = view.plan
    match plan.answer:
        case Answer.SAFE:
            return _size(view) if plan.waves else _nothing(plan)
        case Answer.NO_SAFE_ORDER:
            return _in_the_way(plan)
        case Answer.UNKNOWN_DECIDES:
            return "there would be a safe order if what is not known fitted"
        case _:
            assert_never(plan.answer)


def loud_lines(view: PlanView) -> Iterator[str]:
    """Whoever waived a wait accepts what it was for; said before all else."""
    for wait in waits_of(view.plan):
        if waiver := wait.waiver:
            accepted = exposure_words(view, wait)
            yield f"WAIVED by {waiver.who}: {waiver.reason} (accepts: {accepted})"


def digest_words(view: PlanView) -> str:
    told = f"plan {view.digest}"
    if view.expires is not None:
        told += f", good until {moment(view.expires)} while the world stays as it is"
    return told


def waits_of(plan: Plan) -> Iterator[Wait]:
    for wave in plan.waves:
        yield from wave.waits


def _nothing(plan: Plan) -> str:
    """What only old clients break ends with them; until then it is no good news."""
    if not plan.broken_now:
        return "nothing to do"
    return f"nothing to do: no move mends {count(len(plan.broken_now), 'pair')} broken now"


def _size(view: PlanView) -> str:
    plan = view.plan
    services = {move.service for wave in plan.waves for move in wave.moves}
    what = "rollback of " if view.going_back else ""
    told = f"{what}{count(len(services), 'service')} in {count(len(plan.waves), 'wave')}"
    if plan.seconds is None:
        return f"{told}, without an end"
    return f"{told}, at least {lasting(plan.seconds, at_least=True)}, waits included"


def _in_the_way(plan: Plan) -> str:
    """Each kind of reason, counted."""
    parts = []
    if dead := len(plan.deadlocks):
        parts.append(count(dead, "deadlock"))
    if after := len(plan.broken_after):
        parts.append(f"{count(after, 'pair')} of targets {'does' if after == 1 else 'do'} not fit")
    if endless := len(plan.too_long):
        parts.append(f"{count(endless, 'wait')} without an end")
    return ", ".join(parts)
