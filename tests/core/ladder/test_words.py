"""Short words for what happened, with nothing of a server's that a terminal would obey."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.ladder.words import (
    answer_words,
    brief_body,
    close_words,
    messages_words,
    seconds,
)
from skewcheck.core.wire.transcript import Closed, Received
from tests.transcripts import answered, message

ESCAPE = "\x1b[31mred\x1b[0m"


@pytest.mark.parametrize(
    ("length_s", "told"),
    [
        (-1.0, "0 ms"),
        (0.0, "0 ms"),
        (0.0454, "45 ms"),
        (0.0999, "100 ms"),
        (0.1, "0.10 s"),
        (0.886, "0.89 s"),
        (9.99, "9.99 s"),
        (10.0, "10 s"),
        (299.6, "300 s"),
    ],
)
def test_a_length_has_as_many_digits_as_matter(length_s: float, told: str) -> None:
    assert seconds(length_s) == told


@given(st.floats())
def test_every_length_can_be_told(length_s: float) -> None:
    assert seconds(length_s).split()[-1] in {"s", "ms"}


def test_an_answer_is_told_with_its_reason() -> None:
    assert answer_words(answered(403)) == "HTTP 403"
    assert answer_words(answered(403, reason=ESCAPE)) == "HTTP 403 \\x1b[31mred\\x1b[0m"
    told = answer_words(answered(400, reason="Unsupported protocol; supported: v2, v3"))
    assert told == "HTTP 400 Unsupported protocol; supported: v2, v3"


@pytest.mark.parametrize(
    ("code", "reason", "told"),
    [
        (1000, "main cleanup", 'the server closed with 1000 "main cleanup"'),
        (10000, "", "the server closed with 10000"),
        (None, "", "the server closed without a code (1005)"),
        (1008, ESCAPE, 'the server closed with 1008 "\\x1b[31mred\\x1b[0m"'),
    ],
)
def test_a_close_is_told_with_code_and_reason(code: int | None, reason: str, told: str) -> None:
    assert close_words(Closed(at_s=1.0, by="server", code=code, reason=reason)) == told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("", ()),
        (" \n\t\n", ()),
        ("\n  upstream connect error \nmore", ("it says: upstream connect error",)),
        (ESCAPE, ("it says: \\x1b[31mred\\x1b[0m",)),
    ],
)
def test_a_body_is_told_by_its_first_line(body: str, told: tuple[str, ...]) -> None:
    assert brief_body(answered(502, body=body)) == told


def test_messages_are_told_one_by_one() -> None:
    heard = [message({"type": "challenge"}), Received(at_s=0.2, text=None, size=7), message(ESCAPE)]
    assert messages_words(heard) == (
        'message 1: {"type": "challenge"}',
        "message 2: 7 bytes, binary",
        "message 3: \\x1b[31mred\\x1b[0m",
    )
    assert messages_words([]) == ()


@pytest.mark.parametrize(("count", "last"), [(4, "message 4: x"), (5, "and 1 more")])
def test_of_many_messages_the_first_are_told(count: int, last: str) -> None:
    told = messages_words([message("x")] * count)
    assert told[-1] == last
    assert len(told) == count
