"""The token is in no transcript, however it came back, and its coming back is told."""

import base64
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.adapters.websocket_prober.mask import Mask
from skewcheck.core.wire.script import Script
from skewcheck.core.wire.secret import Secret
from skewcheck.core.wire.transcript import (
    Answered,
    Echoed,
    Garbage,
    Received,
    Requested,
    Sent,
    Transcript,
)
from tests.adapters.probing import BARE, CHAT, asking, in_json, prober, survives, told
from tests.websocket_peer import BINARY, CLOSE, FIN, PING, TEXT, Peer
from tests.websocket_servers import Shape, serving

RAW = 's3cret/"t0ken"~ü?'  # differs in every shape
TOKEN = Secret(RAW)
ENCODED = base64.urlsafe_b64encode(RAW.encode()).decode().rstrip("=")
SHAPES = {
    "raw": RAW,
    "base64url": ENCODED,
    "base64": base64.b64encode(RAW.encode()).decode(),
    "percent-encoded": quote(RAW, safe=""),
    "JSON": json.dumps(RAW),
    "JSON, not only ASCII": json.dumps(RAW, ensure_ascii=False),
}
CARRYING = replace(CHAT, welcome={"type": "none"})


def probe_of(shape: Shape, script: Script = CARRYING) -> Transcript:
    with serving(shape) as server:
        transcript = survives(prober().probe(asking(server.url, script), TOKEN))
    assert "s3cret" not in in_json(transcript)
    assert ENCODED not in in_json(transcript)
    return transcript


def wheres(transcript: Transcript) -> list[str]:
    return [echo.where for echo in transcript.all(Echoed)]


def refuses(head: str, body: str = "") -> Shape:
    sized = f"Content-Length: {len(body.encode())}\r\n\r\n{body}"
    return lambda peer: peer.raw(f"HTTP/1.1 {head}\r\n{sized}")


def opens(then: Callable[[Peer], None]) -> Shape:
    def shape(peer: Peer) -> None:
        peer.upgrade()
        then(peer)

    return shape


@pytest.mark.parametrize(
    ("shape", "where"),
    [
        pytest.param(refuses(f"403 no {RAW}"), "answer reason", id="reason"),
        pytest.param(refuses(f"403 no\r\nX-You: {RAW}"), "answer header X-You", id="header"),
        pytest.param(
            refuses(f"403 no\r\nSet-Cookie: t={ENCODED}"), "answer header Set-Cookie", id="cookie"
        ),
        pytest.param(refuses("403 no", f"<b>{RAW}</b>"), "answer body", id="body"),
        pytest.param(
            lambda peer: peer.raw(f"who is {RAW}?"), "what came instead of an answer", id="no HTTP"
        ),
        pytest.param(
            opens(lambda peer: peer.raw(f"HTTP/1.1 400 {RAW}")), "what is no frame", id="no frame"
        ),
        pytest.param(opens(lambda peer: peer.close(1008, RAW)), "close reason", id="close"),
        pytest.param(
            opens(lambda peer: peer.frame(FIN | BINARY, RAW.encode())), "message 1", id="binary"
        ),
        pytest.param(
            opens(lambda peer: peer.frame(FIN | PING, ENCODED.encode())), "ping", id="ping"
        ),
        pytest.param(
            opens(lambda peer: peer.frame(FIN | CLOSE, b"\x03\xe8\xff" + RAW.encode())),
            "close reason",
            id="a close that cannot be read",
        ),
    ],
)
def test_an_echo_is_told_and_masked_wherever_it_comes(shape: Shape, where: str) -> None:
    assert where in wheres(probe_of(shape))


@pytest.mark.parametrize("carried", SHAPES)
def test_an_echo_is_recognised_in_every_shape(carried: str) -> None:
    def says(peer: Peer) -> None:
        peer.frame(FIN | TEXT, f"you are {SHAPES[carried]}".encode())

    transcript = probe_of(opens(says))
    assert wheres(transcript) == ["message 1"]
    received = transcript.first(Received)
    assert received is not None
    assert received.text is not None
    assert "[token]" in received.text


def test_an_echo_stands_right_behind_what_brought_it_and_once() -> None:
    def twice(peer: Peer) -> None:
        peer.raw(f"HTTP/1.1 403 no\r\nX-You: {RAW}\r\nX-You: {RAW}\r\nContent-Length: 0\r\n\r\n")

    def thrice(peer: Peer) -> None:
        for text in (RAW, "nothing", RAW):
            peer.frame(FIN | TEXT, text.encode())

    assert told(probe_of(twice)).endswith("answered:403 echoed:answer header X-You ended:left")
    assert told(probe_of(opens(thrice))).endswith(
        "received echoed:message 1 received+ echoed:message 3 ended:eof"
    )


