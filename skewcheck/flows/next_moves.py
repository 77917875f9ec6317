"""What may move right now, told for people."""

from skewcheck.core.plan.facts import Fits
from skewcheck.core.plan.movable import Standing, movable_now
from skewcheck.core.plan.view import Movable, PlanView
from skewcheck.render.plan.words import holder_words, short


def movables(view: PlanView, fits: Fits) -> tuple[Movable, ...]:
    """Every service that is not where it should be."""
    return tuple(
        Movable(
            service=each.service,
            may_move=each.may_move,
            why=tuple(holder_words(view, holder) for holder in each.held_by) or (_free(each),),
        )
        for each in movable_now(view.world, fits)
    )


def _free(standing: Standing) -> str:
    move = standing.move
    if move.narrows:
        return f"to {short(move.build)} alone, which serves already: fewer builds are live then"
    if not move.away:
        return f"it serves {short(move.build)} already: only its edge is stale"
    return f"to {short(move.build)}"
