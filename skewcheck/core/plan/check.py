"""Tells whether a plan, or the proof that there is none, holds. It replays and compares; nothing of
how the answer was found is used.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from skewcheck.core.compatibility import Fit
from skewcheck.core.plan.consequences import Scene
from skewcheck.core.plan.facts import BuildId, Channel, Fits, PlanWorld
from skewcheck.core.plan.misfits import find_misfits, is_live
from skewcheck.core.plan.plan import Arc, ArcKind, Deadlock, Move, Pair, Plan, Wait, Wave
from skewcheck.core.plan.replay import Terrain


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """The waves with what each brings about, what outlives them, and what is wrong with them."""

    waves: tuple[Wave, ...]
    outlives: tuple[Pair, ...]
    wrong: tuple[str, ...]


def check_plan(plan: Plan, world: PlanWorld, fits: Fits) -> tuple[str, ...]:
    """What is wrong with the waves of the plan, in sentences; empty where they hold."""
    terrain = Terrain(world, find_misfits(world, fits))
    replayed = replay_waves(terrain, plan.waves)
    return (*replayed.wrong, *_untrue(plan, terrain, replayed))


def replay_waves(terrain: Terrain, waves: tuple[Wave, ...]) -> Replayed:
    """Whatever they say of themselves."""
    check = _Check(terrain)
    wrong = []
    told = []
    for number, wave in enumerate(waves, 1):
        wrong += [f"wave {number}: {each}" for each in check.before(wave)]
        after, meeting = check.play(wave)
        wrong += [f"wave {number}: {each}" for each in meeting]
        told.append(after)
    wrong += check.at_the_end()
    return Replayed(waves=tuple(told), outlives=check.scene.outlives(), wrong=tuple(wrong))


def _untrue(plan: Plan, terrain: Terrain, replayed: Replayed) -> Iterator[str]:
    if plan.broken_now != terrain.misfits.live:
        yield "what is broken now is not what the plan says"
    if plan.outlives != replayed.outlives:
        yield "what outlives the plan is not what it says"
    for number, (said, told) in enumerate(zip(plan.waves, replayed.waves, strict=True), 1):
        if said != told:
            yield f"wave {number}: what it brings about is not what it says"


class _Check:
    def __init__(self, terrain: Terrain) -> None:
        self.world = terrain.world
        self.scene = Scene(terrain)
        self.replay = self.scene.replay
        self.allowed = {*terrain.misfits.live}
        self.moved: dict[str, Move] = {}

    def before(self, wave: Wave) -> Iterator[str]:
        """What is wrong with its waits, which it carries out, and with its moves."""
        if not wave.moves:
            yield "nothing moves"
        arriving = {move.build for move in wave.moves}
        for wait in wave.waits:
            yield from self._wait(wait, arriving)
        for move in wave.moves:
            yield from self._move(move)

    def play(self, wave: Wave) -> tuple[Wave, list[str]]:
        moves = tuple(move for move in wave.moves if move.service in self.world.parties)
        sticky, exposes = self.scene.begin(moves)
        wrong = [
            f"{pair.client} can meet {pair.server} on {pair.link}"
            for pair in exposes
            if pair not in self.allowed
        ]
        mends = self.scene.end(moves)
        return replace(wave, sticky=sticky, exposes=exposes, mends=mends), wrong

    def at_the_end(self) -> Iterator[str]:
        for name, party in self.world.parties.items():
            if self.replay.handed_out(name) != {party.target}:
                yield f"in the end {name} is not at {party.target} alone"

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
