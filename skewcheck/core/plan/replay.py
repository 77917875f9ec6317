"""Who can be live, at the worst, while waves are carried out. It knows nothing of how the waves
were found: neither needs nor levels.

Rules of this file: in a wave everything may happen in any order and half; a wait is worth what its
seconds cover on each link, and a waived one nothing; what an edge hands out no wait makes go away.
"""

from collections.abc import Iterable

from skewcheck.core.plan.facts import BuildId, Channel, PlanWorld
from skewcheck.core.plan.misfits import Misfits, clients_now, drained_servers
from skewcheck.core.plan.plan import Move, Pair, Wait


class Replay:
    """`meeting` are the pairs by link that do not fit and can meet now; links without any are
    left out. `drained` serve no longer, but may still be sent connections."""

    def __init__(self, world: PlanWorld, misfits: Misfits) -> None:
        parties = world.parties
        self.world = world
        self.serving = {name: {*party.serving} for name, party in parties.items()}
        self.at_edge = {name: {*party.at_edge} for name, party in parties.items() if party.at_edge}
        self.drained = {
            name: {*builds} for name, party in parties.items() if (builds := drained_servers(party))
        }
        self.clients: dict[str, set[BuildId]] = {}
        self.misfits = misfits.found
        self.meeting: dict[str, tuple[Pair, ...]] = {}
        self.as_client: dict[str, list[Channel]] = {name: [] for name in parties}
        self.as_server: dict[str, list[Channel]] = {name: [] for name in parties}
        # Where something can go wrong once that service comes in that build.
        self._risks: dict[tuple[str, BuildId], list[Channel]] = {}
        for channel in world.channels:
            if channel.name in misfits.found:
                self._add(channel)
        for pair in misfits.live:
            self.meeting[pair.link] = (*self.meeting.get(pair.link, ()), pair)

    def _add(self, channel: Channel) -> None:
        self.clients[channel.name] = {*clients_now(self.world.parties[channel.client])}
        self.as_client[channel.client].append(channel)
        self.as_server[channel.server].append(channel)
        for pair in self.misfits[channel.name]:
            self._risks.setdefault((channel.client, pair.client), []).append(channel)
            self._risks.setdefault((channel.server, pair.server), []).append(channel)

    def handed_out(self, service: str) -> set[BuildId]:
        """Builds that new clients of the service may come in."""
        return self.serving[service] | self.at_edge.get(service, set())

    def wait(self, wait: Wait) -> bool:
        """Whether it made anything go away."""
        if wait.waiver is not None or wait.seconds is None:
            return False
        gone = {*wait.builds} - self.handed_out(wait.service)
        before = self._alive(wait.service)
        for channel in self.as_client[wait.service]:
            if _covers(wait.seconds, self.world.linger_of(channel)):
                self.clients[channel.name] -= gone
        if _covers(wait.seconds, self.world.parties[wait.service].server_linger_s):
            self.drained.get(wait.service, set()).difference_update(gone)
        self._look_again(wait.service)
        return self._alive(wait.service) < before

    def begin(self, moves: Iterable[Move]) -> None:
        """What is moved to is live beside what was."""
        for move in moves:
            self.serving[move.service].add(move.build)
            for channel in self.as_client[move.service]:
                self.clients[channel.name].add(move.build)
        for move in moves:
            for channel in self._risks.get((move.service, move.build), ()):
                self._look(channel)

    def end(self, moves: Iterable[Move]) -> None:
        """What was moved away from serves no longer, and its clients linger as long as they do."""
        for move in moves:
            left = self.handed_out(move.service)
            if self.world.parties[move.service].server_linger_s != 0:
                drained = self.serving[move.service] - {move.build}
                self.drained.setdefault(move.service, set()).update(drained)
            self.serving[move.service] = {move.build}
            if move.invalidates:
                self.at_edge.pop(move.service, None)
            left -= self.handed_out(move.service)
            for channel in self.as_client[move.service]:
                if self.world.linger_of(channel) == 0:
                    self.clients[channel.name] -= left
            self._look_again(move.service)

    def pairs_meeting(self) -> tuple[Pair, ...]:
        return tuple(pair for _, pairs in sorted(self.meeting.items()) for pair in pairs)

    def _alive(self, service: str) -> int:
        clients = sum(len(self.clients[each.name]) for each in self.as_client[service])
        return clients + len(self.drained.get(service, ()))

    def _look_again(self, service: str) -> None:
        """Something is gone, so only what met before can still meet."""
        if self.meeting:
            for channel in (*self.as_client[service], *self.as_server[service]):
                if channel.name in self.meeting:
                    self._look(channel)

    def _look(self, channel: Channel) -> None:
        clients, link = self.clients[channel.name], channel.name
        servers, drained = self.serving[channel.server], self.drained.get(channel.server, ())
        met = tuple(
            pair
            for pair in self.misfits[link]
            if pair.client in clients and (pair.server in servers or pair.server in drained)
        )
        if met:
            self.meeting[link] = met
        else:
            self.meeting.pop(link, None)


def _covers(seconds: float, linger_s: float | None) -> bool:
    return linger_s is not None and linger_s <= seconds
