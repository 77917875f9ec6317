"""What waves bring about, found by replaying them: what they expose and mend, what sticks, and how
long all of it takes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from skewcheck.core.plan.facts import BuildId, PlanWorld
from skewcheck.core.plan.misfits import Misfits
from skewcheck.core.plan.plan import Move, Pair, Wait, Wave
from skewcheck.core.plan.replay import Replay


def with_consequences(
    world: PlanWorld, misfits: Misfits, waves: Iterable[Wave]
) -> tuple[tuple[Wave, ...], tuple[Pair, ...]]:
    """The waves with what each exposes, mends and makes stick; and the pairs that outlive them."""
    scene = _Scene(world, misfits)
    told = tuple(scene.play(wave) for wave in waves)
    still = {*scene.replay.pairs_meeting()}
    return told, tuple(pair for pair in misfits.live if pair in still)


class _Scene:
    def __init__(self, world: PlanWorld, misfits: Misfits) -> None:
        self.world = world
        self.replay = Replay(world, misfits)
        self.new = misfits.new
        self.broken = misfits.live
        self.sides = {each.name: (each.client, each.server) for each in world.channels}

    def play(self, wave: Wave) -> Wave:
        for wait in wave.waits:
            self.replay.wait(wait)
        sticky = tuple(name for move in wave.moves for name in self._stuck_by(move))
        self.replay.begin(wave.moves)
        exposes = self.replay.pairs_meeting()
        self.replay.end(wave.moves)
        mends = tuple(pair for pair in self.broken if not self._goes_on(pair))
        self.broken = tuple(pair for pair in self.broken if pair not in mends)
        return replace(wave, sticky=sticky, exposes=exposes, mends=mends)

    def _stuck_by(self, move: Move) -> Iterator[str]:
        """The moved service, if its new build outlives a step back and must not meet what an
        earlier wave took away."""
        if any(self._holds_back_a_server(move)) or any(self._holds_back_a_client(move)):
            yield move.service

    def _holds_back_a_server(self, move: Move) -> Iterator[bool]:
        for channel in self.replay.as_client[move.service]:
            if self.world.linger_of(channel) != 0:
                served = {*self.world.parties[channel.server].serving}
                away = served - self.replay.serving[channel.server]
                for pair in self.new[channel.name]:
                    yield pair.client == move.build and pair.server in away

    def _holds_back_a_client(self, move: Move) -> Iterator[bool]:
        """Under session affinity, servers live on as clients do."""
        if self.world.parties[move.service].server_linger_s != 0:
            for channel in self.replay.as_server[move.service]:
                client = self.world.parties[channel.client]
                away = {*client.serving} - self.replay.serving[channel.client]
                for pair in self.new[channel.name]:
                    yield pair.server == move.build and pair.client in away

    def _goes_on(self, pair: Pair) -> bool:
        """Whether they can still meet, other than through what only lives on since the plan moved
        its service."""
        client, server = self.sides[pair.link]
        return self._comes(client, pair) and self._is_there(server, pair.server)

    def _comes(self, name: str, pair: Pair) -> bool:
        party = self.world.parties[name]
        if pair.client in self.replay.handed_out(name):
            return True
        lingered = pair.client not in party.serving and pair.client not in party.at_edge
        return lingered and pair.client in self.replay.clients[pair.link]

    def _is_there(self, name: str, build: BuildId) -> bool:
        if build in self.replay.serving[name]:
            return True
        return build not in self.world.parties[name].serving and build in self.replay.drained.get(
            name, ()
        )


@dataclass(frozen=True, slots=True)
class _Began:
    """When a wave could begin, and after what: a wave before it, or a wait for one service."""

    at: float
    after_wave: int | None = None
    waited_for: str = ""


def time_of(world: PlanWorld, waves: tuple[Wave, ...]) -> tuple[float | None, tuple[str, ...]]:
    """The least that the waves take, one after the other, and the services that make it so long;
    None where a wait has no end."""
    if any(wait.seconds is None and wait.waiver is None for wave in waves for wait in wave.waits):
        return None, ()
    left: dict[tuple[str, BuildId], tuple[float, int]] = {}
    began: list[_Began] = []
    end = 0.0
    for number, wave in enumerate(waves):
        start = _begins(number, end, wave, left)
        for move in wave.moves:
            moved = start.at + world.parties[move.service].shift_s, number
            for build in _left_behind(world, move):
                left.setdefault((move.service, build), moved)
        began.append(start)
        end = start.at + max(world.parties[move.service].shift_s for move in wave.moves)
    return end, tuple(dict.fromkeys(reversed([*_made_it_long(world, waves, began)])))


def _begins(
    number: int, end: float, wave: Wave, left: dict[tuple[str, BuildId], tuple[float, int]]
) -> _Began:
    starts = [_Began(end, after_wave=number - 1 if number else None)]
    for wait in wave.waits:
        since, by = _since(wait, left)
        starts.append(_Began(since + _counted(wait), after_wave=by, waited_for=wait.service))
    return max(starts, key=lambda start: start.at)


def _since(
    wait: Wait, left: dict[tuple[str, BuildId], tuple[float, int]]
) -> tuple[float, int | None]:
    """From when on its builds only live on, and which wave brought that about."""
    moved = [left[key] for build in wait.builds if (key := (wait.service, build)) in left]
    return max(moved) if moved else (0.0, None)


def _counted(wait: Wait) -> float:
    return 0.0 if wait.waiver is not None else wait.seconds or 0.0


def _left_behind(world: PlanWorld, move: Move) -> tuple[BuildId, ...]:
    cleared = world.parties[move.service].at_edge if move.invalidates else ()
    return (*move.away, *(build for build in cleared if build != move.build))


def _made_it_long(world: PlanWorld, waves: tuple[Wave, ...], began: list[_Began]) -> Iterator[str]:
    """From the last to the first."""
    wave: int | None = len(waves) - 1 if waves else None
    waited_for = ""
    while wave is not None:
        yield waited_for or _slowest(world, waves[wave])
        waited_for, wave = began[wave].waited_for, began[wave].after_wave
    if waited_for:
        yield waited_for


def _slowest(world: PlanWorld, wave: Wave) -> str:
    return max(wave.moves, key=lambda move: world.parties[move.service].shift_s).service
