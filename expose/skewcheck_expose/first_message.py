"""The token of a contract that has it in the first message, which comes after the acceptance."""

import json
from collections.abc import Iterator
from typing import Any

from skewcheck_expose.negotiation import BAD_REQUEST, Agreed, Refused
from skewcheck_expose.reasons import not_in_format
from skewcheck_expose.templates import NoTokenError, read_template


def read_first_message(agreed: Agreed, message: str | bytes) -> str | Refused:
    """The token that the client sent, or the refusal to close with.

    Other keys beside those of the contract do no harm, as in a welcome.
    """
    try:
        said = json.loads(message)
    except (ValueError, RecursionError):
        return _refuse(agreed, "the first message is not JSON")
    for expected in agreed.contract.opens_with:
        try:
            tokens = set(_tokens(expected, said))
        except NoTokenError:
            continue
        if len(tokens) == 1:
            return tokens.pop()
    return _refuse(agreed, "the first message is not what the contract opens with")


def _refuse(agreed: Agreed, why: str) -> Refused:
    reason = not_in_format(agreed.contract, agreed.client_version, why)
    return Refused(status=BAD_REQUEST, reason=reason)


def _tokens(expected: Any, said: Any) -> Iterator[str]:
    """Raises NoTokenError where the message is another one."""
    if isinstance(expected, str):
        yield from _in_text(expected, said)
    elif isinstance(expected, dict):
        _require(isinstance(said, dict) and expected.keys() <= said.keys())
        for key, value in expected.items():
            yield from _tokens(value, said[key])
    elif isinstance(expected, list):
        _require(isinstance(said, list) and len(expected) == len(said))
        for number, each in enumerate(expected):
            yield from _tokens(each, said[number])
    else:  # true is not 1, but 1.0 is
        _require(isinstance(expected, bool) == isinstance(said, bool) and expected == said)


def _in_text(expected: str, said: Any) -> Iterator[str]:
    template = read_template(expected)
    _require(isinstance(said, str) and template.could_be(said))
    if template.holds_token:
        yield template.token_of(said)


def _require(it_fits: bool) -> None:  # noqa: FBT001 - reads as an assertion
    if not it_fits:
        raise NoTokenError("another message")
