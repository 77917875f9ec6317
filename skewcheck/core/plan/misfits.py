"""The pairs of builds that do not fit, found once: what else is planned with looks at nothing else.

Rules of this file: an unknown fit counts as a misfit and says so; a pair that is live already is
excused from making order or waits, because no order could keep it from happening.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

from skewcheck.core.compatibility import Fit
from skewcheck.core.plan.facts import BuildId, Channel, Fits, Party, PlanWorld
from skewcheck.core.plan.plan import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfits:
    """`found` is all of them by link, links without any left out. `live` can meet already, `after`
    are two targets; `new` are the rest, by link."""

    found: Mapping[str, tuple[Pair, ...]]
    new: Mapping[str, tuple[Pair, ...]]
    live: tuple[Pair, ...]
    after: tuple[Pair, ...]

    @property
    def any_unknown(self) -> bool:
        return any(pair.unknown for pairs in self.found.values() for pair in pairs)


def find_misfits(world: PlanWorld, fits: Fits) -> Misfits:
    """By name of the link, whatever order the world lists them in."""
    clients = {name: (*clients_now(each), each.target) for name, each in world.parties.items()}
    servers = {name: (*_servers_now(each), each.target) for name, each in world.parties.items()}
    found: dict[str, tuple[Pair, ...]] = {}
    new: dict[str, tuple[Pair, ...]] = {}
    live: list[Pair] = []
    after: list[Pair] = []
    for channel in sorted(world.channels, key=attrgetter("name")):
        sides = clients[channel.client], servers[channel.server]
        pairs = _misfits_of(channel.name, *sides, fits)
        if pairs:
            targets = sides[0][-1], sides[1][-1]
            found[channel.name] = pairs
            now = [pair for pair in pairs if is_live(world, channel, pair)]
            end = [pair for pair in pairs if (pair.client, pair.server) == targets]
            new[channel.name] = tuple(pair for pair in pairs if pair not in (*now, *end))
            live += now
            after += end
    return Misfits(found=found, new=new, live=tuple(live), after=tuple(after))


def clients_now(party: Party) -> tuple[BuildId, ...]:
    """All builds that are alive as clients, without repetition."""
    return tuple(dict.fromkeys((*party.serving, *party.at_edge, *party.lingering)))


def drained_servers(party: Party) -> tuple[BuildId, ...]:
    """What session affinity may still send new connections to, though it serves no longer.

    The target is not among them: all its traffic is yet to come.
    """
    if party.server_linger_s == 0:
        return ()
    known = {*party.serving, party.target}
    return tuple(build for build in dict.fromkeys(party.lingering) if build not in known)


def is_live(world: PlanWorld, channel: Channel, pair: Pair) -> bool:
    """Whether the two can meet before anything moves."""
    client, server = world.parties[channel.client], world.parties[channel.server]
    return pair.server in _servers_now(server) and pair.client in clients_now(client)


def _servers_now(party: Party) -> tuple[BuildId, ...]:
    return (*party.serving, *drained_servers(party))


def _misfits_of(
    link: str, clients: tuple[BuildId, ...], servers: tuple[BuildId, ...], fits: Fits
) -> tuple[Pair, ...]:
    found: dict[Pair, None] = {}
    for client in clients:
        for server in servers:
            fit = fits(link, client, server)
            if fit is not Fit.YES:
                unknown = fit is Fit.UNKNOWN
                found[Pair(link=link, client=client, server=server, unknown=unknown)] = None
    return tuple(found)
