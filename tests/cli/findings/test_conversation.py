"""Findings that one handshake cannot show: chance, time, tokens, events and dependencies."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.findings.looked import found
from tests.cli.findings.sockets import GOOD, TOKEN, Wire, choosy, wired
from tests.websocket_answers import Shape, ends, hangs
from tests.websocket_peer import Peer
from tests.websocket_shapes import IDLE_S, LIFETIME_S, SHAPES


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with wired(tmp_path_factory.mktemp("wire")) as wire:
        yield wire


@pytest.fixture
def wire(shared: Wire) -> Wire:
    shared.healthy()
    return shared


def in_turn(*shapes: Shape) -> Shape:
    """The first of them once, the second once, and so on, for ever."""
    turns = itertools.cycle(shapes)
    return lambda peer: next(turns)(peer)


def first_then(first: Shape, then: Shape) -> Shape:
    turns = itertools.chain([first], itertools.repeat(then))
    return lambda peer: next(turns)(peer)


def impatient(peer: Peer) -> None:
    """Welcomes whoever speaks at once, and closes on all others."""
    peer.upgrade()
    try:
        peer.read_frame(0.3)
    except TimeoutError:
        peer.close(1000, "nothing to do")
        return
    peer.json({"type": "connection_established"})
    peer.stay()


@pytest.mark.parametrize("link", ["chat", "secret", "hello"])
def test_a_healthy_link_has_no_finding(wire: Wire, link: str) -> None:
    ended = wire.probe(link=link)
    assert (ended.code, json.loads(ended.out)["findings"]) == (0, [])


def test_a_made_up_token_in_a_wrong_format_that_is_welcomed_proves_nothing(wire: Wire) -> None:
    wire.meets("welcome")
    found(wire.probe(), "unknown", "accepts-anything", about="chat", exits=11)


def test_handshakes_that_hold_only_sometimes_block(wire: Wire) -> None:
    wire.meets(in_turn(GOOD, ends))
    told = found(wire.probe(), "block", "flaky-handshake", about="chat", exits=10)
    assert "handshakes failed" in told["sentence"]


def test_a_server_that_only_welcomes_who_speaks_at_once_is_a_race(wire: Wire) -> None:
    wire.meets(impatient)
    told = found(wire.probe(), "block", "handshake-race", about="chat", exits=10)
    assert "a client that speaks at once is welcomed" in told["sentence"]


def test_what_a_browser_and_the_standard_read_differently_is_a_notice(wire: Wire) -> None:
    """It blocks for another reason: nobody is welcomed."""
    wire.meets("close-10000")
    told = found(wire.probe(), "notice", "readings-differ", about="chat", exits=10)
    assert "a browser closes with 10000" in told["sentence"]


def test_an_offer_that_no_browser_can_make_blocks(wire: Wire) -> None:
    ended = wire.world.ask("probe", "raw", SKEWCHECK_CHAT_TOKEN="not/a/token")
    told = found(ended, "block", "subprotocol-invalid", about="raw", exits=10)
    assert "no request leaves" in told["sentence"]
    assert "not/a/token" not in ended.out


def test_a_token_that_comes_back_blocks(wire: Wire) -> None:
    wire.meets("token-in-message")
    ended = wire.probe(link="secret")
    found(ended, "block", "token-echoed", about="secret", exits=10)
    assert TOKEN not in ended.out


def test_an_event_that_does_not_come_blocks(wire: Wire) -> None:
    ended = wire.probe("--exercise", link="talk")
    told = found(ended, "block", "event-missing", about="talk", exits=10)
    assert "0 of 1 events came; missing: answered" in told["sentence"]


def test_a_connection_that_lives_only_so_long_blocks(wire: Wire) -> None:
    wire.meets(choosy(SHAPES["lifetime-cut"]))
    ended = wire.probe("--hold", f"{LIFETIME_S + 0.3:g}s")
    told = found(ended, "block", "lifetime-cut", about="chat", exits=10)
    assert "backend timeout" in told["fix"]


def test_a_silent_connection_that_is_cut_is_a_notice(wire: Wire) -> None:
    """Two seconds: the pinging one must have pinged, and outlived the silent one."""
    wire.meets(choosy(SHAPES["idle-cut"]))
    ended = wire.probe("--hold", f"{IDLE_S + 0.4:g}s")
    told = found(ended, "notice", "idle-cut", about="chat", exits=0)
    assert told["fix"].startswith("send a ping more often")


def test_a_dependency_that_is_down_while_connected_blocks(wire: Wire) -> None:
    wire.depends(threads="starting")
    told = found(wire.probe(), "block", "dependency-unavailable", about="chat", exits=10)
    assert "api needs threads" in told["sentence"]


def test_a_dependency_that_nobody_mentions_is_missing_evidence(wire: Wire) -> None:
    wire.depends()
    told = found(wire.probe(), "unknown", "evidence-missing", about="chat", exits=11)
    assert "does not mention threads" in told["sentence"]


def test_fewer_successes_than_the_target_block(wire: Wire) -> None:
    wire.meets(in_turn(GOOD, ends))
    ended = wire.probe("--rate", "--per-second", "500")
    told = found(ended, "block", "success-rate-below-target", about="chat", exits=10)
    assert told["evidence"] == [f"upgrade-cut: {_failures(told['sentence'])}"]


def _failures(sentence: str) -> int:
    held, _, tried, *_ = sentence.split()
    return int(tried) - int(held)


def test_successes_as_many_as_the_target_decide_nothing(wire: Wire) -> None:
    """Five hundred connections: only so many leave it open."""
    wire.meets(in_turn(*[GOOD] * 9, ends))
    words = ("--rate", "--per-second", "500", "--at-once", "50")
    told = found(wire.probe(*words), "unknown", "success-rate-undecided", about="chat", exits=11)
    assert "too near 90 % to be sure" in told["sentence"]


@pytest.mark.parametrize(
    ("unprobed", "severity", "exits"), [("unknown", "unknown", 11), ("notice", "notice", 0)]
)
def test_a_websocket_that_nobody_opened_is_no_pass(
    wire: Wire, tmp_path: Path, unprobed: str, severity: str, exits: int
) -> None:
    draft = tmp_path / "staging.yaml"
    draft.write_text(json.dumps(wire.world.manifest() | {"policy": {"unprobed": unprobed}}))
    ended = wire.world.ask("gate", "--no-probe", "--manifest", str(draft))
    told = found(ended, severity, "not-probed", about="chat", exits=exits)
    assert "--no-probe" in told["sentence"]


def test_a_candidate_that_never_answers_blocks(wire: Wire) -> None:
    """Only the first, cold handshake has the short patience of the manifest."""
    wire.meets(first_then(hangs, ends))
    ended = wire.probe("--candidate", f"api={wire.world.head}@{wire.url}")
    told = found(ended, "block", "upgrade-never-answered", about="chat", exits=10)
    assert "no answer to the upgrade within 1." in told["sentence"]


def test_a_candidate_that_takes_long_to_start_is_a_notice(wire: Wire, tmp_path: Path) -> None:
    """Its real transcript is stretched: a cold start of six seconds would take six seconds."""
    file = tmp_path / "transcript.json"
    candidate = ("--candidate", f"api={wire.world.head}@{wire.url}")
    assert wire.probe(*candidate, "--save", str(file)).code == 0
    saved = json.loads(file.read_text())
    for event in saved["probes"]["links"][0]["probed"][0]["transcripts"][0]["events"]:
        event["at_s"] += 6.0 if event["kind"] not in {"resolved", "connected", "requested"} else 0
    file.write_text(json.dumps(saved))
    explained = wire.world.bare("explain", str(file))
    told = found(explained, "notice", "slow-cold-start", about="chat", exits=0)
    assert "the candidate's first answer took 6" in told["sentence"]
