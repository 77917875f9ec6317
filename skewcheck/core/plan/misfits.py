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
    """By name of the link, whatever order the world lists them in; each pair is asked for once."""
    clients = {name: clients_now(party) for name, party in world.parties.items()}
    servers = {name: servers_now(party) for name, party in world.parties.items()}
    found: dict[str, tuple[Pair, ...]] = {}
    new: dict[str, tuple[Pair, ...]] = {}
    live: list[Pair] = []
    after: list[Pair] = []
    for channel in sorted(world.channels, key=attrgetter("name")):
        alive, served = clients[channel.client], servers[channel.server]
        one, other = world.parties[channel.client].target, world.parties[channel.server].target
        pairs = tuple(_misfits_of(channel.name, _with(alive, one), _with(served, other), fits))
        if pairs:
            now = [each for each in pairs if each.client in alive and each.server in served]
            end = [each for each in pairs if each.client == one and each.server == other]
            old = (*now, *end)
            found[channel.name] = pairs
            new[channel.name] = tuple(each for each in pairs if each not in old) if old else pairs
            live += now
            after += end
    return Misfits(found=found, new=new, live=tuple(live), after=tuple(after))


def without_unknown(misfits: Misfits) -> Misfits:
    """As if all that nobody knows of fitted."""
    found = {link: known for link, pairs in misfits.found.items() if (known := _known(pairs))}
    return Misfits(
        found=found,
        new={link: _known(misfits.new[link]) for link in found},
        live=_known(misfits.live),
        after=_known(misfits.after),
    )


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
    return pair.server in servers_now(server) and pair.client in clients_now(client)


def servers_now(party: Party) -> tuple[BuildId, ...]:
    """All builds that may be sent new connections."""
    return (*dict.fromkeys(party.serving), *drained_servers(party))


def _with(builds: tuple[BuildId, ...], target: BuildId) -> tuple[BuildId, ...]:
    return builds if target in builds else (*builds, target)


def _known(pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
    return tuple(pair for pair in pairs if not pair.unknown)


def _misfits_of(
    link: str, clients: tuple[BuildId, ...], servers: tuple[BuildId, ...], fits: Fits
) -> list[Pair]:
    found = []
    for client in clients:
        for server in servers:
            fit = fits(link, client, server)
            if fit is not Fit.YES:
                unknown = fit is Fit.UNKNOWN
                found.append(Pair(link=link, client=client, server=server, unknown=unknown))
    return found
