"""Why no order is safe: each cycle as a numbered proof, and what would break it."""

from collections.abc import Iterator

from skewcheck.core.plan.plan import Deadlock, Fix
from skewcheck.core.plan.view import PlanView
from skewcheck.render.plan.section import Line, Section
from skewcheck.render.plan.words import arc_words, pair_words, shortened


def deadlock_sections(view: PlanView) -> Iterator[Section]:
    dead = view.plan.deadlocks
    for number, deadlock in enumerate(dead, 1):
        which = f" {number} of {len(dead)}" if len(dead) > 1 else ""
        members = ", ".join(deadlock.members)
        title = f"deadlock{which}: each of these has to move before another: {members}"
        yield Section(title=title, lines=tuple(_lines(view, deadlock)))


def _lines(view: PlanView, deadlock: Deadlock) -> Iterator[Line]:
    for number, arc in enumerate(deadlock.cycle, 1):
        yield Line(label=f"{number}.", told=arc_words(arc), reasons=(pair_words(view, arc.pair),))
    for number, fix in enumerate(deadlock.fixes):
        yield Line(label="" if number else "any of", told=_fix(fix))
    if deadlock.bridges:
        yield Line(label="or all", told=_bridges(deadlock))


def _fix(fix: Fix) -> str:
    return f"{fix.kind} {fix.service}: {shortened(fix.told)}"


def _bridges(deadlock: Deadlock) -> str:
    """Breaking this cycle need not free everybody; these releases do."""
    least = (
        "no smaller set does"
        if deadlock.exact
        else "no service of it can be left out; a smaller set may exist"
    )
    names = ", ".join(deadlock.bridges)
    return f"bridging releases of {names}, which talk old and new, free all of them ({least})"
