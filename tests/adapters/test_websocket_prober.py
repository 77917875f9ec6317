"""What the prober writes down of real servers, the good one and all that go wrong in their way."""

from dataclasses import replace

import pytest

from skewcheck.core.wire.script import Patience, Script
from skewcheck.core.wire.transcript import (
    Answered,
    Closed,
    Control,
    Garbage,
    Received,
    Transcript,
)
from tests.adapters.probing import (
    CHAT,
    PATIENT,
    TOKEN,
    after_request,
    asking,
    in_json,
    prober,
    survives,
)
from tests.websocket_servers import ALL_SHAPES, serving

OPENS = "answered:101 opened:jwt-auth"
LEAVES = "closed:us:1000 closed:server:1000 ended:left"
# What no server is quick with: these wait for as long as they may.
SHORT = replace(CHAT, welcome_within_s=0.5)
HASTY = Patience(answer_s=0.3, close_s=0.2)

AT_ONCE = {
    "welcome": f"{OPENS} received {LEAVES}",
    "welcome-behind-answer": f"{OPENS} received {LEAVES}",
    "fragments": f"{OPENS} control:server:ping control:us:pong received {LEAVES}",
    "deflate": f"{OPENS} received {LEAVES}",
    "early-hints": f"interim {OPENS} received {LEAVES}",
    "challenge-then-1002": f"{OPENS} received+ closed:server:1002 closed:us:1002 ended:eof",
    "no-subprotocol-then-1000": (
        "answered:101 opened:- closed:server:1000 closed:us:1000 ended:eof"
    ),
    "close-1000-main-cleanup": f"{OPENS} closed:server:1000 closed:us:1000 ended:eof",
    "close-10000": f"{OPENS} closed:server:10000 closed:us:1002 ended:eof",
    "empty-close": f"{OPENS} closed:server:None closed:us:None ended:eof",
    "close-with-1-byte": f"{OPENS} closed:server:None garbage:1002 closed:us:1002 ended:eof",
    "close-reason-not-utf8": f"{OPENS} closed:server:1000 garbage:1007 closed:us:1007 ended:eof",
    "auth-1000": f"{OPENS} closed:server:1000 closed:us:1000 ended:eof",
    "auth-1008": f"{OPENS} received closed:server:1008 closed:us:1008 ended:eof",
    "closes-1011": f"{OPENS} closed:server:1011 closed:us:1011 ended:eof",
    "welcome-then-close-1000": f"{OPENS} received closed:server:1000 closed:us:1000 ended:eof",
    "welcome-then-eof": f"{OPENS} received ended:eof",
    "eof-instead-of-answer": "ended:eof",
    "reset-instead-of-answer": "ended:reset",
    "eof-after-101": f"{OPENS} ended:eof",
    "reset-after-101": f"{OPENS} ended:reset",
    "binary-error-then-eof": f"{OPENS} received ended:eof",
    "not-http": "garbage:1002 ended:left",
    "html-200": "answered:200 ended:left",
    "gzip-200": "answered:200 ended:left",
    "endless-body": "answered:200 ended:left",
    "401": "answered:401 ended:left",
    "forbidden-403": "answered:403 ended:left",
    "426": "answered:426 ended:left",
    "301": "answered:301 ended:left",
    "502": "answered:502 ended:left",
    "bad-request-if-origin": "answered:400 ended:left",
    "reason-phrase-400": "answered:400 ended:left",
    "bad-accept": "answered:101 not-opened ended:left",
    "unoffered-subprotocol": "answered:101 not-opened ended:left",
    "http-in-stream": f"{OPENS} garbage:1002 closed:us:1002 ended:eof",
    "masked-frames": f"{OPENS} garbage:1002 closed:us:1002 ended:eof",
    "invalid-utf8": f"{OPENS} garbage:1007 closed:us:1007 ended:eof",
    "huge-message": f"{OPENS} garbage:1009 closed:us:1009 ended:eof",
    "flood": f"{OPENS} received+ garbage:1009 closed:us:1009 ended:left",
    "echoes-token": (
        "answered:101 echoed:answer header Sec-WebSocket-Protocol opened:jwt.[token]"
        f" received {LEAVES}"
    ),
    "token-in-message": f"{OPENS} received echoed:message 1 {LEAVES}",
    "undecodable-after-welcome": f"{OPENS} received closed:us:1000 closed:server:1007 ended:left",
    "idle-cut": f"{OPENS} received {LEAVES}",
    "lifetime-cut": f"{OPENS} received {LEAVES}",
}
TOO_LATE = {
    "never-answered": "expired:answer ended:left",
    "drip": "expired:answer ended:left",
    "silent": f"{OPENS} expired:welcome {LEAVES}",
    "echo": f"{OPENS} expired:welcome {LEAVES}",
    "encoding-switch": f"{OPENS} received expired:welcome {LEAVES}",
    "error-and-stay": f"{OPENS} received expired:welcome {LEAVES}",
    "heartbeats-only": f"{OPENS} received+ expired:welcome closed:us:1000 received+ ended:left",
    "ping-forever": f"{OPENS} expired:welcome closed:us:1000 ended:left",
    "ignores-close": f"{OPENS} received closed:us:1000 ended:left",
}