def test_what_echoes_again_and_again_in_one_place_is_told_once() -> None:
    def pings(peer: Peer) -> None:
        peer.frame(FIN | PING, ENCODED.encode())
        peer.frame(FIN | PING, ENCODED.encode())

    assert wheres(probe_of(opens(pings))) == ["ping"]


def test_what_came_back_in_the_subprotocol_is_recognisable() -> None:
    with serving("echoes-token") as server:
        transcript = prober().probe(asking(server.url), TOKEN)
    answered = transcript.first(Answered)
    assert answered is not None
    assert answered.header("Sec-WebSocket-Protocol") == "jwt.[token]"


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        pytest.param(
            replace(BARE, token_in="authorization"),
            ("Authorization", "Bearer [token]"),
            id="authorization",
        ),
        pytest.param(replace(BARE, token_in="cookie:sid"), ("Cookie", "sid=[token]"), id="cookie"),
        pytest.param(CHAT, ("Sec-WebSocket-Protocol", "jwt-auth, jwt.[token]"), id="subprotocol"),
    ],
)
def test_our_own_request_is_shown_masked(script: Script, shown: tuple[str, str]) -> None:
    token = Secret("s3cret-t0ken-of-somebody")
    with serving("welcome") as server:
        transcript = prober().probe(asking(server.url, script), token)
    asked = transcript.first(Requested)
    assert asked is not None
    assert shown in asked.headers
    assert "s3cret" not in in_json(transcript)


def test_a_token_in_the_url_or_in_a_message_is_shown_masked() -> None:
    script = replace(
        BARE,
        token_in="query:ticket",
        opens_with=({"type": "auth", "token": "{token}"},),
        welcome={"type": "auth"},
    )
    with serving("echo") as server:
        transcript = prober().probe(asking(server.url, script), TOKEN)
    asked = transcript.first(Requested)
    assert asked is not None
    assert asked.target == "/ws?ticket=[token]"
    assert [sent.text for sent in transcript.all(Sent)] == ['{"type":"auth","token":"[token]"}']
    assert wheres(transcript) == ["message 1"]
    assert "s3cret" not in in_json(transcript)


def test_half_a_token_at_the_end_of_what_was_cut_off_is_hidden_too() -> None:
    transcript = probe_of(lambda peer: peer.raw(f"HTTP/1.1 500 x\r\n\r\nyou are {RAW[:9]}"))
    answered = transcript.first(Answered)
    assert answered is not None
    assert answered.body == "you are [token]"
    assert wheres(transcript) == []


def test_a_token_across_the_end_of_what_is_kept_does_not_stick_out() -> None:
    for length in range(2048 - len(RAW), 2050):
        transcript = probe_of(refuses("500 x", "a" * length + RAW + "b"))
        answered = transcript.first(Answered)
        assert answered is not None
        assert answered.body.startswith("a" * min(length, 2048))
        assert len(answered.body) == 2048 or answered.body.endswith("b")
        assert wheres(transcript) == ["answer body"]


def test_a_token_in_fragments_is_whole_again() -> None:
    def breaks(peer: Peer) -> None:
        data = f"you are {RAW}".encode()
        peer.frame(TEXT, data[:12])
        peer.frame(FIN, data[12:])

    assert wheres(probe_of(opens(breaks))) == ["message 1"]


def test_cookies_of_theirs_are_hidden_even_where_nothing_is_echoed() -> None:
    cookies = "Set-Cookie: sid=abc; Path=/\r\nSet-Cookie: nameless"
    answered = probe_of(refuses(f"403 no\r\n{cookies}")).first(Answered)
    assert answered is not None
    assert answered.header("Set-Cookie") == "sid=[hidden], [hidden]"


def test_somebody_elses_jwt_is_hidden_as_well() -> None:
    jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
    transcript = probe_of(lambda peer: peer.raw(f"hello {jwt}, welcome"))
    garbage = transcript.first(Garbage)
    assert garbage is not None
    assert garbage.head == "hello [jwt], welcome"
    assert wheres(transcript) == []


def test_nothing_is_logged_even_where_everything_would_be(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        logging.getLogger(name).disabled = False  # as logging.config does, which frameworks call
    with serving("token-in-message") as server:
        prober().probe(asking(server.url), TOKEN)
    assert caplog.text == ""


@given(before=st.text(), after=st.text(), token=st.text(min_size=8))
def test_no_text_around_it_keeps_a_token_visible(before: str, after: str, token: str) -> None:
    text = before + token + after
    mask = Mask(Secret(token.encode("utf-8", "replace").decode()))
    if mask.finds(text):
        assert not mask.finds(mask.hide(text)) or mask.finds("[token]")


def test_without_a_token_nothing_is_found() -> None:
    assert not Mask(None).finds("anything")
    assert not Mask(Secret("")).finds("anything")
    assert Mask(None).hide("anything") == "anything"


def test_a_megabyte_of_almost_jwts_is_read_at_once() -> None:
    text = "eyJ" * 350_000
    assert Mask(None).hide(text) == text
