"""Findings on one WebSocket, opened as a browser would: every bad ending has its own code."""

from collections.abc import Iterator

import pytest

from tests.cli.findings.looked import found
from tests.cli.findings.sockets import Wire, wired

# What the server does, and what it is then found to be.
ENDINGS = {
    "handshake-rejected": "reason-phrase-400",
    "auth-rejected": "auth-1008",
    "origin-rejected": "bad-request-if-origin",
    "subprotocol-not-selected": "unoffered-subprotocol",
    "upgrade-cut": "eof-instead-of-answer",
    "not-a-websocket": "html-200",
    "protocol-garbage": "http-in-stream",
    "closed-before-welcome": "close-1000-main-cleanup",
    "closed-by-server-error": "closes-1011",
    "cut-without-close": "eof-after-101",
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with wired(tmp_path_factory.mktemp("wire")) as wire:
        yield wire


@pytest.fixture
def wire(shared: Wire) -> Wire:
    shared.healthy()
    return shared


@pytest.mark.parametrize("code", ENDINGS)
def test_a_bad_ending_blocks_with_its_own_code(wire: Wire, code: str) -> None:
    wire.meets(ENDINGS[code])
    told = found(wire.probe(), "block", code, about="chat", exits=10)
    assert told["fix"]
    assert told["evidence"]


def test_a_welcome_that_does_not_come_blocks(wire: Wire) -> None:
    wire.meets("silent")
    told = found(wire.probe(link="quick"), "block", "welcome-missing", about="quick", exits=10)
    assert "no welcome within 0.30 s: nothing came" in told["sentence"]


def test_what_a_failure_hides_is_masked_and_never_passed(wire: Wire) -> None:
    wire.meets("reason-phrase-400")
    told = found(wire.probe(), "unknown", "masked", about="chat", exits=10)
    assert told["evidence"] == ["hidden by handshake-rejected"]