def probe_of(shape: str, script: Script = CHAT, patience: Patience = PATIENT) -> Transcript:
    with serving(shape) as server:
        return survives(prober().probe(asking(server.url, script, patience=patience), TOKEN))


@pytest.mark.parametrize("shape", AT_ONCE)
def test_each_shape_is_told_as_it_happened(shape: str) -> None:
    transcript = probe_of(shape)
    assert after_request(transcript) == AT_ONCE[shape]
    assert "s3cret" not in in_json(transcript)


@pytest.mark.parametrize("shape", TOO_LATE)
def test_each_wait_ends_by_its_deadline_and_says_for_what_it_was(shape: str) -> None:
    patience = HASTY if shape in {"never-answered", "drip"} else replace(PATIENT, close_s=0.3)
    transcript = probe_of(shape, SHORT, patience)
    uncontrolled = replace(
        transcript, events=tuple(e for e in transcript.events if not isinstance(e, Control))
    )
    assert after_request(uncontrolled) == TOO_LATE[shape]
    assert transcript.lasted_s < 10


def test_no_shape_is_left_out() -> None:
    assert {*AT_ONCE, *TOO_LATE} == set(ALL_SHAPES)


def test_text_arrives_whole_and_inflated() -> None:
    assert [each.text for each in probe_of("fragments").all(Received)] == [
        '{"type": "connection_established"}'
    ]
    deflated = probe_of("deflate").first(Received)
    assert deflated is not None
    assert deflated.text is not None
    assert (deflated.size, deflated.is_cut) == (len(deflated.text), False)


def test_binary_messages_have_a_size_and_no_text() -> None:
    assert [(e.text, e.size) for e in probe_of("binary-error-then-eof").all(Received)] == [
        (None, 7)
    ]


def test_close_frames_are_told_as_they_were_sent() -> None:
    told = {
        shape: next((c.code, c.reason) for c in probe_of(shape).all(Closed) if c.by == "server")
        for shape in ("close-10000", "empty-close", "close-1000-main-cleanup")
    }
    assert told == {
        "close-10000": (10000, "own code"),
        "empty-close": (None, ""),
        "close-1000-main-cleanup": (1000, "main cleanup"),
    }
    [broken] = [c for c in probe_of("close-reason-not-utf8").all(Closed) if c.by == "server"]
    assert (broken.code, broken.reason) == (1000, "caf\N{REPLACEMENT CHARACTER}")


@pytest.mark.parametrize(
    ("shape", "detail", "head"),
    [
        ("not-http", "what came back is not HTTP", "SSH-2.0-OpenSSH_9.2\\r\\n"),
        (
            "http-in-stream",
            "reserved bits must be 0",
            "HTTP/1.1 400 Bad Request\\r\\nConnection: close\\r\\n\\r\\n",
        ),
        ("masked-frames", "incorrect masking", "\\x81\\x82\\x00\\x00\\x00\\x00{}"),
        (
            "invalid-utf8",
            "a text is not UTF-8: invalid start byte at byte 10",
            '\\x81\\x0e{"type": "\\xff\\xfe"}',
        ),
        ("flood", "more than 2 MiB were sent", ""),
    ],
)
def test_garbage_can_be_read_in_the_transcript(shape: str, detail: str, head: str) -> None:
    garbage = probe_of(shape).first(Garbage)
    assert garbage is not None
    assert (garbage.detail, garbage.head) == (detail, head)
    assert garbage.opened == (shape != "not-http")


def test_the_reason_phrase_of_a_refusal_is_kept() -> None:
    answered = probe_of("reason-phrase-400").first(Answered)
    assert answered is not None
    assert answered.reason == "Unsupported protocol; supported: v2, v3"
