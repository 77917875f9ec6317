"""Which waves can be undone at once, and whose new clients must be gone before the others can."""

from dataclasses import dataclass

from skewcheck.core.plan.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """Waves from `at_once_from` on can be undone at once; the ones before it only when no new
    client of `first_gone` is left."""

    at_once_from: int
    first_gone: tuple[str, ...]


def undo_from(plan: Plan, number: int) -> Undo:
    """After wave `number`. What a wave makes stick holds back the waves before it, not itself."""
    sticky = [(each, wave.sticky) for each, wave in enumerate(plan.waves[:number], 1)]
    sticking = [each for each, services in sticky if services and each > 1]
    gone = dict.fromkeys(service for each, services in sticky if each > 1 for service in services)
    return Undo(at_once_from=max(sticking, default=1), first_gone=tuple(gone))
