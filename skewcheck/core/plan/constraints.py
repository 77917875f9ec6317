"""What keeps a service from moving at once: others that must have moved, or clients that must go.

On each link two pairs decide: (old client, new server) and (new client, old server). What still is
handed out, by traffic or by an edge, goes away only with a move of its service: that is an arc.
What merely lives on goes away by waiting, needs no move, and so can never be part of a deadlock.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from skewcheck.core.plan.facts import BuildId, Channel, Party, PlanWorld
from skewcheck.core.plan.misfits import Misfits
from skewcheck.core.plan.plan import Arc, ArcKind, Pair

NOTHING_NARROWED: Mapping[str, BuildId] = MappingProxyType({})


class Since(StrEnum):
    """From when on the builds in the way only live on: what ends their being handed out."""

    START = "start"
    NARROWING = "narrowing"
    MOVE = "move"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """`after` may move once all builds of `before` in `pairs` are gone; `wait_s` bounds how long
    that takes from `since` on, None is for ever."""

    before: str
    after: str
    kind: ArcKind
    since: Since
    pairs: tuple[Pair, ...]
    wait_s: float | None

    @property
    def is_arc(self) -> bool:
        return self.since is Since.MOVE

    @property
    def waits(self) -> bool:
        """What was seen to live on is waited for, even where it should have been gone at once."""
        return self.since is Since.START or self.wait_s != 0

    def in_the_way(self, pair: Pair) -> BuildId:
        """The build of `before` in one of `pairs`."""
        return pair.client if self.kind is ArcKind.CLIENT_FIRST else pair.server

    def arc(self) -> Arc:
        """A misfit that is known is the better witness."""
        return Arc(
            before=self.before,
            after=self.after,
            kind=self.kind,
            pair=min(self.pairs, key=lambda pair: pair.unknown),
            wait_s=self.wait_s,
        )


def find_needs(
    world: PlanWorld, misfits: Misfits, narrowed: Mapping[str, BuildId] = NOTHING_NARROWED
) -> tuple[Need, ...]:
    """`narrowed` names the one build that a service is to serve before it moves."""
    channels = {each.name: each for each in world.channels}
    return tuple(
        need
        for link, pairs in misfits.new.items()
        for need in _needs_of(world, channels[link], pairs, narrowed)
    )


def _needs_of(
    world: PlanWorld, channel: Channel, pairs: tuple[Pair, ...], narrowed: Mapping[str, BuildId]
) -> Iterator[Need]:
    client, server = world.parties[channel.client], world.parties[channel.server]
    grouped: dict[tuple[ArcKind, Since], list[Pair]] = {}
    for pair in pairs:
        if pair.server == server.target:
            key = ArcKind.CLIENT_FIRST, _since(client, pair.client, narrowed)
        else:
            key = ArcKind.SERVER_FIRST, _since(server, pair.server, narrowed)
        grouped.setdefault(key, []).append(pair)
    for (kind, since), found in grouped.items():
        client_first = kind is ArcKind.CLIENT_FIRST
        yield Need(
            before=channel.client if client_first else channel.server,
            after=channel.server if client_first else channel.client,
            kind=kind,
            since=since,
            pairs=pairs if len(grouped) == 1 else tuple(found),
            wait_s=world.linger_of(channel) if client_first else server.server_linger_s,
        )


def _since(party: Party, build: BuildId, narrowed: Mapping[str, BuildId]) -> Since:
    if build not in party.serving and build not in party.at_edge:
        return Since.START
    return Since.MOVE if narrowed.get(party.name, build) == build else Since.NARROWING
