"""A contract's fingerprint names the format and nothing else."""

import hashlib
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.contract import Contract, fingerprint_format
from tests.core.document_samples import BARE_CONTRACT, CONTRACT, contract

# Pinned: services and commits in the past are compared by this. Never change it.
GOLDEN = "sha256:b4eb38810eaf5d9d70016bbdfd0bbdc4168c260a2e6f849e806f25bf6535e78f"
HEAD = {"schema": "1", "protocol": "chat", "version": "2.1", "accepts": ">=2.0,<3"}
CANONICAL = (
    '{"handshake":{"selected":"jwt-auth","subprotocols":["jwt-auth","jwt.{token:base64url}"],'
    '"token_in":"subprotocol"},"messages":{"opens_with":[{"quiet":false,"ratio":0.5,'
    '"resume":null,"tries":3,"type":"hello"}],"welcome":{"type":"connection_established"}}}'
)


def test_the_golden_vector_pins_the_fingerprint() -> None:
    assert contract(CONTRACT).fingerprint == GOLDEN
    assert f"sha256:{hashlib.sha256(CANONICAL.encode()).hexdigest()}" == GOLDEN


def test_the_fingerprint_is_the_hash_of_canonical_json_with_defaults_filled_in() -> None:
    filled = fingerprint_format(
        {"subprotocols": [], "selected": None, "token_in": "none"},
        {"opens_with": [], "welcome": None},
    )
    assert contract(BARE_CONTRACT).fingerprint == filled
    assert contract(
        BARE_CONTRACT + "handshake: {token_in: none}\nmessages: {opens_with: []}\n"
    ).fingerprint == (filled)


def test_the_fingerprint_is_computed_once() -> None:
    read = contract(CONTRACT)
    assert read.fingerprint is read.fingerprint


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("welcome_within: 5s", "welcome_within: 9s", id="how it is probed"),
        pytest.param("{type: heartbeat}", "{type: tick}", id="what a probe ignores"),
        pytest.param("probe:\n", "x-note: {a: }\nprobe:\n", id="an x- key"),
        pytest.param("handshake:\n", "handshake:\n  x-note: a\n", id="an x- key in the handshake"),
        pytest.param("type: hello, resume: null", "resume: ~, type: hello", id="key order"),
        pytest.param("{type: hello", "{'type': \"hello\"", id="quotes"),
        pytest.param("ratio: 0.5", "ratio: 5e-1", id="how a number is written"),
        pytest.param('version: "2.1"', 'version: "2.2"', id="the version"),
        pytest.param('">=2.0,<3"', '">=1.0,<3"', id="the range"),
    ],
)
def test_what_is_not_the_format_does_not_change_the_fingerprint(old: str, new: str) -> None:
    assert old in CONTRACT
    assert contract(CONTRACT.replace(old, new)).fingerprint == GOLDEN


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(
            '[jwt-auth, "jwt.{token:base64url}"]', '["jwt.{token}", jwt-auth]', id="order"
        ),
        pytest.param("selected: jwt-auth", "selected: none", id="what is selected"),
        pytest.param("tries: 3", 'tries: "3"', id="a text for a number"),
        pytest.param("quiet: false", "quiet: 0", id="a number for a flag"),
        pytest.param("resume: null", "resume: ''", id="a text for nothing"),
        pytest.param(", quiet: false", "", id="a key less"),
        pytest.param("quiet: false}", "quiet: false, x-more: 1}", id="an x- key in a message"),
        pytest.param("connection_established", "connection_ready", id="the welcome"),
    ],
)
def test_any_change_of_the_format_changes_the_fingerprint(old: str, new: str) -> None:
    assert old in CONTRACT
    assert contract(CONTRACT.replace(old, new)).fingerprint != GOLDEN


JSON_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53 - 1), 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | JSON_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(JSON_TEXT, inner, max_size=3),
    max_leaves=6,
)
MESSAGES = st.dictionaries(JSON_TEXT, JSON_VALUES, max_size=3)


def _speaking(welcome: dict[str, Any]) -> Contract:
    return Contract.model_validate({**HEAD, "messages": {"welcome": welcome}})


@given(MESSAGES, MESSAGES)
def test_messages_have_equal_fingerprints_only_when_they_are_equal(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    same = _canonical(one) == _canonical(other)
    assert (_speaking(one).fingerprint == _speaking(other).fingerprint) is same


def _canonical(value: Any) -> str:
    """JSON has one kind of number: 1.0 is 1, and -0.0 is 0."""
    return json.dumps(_one_kind_of_number(value), sort_keys=True)


def _one_kind_of_number(value: Any) -> Any:
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, list):
        return [_one_kind_of_number(item) for item in value]
    if isinstance(value, dict):
        return {key: _one_kind_of_number(item) for key, item in value.items()}
    return value


@given(MESSAGES)
def test_the_order_of_keys_never_matters(message: dict[str, Any]) -> None:
    turned = dict(reversed(message.items()))
    assert _speaking(message).fingerprint == _speaking(turned).fingerprint


UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@given(MESSAGES)
def test_a_message_is_read_from_yaml_as_the_json_that_it_is(message: dict[str, Any]) -> None:
    """JSON is YAML, but for the characters that must be escaped."""
    written = UNPRINTABLE.sub(
        lambda found: f"\\u{ord(found[0]):04x}", json.dumps(message, ensure_ascii=False)
    )
    read = contract(BARE_CONTRACT + f"messages: {{welcome: {written}}}\n")
    assert read.messages.welcome == message
    assert read.fingerprint == _speaking(message).fingerprint


@pytest.mark.parametrize("value", [2**53, float("nan"), float("inf"), "\ud800"])
def test_such_a_value_cannot_be_built_in_python_either(value: object) -> None:
    with pytest.raises(ValueError, match="Contract"):
        _speaking({"a": value})
