"""Which probes to make next: only those that can still tell causes apart.

A pure function of what there is to probe and what was seen so far. Every experiment is one
deviation from a browser, at one place, in one format; it is made once.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from skewcheck.core.findings import Code
from skewcheck.core.ladder.climb import Rung
from skewcheck.core.ladder.rungs_above import gone_after_welcome
from skewcheck.core.probed.alike import same_kind
from skewcheck.core.probed.probes import Format, Probed
from skewcheck.core.wire.script import AS_A_BROWSER, Script, Target, Variant, can_be_wrong

_CONTROL = Variant(control=True)
_MADE_UP = Variant(made_up=True)
_LONGEST_HOLD_S = 30.0
_FEW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """What there is to probe on one link. `pairs` is what must hold; `directs` lead past the edge;
    `others` are formats of live clients that a failure is compared with.

    `thorough` looks at everything that `skewcheck probe` can look at; otherwise only at what a
    failure makes necessary. `hold_s` above 0 asks how long a connection may live.
    """

    pairs: tuple[tuple[Format, Target], ...]
    directs: tuple[Target, ...] = ()
    others: tuple[Format, ...] = ()
    handshakes: int = 5
    exercise: bool = False
    thorough: bool = False
    hold_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    format: Format
    target: Target
    variant: Variant = AS_A_BROWSER
    times: int = 1


def next_experiments(kit: Kit, done: tuple[Probed, ...]) -> tuple[Experiment, ...]:
    """Empty when nothing more can be learnt."""
    known = {(each.format.fingerprint, each.target, each.variant) for each in done}
    wanted = {
        (each.format.fingerprint, each.target, each.variant): each for each in _wanted(kit, done)
    }
    return tuple(each for key, each in wanted.items() if key not in known)


def _wanted(kit: Kit, done: tuple[Probed, ...]) -> Iterator[Experiment]:
    for form, target in kit.pairs:
        yield Experiment(format=form, target=target, times=kit.handshakes)
    base = [each for each in done if each.variant == AS_A_BROWSER and _is_pair(kit, each)]
    for each in base:
        yield from _past_the_edge(kit, each)
        yield from _other_formats(kit, each)
        yield from _control(kit, each)
        yield from _speaking(kit, each)
        yield from _made_up_token(kit, each)
        if each.state == "fails":
            yield from _without_origin(each)
            yield from _losses(each, done)
            yield from _other_auth(kit, each, done)
    yield from _exercise(kit, base)
    yield from _holds(kit, done)


def _is_pair(kit: Kit, probed: Probed) -> bool:
    return (probed.format, probed.target) in kit.pairs


def _past_the_edge(kit: Kit, probed: Probed) -> Iterator[Experiment]:
    if probed.target.place == "edge" and (kit.thorough or probed.state != "holds"):
        times = kit.handshakes if kit.thorough else min(_FEW, kit.handshakes)
        for direct in kit.directs:
            yield Experiment(format=probed.format, target=direct, times=times)


def _other_formats(kit: Kit, probed: Probed) -> Iterator[Experiment]:
    """Is it this format, or is the server broken for everybody?"""
    if probed.state != "holds":
        for other in kit.others:
            yield Experiment(format=other, target=probed.target)


def _control(kit: Kit, probed: Probed) -> Iterator[Experiment]:
    """Once per place: a welcome in a wrong format takes the worth from every other welcome."""
    if kit.thorough or probed.state == "holds":
        here = (form for form, target in kit.pairs if target == probed.target)
        first = next((form for form in here if can_be_wrong(form.script)), None)
        if first is not None:
            yield Experiment(format=first, target=probed.target, variant=_CONTROL)


def _speaking(kit: Kit, probed: Probed) -> Iterator[Experiment]:
    failed_late = probed.state == "fails" and _failed_rung(probed) in {Rung.AUTH, Rung.WELCOME}
    if failed_late and probed.format.script.opens_with:
        yield _varied(probed, Variant(speaks="after-welcome"))
    elif failed_late or (kit.thorough and probed.state == "holds" and not _opens(probed)):
        yield _varied(probed, Variant(speaks="at-once"))


def _opens(probed: Probed) -> bool:
    return bool(probed.format.script.opens_with)


def _without_origin(probed: Probed) -> Iterator[Experiment]:
    if _failed_rung(probed) is Rung.UPGRADE:
        yield _varied(probed, Variant(without=("origin",)))


def _made_up_token(kit: Kit, probed: Probed) -> Iterator[Experiment]:
    """Refused otherwise than the real one? Then the real one was believed. Welcomed as well? Then
    nobody looks at tokens."""
    late = probed.state == "fails" and _failed_rung(probed) in {Rung.AUTH, Rung.WELCOME}
    asked = kit.thorough and probed.state == "holds"
    if probed.format.script.needs_token and (late or asked):
        yield _varied(probed, _MADE_UP)


def _losses(probed: Probed, done: tuple[Probed, ...]) -> Iterator[Experiment]:
    """The loss of each header, made on purpose where it holds: which one fails alike?"""
    if probed.target.place != "edge":
        return
    direct = holding_direct(probed, done)
    if direct is not None:
        for name in losable(probed.format.script):
            yield _varied(direct, Variant(without=(name,)))


def _other_auth(kit: Kit, probed: Probed, done: tuple[Probed, ...]) -> Iterator[Experiment]:
    """Where nothing holds directly: is it the token, or the way in which it travels?"""
    if _failed_rung(probed) in {Rung.NAME, Rung.CONNECTION, Rung.ANSWER}:
        return
    if not _is_compared(kit, probed, done) or holding_direct(probed, done) is not None:
        return
    if probed.format.script.token_in == "authorization":
        yield _varied(probed, Variant(auth="subprotocol"))
    if probed.format.script.token_in == "subprotocol":
        yield _varied(probed, Variant(auth="header"))


def _is_compared(kit: Kit, probed: Probed, done: tuple[Probed, ...]) -> bool:
    """Whether every way past the edge that this failure calls for was tried."""
    tried = {e.target for e in done if e.format == probed.format and e.variant == AS_A_BROWSER}
    return probed.target.place != "edge" or tried >= set(kit.directs)


def holding_direct(probed: Probed, done: tuple[Probed, ...]) -> Probed | None:
    """A probe past the edge, in the same format, that holds; None where another one fails as the
    edge does: then that revision is to blame, and not the edge."""
    direct = [
        each
        for each in done
        if each.target.place == "direct"
        and each.variant == AS_A_BROWSER
        and each.format.fingerprint == probed.format.fingerprint
    ]
    if any(same_kind(each, probed) for each in direct):
        return None
    return next((each for each in direct if each.state == "holds"), None)


def losable(script: Script) -> tuple[str, ...]:
    """Request headers that matter to this format and that boxes in the middle are known to drop."""
    named = script.token_in.partition(":")[0]
    carrying = {"authorization": "authorization", "cookie": "cookie"}.get(named, "")
    offered = "sec-websocket-protocol" if script.offers else ""
    return tuple(name for name in (carrying, offered, "upgrade") if name)


def _exercise(kit: Kit, base: list[Probed]) -> Iterator[Experiment]:
    """At most one in all, because it may cost money: where and in what holds."""
    if not kit.exercise:
        return
    for each in base:
        if each.format.script.exercise is not None and each.state == "holds":
            yield _varied(each, Variant(exercise=True))
            return


def _holds(kit: Kit, done: tuple[Probed, ...]) -> Iterator[Experiment]:
    """Asked for, or made necessary by a connection that was cut after its welcome."""
    for each in done:
        if length_s := _hold_s(kit, each):
            yield _varied(each, Variant(holds="silent", hold_s=length_s))
            yield _varied(each, Variant(holds="pinging", hold_s=length_s))


def _hold_s(kit: Kit, probed: Probed) -> float:
    """Long enough to see the same cut again; 0 where nothing calls for it."""
    if probed.variant == AS_A_BROWSER and _is_pair(kit, probed) and probed.state == "holds":
        return kit.hold_s
    if not probed.variant.exercise or _code(probed) is not Code.CUT_WITHOUT_CLOSE:
        return 0.0
    gone_s = gone_after_welcome(probed.worst[0], probed.format.script)
    if gone_s is None or gone_s >= _LONGEST_HOLD_S:
        return 0.0
    return min(2 * gone_s + 1, _LONGEST_HOLD_S)


def _varied(probed: Probed, variant: Variant) -> Experiment:
    return Experiment(format=probed.format, target=probed.target, variant=variant)


def _failed_rung(probed: Probed) -> Rung | None:
    return probed.failed.rung if probed.failed else None


def _code(probed: Probed) -> Code | None:
    return probed.failed.code if probed.failed else None
