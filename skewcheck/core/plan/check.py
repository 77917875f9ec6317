"""Tells whether a plan, or the proof that there is none, holds. It replays and compares; nothing of
how the answer was found is used.
"""

from collections.abc import Iterator

from skewcheck.core.compatibility import Fit
from skewcheck.core.plan.facts import BuildId, Channel, Fits, PlanWorld
from skewcheck.core.plan.misfits import Misfits, find_misfits, is_live
from skewcheck.core.plan.plan import Arc, ArcKind, Deadlock, Move, Pair, Plan, Wait, Wave
from skewcheck.core.plan.replay import Replay


def check_plan(plan: Plan, world: PlanWorld, fits: Fits) -> tuple[str, ...]:
    """What is wrong with the waves of the plan, in sentences; empty where they hold."""
    return check_waves(plan, world, find_misfits(world, fits))


def check_waves(plan: Plan, world: PlanWorld, misfits: Misfits) -> tuple[str, ...]:
    """The same where the misfits are known already."""
    return tuple(_Check(world, misfits).broken_by(plan))


class _Check:
    def __init__(self, world: PlanWorld, misfits: Misfits) -> None:
        self.world = world
        self.replay = Replay(world, misfits)
        self.live = misfits.live
        self.allowed = {*misfits.live}
        self.moved: dict[str, Move] = {}

    def broken_by(self, plan: Plan) -> Iterator[str]:
        if plan.broken_now != self.live:
            yield "what is broken now is not what the plan says"
        for number, wave in enumerate(plan.waves, 1):
            for wrong in self._wave(wave):
                yield f"wave {number}: {wrong}"
        for name, party in self.world.parties.items():
            if self.replay.handed_out(name) != {party.target}:
                yield f"in the end {name} is not at {party.target} alone"
        if {*plan.outlives} != {*self.live} & {*self.replay.pairs_meeting()}:
            yield "what outlives the plan is not what it says"

    def _wave(self, wave: Wave) -> Iterator[str]:
        if not wave.moves:
            yield "nothing moves"
        arriving = {move.build for move in wave.moves}
        for wait in wave.waits:
            yield from self._wait(wait, arriving)
        for move in wave.moves:
            yield from self._move(move)
        known = [move for move in wave.moves if move.service in self.world.parties]
        self.replay.begin(known)
        meeting = self.replay.pairs_meeting()
        for pair in meeting:
            if pair not in self.allowed:
                yield f"{pair.client} can meet {pair.server} on {pair.link}"
        if {*wave.exposes} != {*meeting}:
            yield "what it exposes is not what it says"
        self.replay.end(known)

    def _wait(self, wait: Wait, arriving: set[BuildId]) -> Iterator[str]:
        if wait.service not in self.world.parties:
            yield f"waits for {wait.service}, which is not known"
            return
        if {*wait.builds} & self.replay.handed_out(wait.service):
            yield f"waits for a build of {wait.service} that is still handed out"
        if not any(arriving & {pair.client, pair.server} for pair in wait.pairs):
            yield f"waits for {wait.service}, which nothing that moves needs"
        if wait.waiver is None:
            if not self.replay.wait(wait):
                yield f"waits for {wait.service}, and nothing goes away"
        elif wait.waiver.service == wait.service:
            self.allowed |= {*wait.pairs}
        else:
            yield f"does not wait for {wait.service} on a waiver for {wait.waiver.service}"

    def _move(self, move: Move) -> Iterator[str]:
        party = self.world.parties.get(move.service)
        if party is None:
            yield f"moves {move.service}, which is not known"
            return
        before = self.moved.get(move.service)
        self.moved[move.service] = move
        if before is not None and (move.narrows or not before.narrows):
            yield f"moves {move.service} twice"
        serving = self.replay.serving[move.service]
        if move.narrows and move.build not in serving:
            yield f"narrows {move.service} to {move.build}, which does not serve"
        if not move.narrows and move.build != party.target:
            yield f"moves {move.service} to {move.build} and not to {party.target}"
        if {*move.away} != serving - {move.build}:
            yield f"moves {move.service} away from other builds than those that serve"
        if self.replay.handed_out(move.service) == {move.build}:
            yield f"moves {move.service}, which is there already"
        if party.behind_edge and not move.invalidates:
            yield f"leaves the edge of {move.service} as it was"


def check_deadlock(deadlock: Deadlock, world: PlanWorld, fits: Fits) -> tuple[str, ...]:
    """What is wrong with the proof, in sentences; empty where it holds."""
    return (*_wrong_shape(deadlock), *_wrong_witnesses(deadlock, world, fits))


def _wrong_shape(deadlock: Deadlock) -> Iterator[str]:
    cycle = deadlock.cycle
    if not cycle:
        yield "there is no cycle"
    for arc, following in zip(cycle, (*cycle[1:], *cycle[:1]), strict=True):
        if arc.after != following.before:
            yield f"no arc follows the one from {arc.before} to {arc.after}"
    if not {arc.before for arc in cycle} <= {*deadlock.members}:
        yield "the cycle leaves its members"
    if not {*deadlock.bridges} <= {*deadlock.members}:
        yield "a bridge is none of the members"


def _wrong_witnesses(deadlock: Deadlock, world: PlanWorld, fits: Fits) -> Iterator[str]:
    channels = {channel.name: channel for channel in world.channels}
    for arc in deadlock.cycle:
        channel = channels.get(arc.pair.link)
        if channel is None:
            yield f"{arc.pair.link} is no link"
        elif not _is_witness(arc, channel, world):
            yield f"{_told(arc.pair)} does not put {arc.before} before {arc.after}"
        elif not _is_misfit(arc.pair, fits):
            yield f"{_told(arc.pair)} fit, or it is not told truly whether that is known"


def _is_witness(arc: Arc, channel: Channel, world: PlanWorld) -> bool:
    """An old build, still handed out, against the other side's new one; not live together yet."""
    client, server = world.parties[channel.client], world.parties[channel.server]
    pair = arc.pair
    if arc.kind is ArcKind.CLIENT_FIRST:
        sides = channel.client, channel.server
        old = pair.client in {*client.serving, *client.at_edge} - {client.target}
        opposed = old and pair.server == server.target
    else:
        sides = channel.server, channel.client
        old = pair.server in {*server.serving, *server.at_edge} - {server.target}
        opposed = old and pair.client == client.target
    return (arc.before, arc.after) == sides and opposed and not is_live(world, channel, pair)


def _is_misfit(pair: Pair, fits: Fits) -> bool:
    fit = fits(pair.link, pair.client, pair.server)
    return fit is not Fit.YES and pair.unknown == (fit is Fit.UNKNOWN)


def _told(pair: Pair) -> str:
    return f"{pair.client} and {pair.server} on {pair.link}"
