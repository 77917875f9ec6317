"""Who can be live, at the worst, while waves are carried out. It knows nothing of how the waves
were found: neither needs nor levels.

Rules of this file: in a wave everything may happen in any order and half; a wait is worth what its
seconds cover on each link, one without an end nothing; what is handed out no wait makes go away.
"""

from collections import defaultdict
from collections.abc import Iterable

from skewcheck.core.plan.facts import BuildId, Channel, PlanWorld
from skewcheck.core.plan.misfits import Misfits, clients_now, drained_servers
from skewcheck.core.plan.plan import Move, Pair, Wait


class Terrain:
    """Where something can go wrong, which no replay changes. Links where all fit are left out.

    `risks` are the links where something can once a service comes in its target: all other builds
    that it may move to are live already.
    """

    def __init__(self, world: PlanWorld, misfits: Misfits) -> None:
        self.world = world
        self.misfits = misfits
        self.as_client: defaultdict[str, list[Channel]] = defaultdict(list)
        self.as_server: defaultdict[str, list[Channel]] = defaultdict(list)
        self.risks: defaultdict[str, list[Channel]] = defaultdict(list)
        for channel in world.channels:
            pairs = misfits.found.get(channel.name, ())
            if pairs:
                self.as_client[channel.client].append(channel)
                self.as_server[channel.server].append(channel)
            client, server = world.parties[channel.client], world.parties[channel.server]
            if any(pair.client == client.target for pair in pairs):
                self.risks[channel.client].append(channel)
            if any(pair.server == server.target for pair in pairs):
                self.risks[channel.server].append(channel)


class Replay:
    """`meeting` are the pairs by link that do not fit and can meet now; links without any are
    left out. `drained` serve no longer, but may still be sent connections."""

    def __init__(self, terrain: Terrain) -> None:
        parties = terrain.world.parties
        self.world = terrain.world
        self.terrain = terrain
        self.serving = {name: {*party.serving} for name, party in parties.items()}
        self.at_edge = {name: {*party.at_edge} for name, party in parties.items() if party.at_edge}
        self.drained = {
            name: {*builds} for name, party in parties.items() if (builds := drained_servers(party))
        }
        self.meeting: dict[str, tuple[Pair, ...]] = {}
        for pair in terrain.misfits.live:
            self.meeting[pair.link] = (*self.meeting.get(pair.link, ()), pair)
        self._clients = {name: {*clients_now(party)} for name, party in parties.items()}
        self._gone: dict[str, set[BuildId]] = {}

    def handed_out(self, service: str) -> set[BuildId]:
        """Builds that new clients of the service may come in."""
        edge = self.at_edge.get(service)
        return self.serving[service] | edge if edge else self.serving[service]

    def is_client(self, channel: Channel, build: BuildId) -> bool:
        alive = build in self._clients[channel.client]
        return alive and build not in self._gone.get(channel.name, ())

    def is_server(self, service: str, build: BuildId) -> bool:
        return build in self.serving[service] or build in self.drained.get(service, ())

    def wait(self, wait: Wait) -> bool:
        """Whether it made anything go away."""
        if wait.seconds is None:
            return False
        over = {*wait.builds} - self.handed_out(wait.service)
        went = False
        for channel in self.terrain.as_client[wait.service]:
            if _covers(wait.seconds, self.world.linger_of(channel)):
                went |= any(self.is_client(channel, build) for build in over)
                self._gone.setdefault(channel.name, set()).update(over)
        if _covers(wait.seconds, self.world.parties[wait.service].server_linger_s):
            drained = self.drained.get(wait.service, set())
            went |= not over.isdisjoint(drained)
            drained -= over
        self._look_again(wait.service)
        return went

    def begin(self, moves: Iterable[Move]) -> None:
        """What is moved to is live beside what was."""
        for move in moves:
            self.serving[move.service].add(move.build)
            self._clients[move.service].add(move.build)
            if self._gone:
                for channel in self.terrain.as_client[move.service]:
                    self._gone.get(channel.name, set()).discard(move.build)
        for move in moves:
            for channel in self.terrain.risks.get(move.service, ()):
                self._look(channel)

    def end(self, moves: Iterable[Move]) -> None:
        """What was moved away from serves no longer, and its clients linger as long as they do."""
        for move in moves:
            before = self.handed_out(move.service)
            if self.world.parties[move.service].server_linger_s != 0:
                drained = self.serving[move.service] - {move.build}
                self.drained.setdefault(move.service, set()).update(drained)
            self.serving[move.service] = {move.build}
            if move.invalidates:
                self.at_edge.pop(move.service, None)
            left = before - self.handed_out(move.service)
            for channel in self.terrain.as_client[move.service]:
                if self.world.linger_of(channel) == 0:
                    self._gone.setdefault(channel.name, set()).update(left)
            self._look_again(move.service)

    def pairs_meeting(self) -> tuple[Pair, ...]:
        return tuple(pair for _, pairs in sorted(self.meeting.items()) for pair in pairs)

    def _look_again(self, service: str) -> None:
        """Something is gone, so only what met before can still meet."""
        if self.meeting:
            for channel in (*self.terrain.as_client[service], *self.terrain.as_server[service]):
                if channel.name in self.meeting:
                    self._look(channel)

    def _look(self, channel: Channel) -> None:
        met = [
            pair
            for pair in self.terrain.misfits.found[channel.name]
            if self.is_server(channel.server, pair.server) and self.is_client(channel, pair.client)
        ]
        if met:
            self.meeting[channel.name] = tuple(met)
        else:
            self.meeting.pop(channel.name, None)


def _covers(seconds: float, linger_s: float | None) -> bool:
    return linger_s is not None and linger_s <= seconds
