"""Is the world still the one that the plan was made for? Asked before each wave.

What waves before this one have moved is expected to have moved; nobody minds that old clients
have gone meanwhile; whatever else differs stops the rollout.
"""

from collections.abc import Iterator

from skewcheck.core.plan.facts import BuildId, Party, PlanWorld
from skewcheck.core.rollout.order import Order
from skewcheck.core.rollout.steps import Step


def changes(order: Order, wave: int, seen: PlanWorld) -> tuple[str, ...]:
    """One sentence for each difference from what should be true just before that wave."""
    return tuple(
        told
        for name, planned in order.world.parties.items()
        for told in _party(order, wave, planned, seen.parties.get(name))
    )


def serving_before(order: Order, wave: int, service: str) -> frozenset[BuildId]:
    """The builds that serve just before that wave; one past the last wave: after all of them."""
    serving = frozenset(order.world.parties[service].serving)
    for done in order.plan.waves[: wave - 1]:
        for move in done.moves:
            if move.service == service and move.away:
                serving = frozenset({move.build})
    return serving


def builds_after(order: Order, step: Step) -> frozenset[BuildId]:
    """What the step's service serves once it is done; a step that names no build leads back to
    what served before its wave."""
    return frozenset({step.build}) if step.build else serving_before(order, step.wave, step.service)


def _party(order: Order, wave: int, planned: Party, seen: Party | None) -> Iterator[str]:
    name = planned.name
    if seen is None:
        yield f"{name} is no longer in the manifest"
        return
    if seen.target != planned.target:
        yield f"{name} was to go to {_short(planned.target)}, and now to {_short(seen.target)}"
    expected = serving_before(order, wave, name)
    if frozenset(seen.serving) != expected:
        yield f"{name} serves {_names(seen.serving)} instead of {_names(expected)}"
    known = {planned.target, *planned.serving, *planned.lingering, *planned.at_edge}
    strangers = {*seen.at_edge, *seen.lingering} - known
    if strangers:
        yield f"{name} has clients that the plan did not know: {_names(strangers)}"


def _names(builds: tuple[BuildId, ...] | frozenset[BuildId] | set[BuildId]) -> str:
    return ", ".join(sorted(map(_short, builds))) or "nothing"


def _short(build: BuildId) -> str:
    return "an unknown build" if build.startswith("?") else build[:7]
