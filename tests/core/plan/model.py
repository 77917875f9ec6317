"""The meaning of a plan, with nothing clever: all states that shifting, waiting and forgetting can
lead to, searched breadth first. The planner is measured against it.

A state is, for each service, what serves, what is alive as a client, what its edge hands out, and
what drained but may still be sent connections. It is safe if every client and server that can meet
fit, or could meet at the start.
"""

from collections import deque
from collections.abc import Callable, Iterator
from itertools import product
from typing import NamedTuple

from skewcheck.core.compatibility import Fit
from skewcheck.core.plan.facts import BuildId, Fits, PlanWorld

Builds = frozenset[BuildId]


class Life(NamedTuple):
    serving: Builds
    clients: Builds
    at_edge: Builds
    drained: Builds


State = tuple[Life, ...]


class Model:
    """`drainable` are the services whose lingering builds may be waited for; None is all."""

    def __init__(
        self, world: PlanWorld, fits: Fits, drainable: frozenset[str] | None = None
    ) -> None:
        self.names = sorted(world.parties)
        self.world = world
        self.fits = fits
        self.drainable = frozenset(self.names) if drainable is None else drainable
        self.start: State = tuple(self._life(name) for name in self.names)
        self.excused = frozenset(self._meeting(self.start))

    def _life(self, name: str) -> Life:
        party = self.world.parties[name]
        serving, at_edge = frozenset(party.serving), frozenset(party.at_edge)
        gone = frozenset(party.lingering) - serving - {party.target}
        drained = gone if party.server_linger_s != 0 else frozenset[BuildId]()
        return Life(serving, serving | at_edge | frozenset(party.lingering), at_edge, drained)

    def _meeting(self, state: State) -> Iterator[tuple[str, BuildId, BuildId]]:
        lives = dict(zip(self.names, state, strict=True))
        for channel in self.world.channels:
            servers = lives[channel.server].serving | lives[channel.server].drained
            for client, server in product(lives[channel.client].clients, servers):
                if self.fits(channel.name, client, server) is not Fit.YES:
                    yield channel.name, client, server

    def is_safe(self, state: State) -> bool:
        return all(met in self.excused for met in self._meeting(state))

    def at_targets(self, state: State) -> bool:
        """Everywhere, and no target fails another."""
        goals = [Builds({self.world.parties[name].target}) for name in self.names]
        there = all(
            (life.serving, life.clients, life.at_edge) == (goal, goal, life.at_edge & goal)
            and not life.drained
            for life, goal in zip(state, goals, strict=True)
        )
        return there and not any(True for _ in self._meeting(state))

    def reaches(self, goal: Callable[[State], bool], start: State | None = None) -> bool:
        first = self.start if start is None else start
        seen, ahead = {first}, deque([first])
        while ahead:
            state = ahead.popleft()
            if goal(state):
                return True
            for after in self._after(state):
                if after not in seen and self.is_safe(after):
                    seen.add(after)
                    ahead.append(after)
        return False

    def _after(self, state: State) -> Iterator[State]:
        for number, name in enumerate(self.names):
            for life in self._changes(name, state[number]):
                yield (*state[:number], life, *state[number + 1 :])

    def _changes(self, name: str, life: Life) -> Iterator[Life]:
        party = self.world.parties[name]
        for build in {*party.serving, party.target}:
            if build not in life.serving:
                serving = life.serving | {build}
                yield life._replace(
                    serving=serving, clients=life.clients | {build}, drained=life.drained - {build}
                )
            elif life.serving != {build}:
                drained = life.drained | {build} if party.server_linger_s != 0 else life.drained
                yield life._replace(serving=life.serving - {build}, drained=drained)
        if life.at_edge:
            yield life._replace(at_edge=frozenset())
        if name in self.drainable:
            yield life._replace(clients=life.serving | life.at_edge, drained=frozenset())
