"""Random small worlds for the laws of planning: few builds, and misfits everywhere."""

from typing import Any, NamedTuple

from hypothesis import strategies as st

from skewcheck.core.plan.facts import Channel, Party, PlanWorld
from tests.core.plan.worlds import HOUR, Book

BUILDS = ("b0", "b1", "b2")


class Drawn(NamedTuple):
    world: PlanWorld
    fits: Book


@st.composite
def parties(draw: Any, name: str, *, rich: bool) -> Party:
    """`rich`: several builds serve, others linger, edges are stale, affinity holds."""
    builds = st.sampled_from(BUILDS)
    if not rich:
        serving, target = draw(st.sampled_from([(("b0",), "b1")] * 5 + [(("b1",), "b1")]))
        return Party(name=name, serving=serving, target=target, client_linger_s=HOUR)
    serving = tuple(draw(st.lists(builds, min_size=1, max_size=2, unique=True)))
    return Party(
        name=name,
        serving=serving,
        target=draw(builds),
        lingering=tuple(draw(st.lists(builds, max_size=1))),
        client_linger_s=draw(st.sampled_from([0.0, HOUR, HOUR])),
        server_linger_s=draw(st.sampled_from([0.0, 0.0, 0.0, HOUR])),
        behind_edge=draw(st.booleans()),
        at_edge=tuple(draw(st.lists(builds, max_size=1))),
    )


@st.composite
def drawn(draw: Any, *, rich: bool = False, most: int = 3) -> Drawn:
    """Misfits lie close enough for plans, waits and deadlocks to be all common."""
    names = [f"s{number}" for number in range(draw(st.integers(2, most)))]
    ways = [(client, server) for client in names for server in names]
    apart = [(client, server) for client, server in ways if client != server]
    links = draw(st.lists(st.sampled_from([*apart * 4, *ways]), max_size=4 if rich else 6))
    channels = [
        Channel(name=f"l{number}", client=client, server=server)
        for number, (client, server) in enumerate(links)
    ]
    built = {name: draw(parties(name, rich=rich)) for name in names}
    rare = st.sampled_from([True, False, False])
    no = set()
    for channel in channels:
        client, server = built[channel.client], built[channel.server]
        alive = {*client.serving, *client.lingering, *client.at_edge, client.target}
        for one in sorted(alive):
            for other in sorted({*server.serving, *server.lingering, server.target}):
                targets = (one, other) == (client.target, server.target)
                if not targets and draw(rare):
                    no.add((channel.name, one, other))
    return Drawn(PlanWorld(parties=built, channels=tuple(channels)), Book(frozenset(no)))
