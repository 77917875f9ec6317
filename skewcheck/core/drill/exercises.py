"""The bad worlds, one for each way in which a gate was green and should not have been."""

from dataclasses import replace

from skewcheck.core.drill.healthy import (
    BREAKING,
    BY_HEADER,
    DEPLOYING,
    HEALTHY,
    NEW,
    OLD,
    TESTED,
    deploying,
    history,
    pages,
    plane,
)
from skewcheck.core.drill.peer import Peer
from skewcheck.core.drill.texts import (
    API,
    API_DIRECT,
    APP,
    PROMISES_NOTHING,
    WITHOUT_MARKER,
    contract,
    html,
    junit,
    version_document,
)
from skewcheck.core.drill.world import Exercise, Page, Peers, World
from skewcheck.core.findings import Code
from skewcheck.core.probe.kits import ProbeWanted
from skewcheck.core.question import Exit

_SKEW = (Code.PROTOCOL_SKEW, Code.FORMAT_SKEW, Code.LINGERING_CLIENT_SKEW)


def _blocks(
    name: str, bad: World, *must: Code, twin: World = HEALTHY, never: tuple[Code, ...] = ()
) -> Exercise:
    return Exercise(name=name, twin=twin, bad=bad, exit=Exit.BLOCK, must=must, never=never)


def _stays_unknown(name: str, bad: World, *must: Code, twin: World = HEALTHY) -> Exercise:
    return Exercise(name=name, twin=twin, bad=bad, exit=Exit.INCONCLUSIVE, must=must)


def _answering(url: str, page: Page) -> World:
    return replace(HEALTHY, pages={**pages(), url: page})


def _at_the_edge(peer: Peer, world: World = HEALTHY) -> World:
    """Past the edge all is well."""
    return replace(world, peers=replace(world.peers, edge=peer))


def _at_the_candidate(peer: Peer) -> World:
    return replace(DEPLOYING, peers=replace(DEPLOYING.peers, candidate=peer))


def _everywhere(peer: Peer) -> World:
    return replace(HEALTHY, peers=Peers(edge=peer, direct=peer, candidate=peer))


_NOT_PROBED = ProbeWanted(skip="--no-probe")
_SKIPPED = '<skipped message="needs staging"/>'
_FAILED = '<failure message="1000 before the welcome"/>'

EXERCISES = (
    _blocks(
        "stale frontend behind a CDN",
        _answering(f"{APP}/", html(OLD)),
        Code.FORMAT_SKEW,
        Code.STALE_EDGE,
    ),
    _blocks(
        "candidate backend of the next protocol",
        deploying(BREAKING),
        Code.PROTOCOL_SKEW,
        twin=DEPLOYING,
    ),
    _blocks(
        "candidate that closes cleanly before the welcome",
        _at_the_candidate(Peer(ends="clean-close")),
        Code.CLOSED_BEFORE_WELCOME,
        twin=DEPLOYING,
        never=_SKEW,
    ),
    _blocks(
        "load balancer that strips Authorization",
        _at_the_edge(Peer(selects="chat", drops=frozenset({"authorization"})), BY_HEADER),
        Code.HEADER_LOST_AT_EDGE,
        twin=BY_HEADER,
    ),
    _blocks(
        "subprotocol dropped from the request",
        _at_the_edge(Peer(drops=frozenset({"sec-websocket-protocol"}))),
        Code.SUBPROTOCOL_LOST_AT_EDGE,
    ),
    _blocks(
        "subprotocol dropped from the answer",
        _at_the_edge(Peer(hides_selection=True)),
        Code.SUBPROTOCOL_LOST_AT_EDGE,
    ),
    _blocks(
        "subprotocol never selected",
        _everywhere(Peer(hides_selection=True)),
        Code.SUBPROTOCOL_NOT_SELECTED,
    ),
    _blocks(
        "offer that the contract itself leaves unanswered",
        replace(_everywhere(Peer(selects="")), commits=history(spoken=contract(WITHOUT_MARKER))),
        Code.SUBPROTOCOL_NOT_SELECTED,
    ),
    _blocks(
        "clean close before the welcome",
        _everywhere(Peer(ends="clean-close")),
        Code.CLOSED_BEFORE_WELCOME,
        never=_SKEW,
    ),
    _blocks(
        "server error before the welcome",
        _everywhere(Peer(ends="server-error")),
        Code.CLOSED_BY_SERVER_ERROR,
    ),
    _blocks("cut without a close", _everywhere(Peer(ends="cut")), Code.CUT_WITHOUT_CLOSE),
    _blocks("no welcome", _everywhere(Peer(ends="silence")), Code.WELCOME_MISSING),
    _blocks(
        "every second handshake fails",
        _at_the_edge(Peer(fails_every_second=True)),
        Code.FLAKY_HANDSHAKE,
    ),
    _blocks("page instead of an upgrade", _at_the_edge(Peer(is_a_page=True)), Code.NOT_A_WEBSOCKET),
    _stays_unknown(
        "page instead of the version document",
        _answering(f"{API}/version.json", html(NEW)),
        Code.HTML_INSTEAD_OF_JSON,
    ),
    _stays_unknown(
        "page that names no build",
        _answering(f"{APP}/", Page("<!doctype html><title>acme</title>", "text/html")),
        Code.PAGE_UNPROVEN,
    ),
    _blocks(
        "origin that runs another build than its label",
        _answering(f"{API_DIRECT}/version.json", version_document(OLD)),
        Code.STALE_ORIGIN,
    ),
    _stays_unknown(
        "placeholder build on both sides",
        replace(HEALTHY, pages=pages("unknown"), planes={"acme-api": plane(None)}),
        Code.PLACEHOLDER_BUILD,
    ),
    _stays_unknown(
        "server that accepts anything",
        _everywhere(Peer(accepts_anything=True)),
        Code.ACCEPTS_ANYTHING,
    ),
    _stays_unknown(
        "WebSocket never opened", replace(HEALTHY, probing=_NOT_PROBED), Code.NOT_PROBED
    ),
    _stays_unknown(
        "empty manifest",
        replace(HEALTHY, commits=history(PROMISES_NOTHING)),
        Code.NOTHING_TO_CHECK,
    ),
    _blocks(
        "required test that failed",
        replace(TESTED, junit=junit(NEW, _FAILED)),
        Code.EVIDENCE_FAILED,
        twin=TESTED,
    ),
    _stays_unknown(
        "required test that was skipped",
        replace(TESTED, junit=junit(NEW, _SKIPPED)),
        Code.EVIDENCE_SKIPPED,
        twin=TESTED,
    ),
    _stays_unknown(
        "required test that is gone",
        replace(TESTED, required=("test_reconnects",)),
        Code.EVIDENCE_MISSING,
        twin=TESTED,
    ),
    _stays_unknown(
        "tests of another build",
        replace(TESTED, junit=junit(OLD)),
        Code.EVIDENCE_STALE,
        twin=TESTED,
    ),
)
