"""After the probes: what was called for and could not be made, comparisons above all."""

from collections.abc import Iterator

from skewcheck.core.ladder.climb import Rung
from skewcheck.core.probe.kits import ProbePlan
from skewcheck.core.probed.alike import past_edge_is_closed
from skewcheck.core.probed.probes import Doubt, Probed
from skewcheck.core.wire.script import AS_A_BROWSER

_BELOW = {Rung.NAME, Rung.CONNECTION, Rung.ANSWER, Rung.UPGRADE}


def doubts_after(plan: ProbePlan, probed: tuple[Probed, ...]) -> Iterator[Doubt]:
    """`not-comparable` where the edge fails and no way past it says whose fault that is;
    `not-probed` where a conversation was asked for and no contract describes one."""
    if plan.kit.exercise and probed and not any(_can_exercise(each) for each in probed):
        told = "a whole conversation was asked for, and no contract of these clients has one"
        yield Doubt(what="not-probed", why=told, fix="describe it: probe.exercise in the contract")
    base = [each for each in probed if each.variant == AS_A_BROWSER]
    yield from _unmet_revisions(plan, base)
    failing = [each for each in base if each.target.place == "edge" and each.state != "holds"]
    if plan.no_origin:
        return
    whys = [plan.no_way or _all_closed(edge, base) for edge in failing]
    yield from (_doubt(why) for why in dict.fromkeys(whys) if why)


def _unmet_revisions(plan: ProbePlan, base: list[Probed]) -> Iterator[Doubt]:
    """Of a split each revision must hold: a handshake through the edge meets only one of them."""
    for each in base:
        must_hold = each.target.place == "direct" and (each.format, each.target) in plan.kit.pairs
        if must_hold and each.failed is not None and past_edge_is_closed(each):
            told = f"{each.target} gets traffic, and its own URL is closed to us"
            fix = "let the probe's identity invoke it, or leave origin out of witnesses"
            yield Doubt(what="not-comparable", why=f"{told}: {each.failed.told}", fix=fix)


def _can_exercise(probed: Probed) -> bool:
    return probed.format.script.exercise is not None


def _all_closed(edge: Probed, base: list[Probed]) -> str:
    """Why none of the ways past the edge was open to us in its format; empty where one was."""
    direct = [each for each in base if each.target.place == "direct" and each.format == edge.format]
    reasons = [closed_to_us(each, edge) for each in direct]
    return reasons[0] if reasons and all(reasons) else ""


def closed_to_us(direct: Probed, edge: Probed) -> str:
    """Refused further down than at the edge: the way past it is closed, which users never notice
    (ingress, invoker rights or a default URL that is switched off)."""
    mine, theirs = direct.failed, edge.failed
    if mine is None or theirs is None or mine.rung not in _BELOW:
        return ""
    order = list(Rung)
    deeper = order.index(mine.rung) < order.index(theirs.rung)
    otherwise = mine.rung is theirs.rung and mine.told != theirs.told
    return f"{direct.target}: {mine.told}" if deeper or otherwise else ""


def _doubt(why: str) -> Doubt:
    return Doubt(
        what="not-comparable",
        why=f"the edge fails, and there is nothing to compare it with: {why}",
        fix="give a serving revision a tag URL that can be reached from here",
    )
