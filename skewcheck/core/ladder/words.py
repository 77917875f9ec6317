"""Short words for what happened on the wire; remote text is shortened and made printable."""

from collections.abc import Sequence

from skewcheck.core.ladder.readings import EMPTY
from skewcheck.core.remote_text import shorten
from skewcheck.core.wire.transcript import Answered, Closed, Received

_MOST_TOLD = 4


def seconds(length_s: float) -> str:
    """`45 ms`, `0.89 s`, `12 s`: as many digits as matter to somebody who waits."""
    length_s = max(length_s, 0.0)
    if length_s < 0.1:
        return f"{length_s * 1000:.0f} ms"
    return f"{length_s:.2f} s" if length_s < 10 else f"{length_s:.0f} s"


def answer_words(answered: Answered) -> str:
    reason = f" {shorten(answered.reason)}" if answered.reason else ""
    return f"HTTP {answered.status}{reason}"


def close_words(closed: Closed) -> str:
    """`the server closed with 1000 "main cleanup"`."""
    code = f"without a code ({EMPTY})" if closed.code is None else f"with {closed.code}"
    reason = f' "{shorten(closed.reason)}"' if closed.reason else ""
    return f"the server closed {code}{reason}"


def brief_body(answered: Answered) -> tuple[str, ...]:
    """The first line of a body that says something, as evidence."""
    line = next((line.strip() for line in answered.body.splitlines() if line.strip()), "")
    return (f"it says: {shorten(line)}",) if line else ()


def messages_words(heard: Sequence[Received]) -> tuple[str, ...]:
    """The first messages, one line each."""
    told = [f"message {number}: {_message(each)}" for number, each in enumerate(heard, start=1)]
    left = len(told) - _MOST_TOLD
    return (*told[:_MOST_TOLD], *([f"and {left} more"] if left > 0 else []))


def _message(message: Received) -> str:
    return f"{message.size} bytes, binary" if message.text is None else shorten(message.text)
