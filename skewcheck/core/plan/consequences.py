"""What waves bring about, found by replaying them: what they expose and mend, what sticks, and how
long all of it takes."""

from collections.abc import Iterator
from dataclasses import dataclass

from skewcheck.core.plan.facts import BuildId, Channel, PlanWorld
from skewcheck.core.plan.plan import Move, Pair, Wait, Wave
from skewcheck.core.plan.replay import Replay, Terrain


class Scene:
    """One replay, wave by wave: first its waits, then `begin`, then `end`."""

    def __init__(self, terrain: Terrain) -> None:
        self.world = terrain.world
        self.terrain = terrain
        self.replay = Replay(terrain)
        self.broken = terrain.misfits.live
        self.channels = {each.name: each for each in terrain.world.channels} if self.broken else {}

    def begin(self, moves: tuple[Move, ...]) -> tuple[tuple[str, ...], tuple[Pair, ...]]:
        """What sticks, and which pairs that do not fit can meet during the wave."""
        sticky = tuple(move.service for move in moves if self._sticks(move))
        self.replay.begin(moves)
        return sticky, self.replay.pairs_meeting()

    def end(self, moves: tuple[Move, ...]) -> tuple[Pair, ...]:
        """What is mended by then."""
        self.replay.end(moves)
        mends = tuple(pair for pair in self.broken if not self._goes_on(pair))
        if mends:
            self.broken = tuple(pair for pair in self.broken if pair not in mends)
        return mends

    def outlives(self) -> tuple[Pair, ...]:
        """What was broken at the start and can meet even now."""
        still = {*self.replay.pairs_meeting()}
        return tuple(pair for pair in self.terrain.misfits.live if pair in still)

    def _sticks(self, move: Move) -> bool:
        """Whether its new build outlives a step back and must not meet what an earlier wave took
        away."""
        risks = self.terrain.risks.get(move.service, ())
        return any(self._holds_back(channel, move) for channel in risks)

    def _holds_back(self, channel: Channel, move: Move) -> bool:
        """Under session affinity, servers live on as clients do."""
        as_client = channel.client == move.service and self.world.linger_of(channel) != 0
        party = self.world.parties[move.service]
        as_server = channel.server == move.service and party.server_linger_s != 0
        return any(
            (as_client and pair.client == move.build and self._is_away(channel.server, pair.server))
            or (
                as_server
                and pair.server == move.build
                and self._is_away(channel.client, pair.client)
            )
            for pair in self.terrain.misfits.new[channel.name]
        )

    def _is_away(self, service: str, build: BuildId) -> bool:
        served = build in self.world.parties[service].serving
        return served and build not in self.replay.serving[service]

    def _goes_on(self, pair: Pair) -> bool:
        """Whether they can still meet, other than through what only lives on since the plan moved
        its service."""
        channel = self.channels[pair.link]
        return self._comes(channel, pair.client) and self._is_there(channel.server, pair.server)

    def _comes(self, channel: Channel, build: BuildId) -> bool:
        party = self.world.parties[channel.client]
        if build in self.replay.handed_out(channel.client):
            return True
        lingered = build not in party.serving and build not in party.at_edge
        return lingered and self.replay.is_client(channel, build)

    def _is_there(self, name: str, build: BuildId) -> bool:
        if build in self.replay.serving[name]:
            return True
        return build not in self.world.parties[name].serving and self.replay.is_server(name, build)


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
