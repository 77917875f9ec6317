"""Does a message say what a contract asks for? Laws of the subset match, and what never matches."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.wire.messages import (
    event_name,
    is_welcome,
    matches,
    missing_events,
    value_of,
)
from skewcheck.core.wire.script import Exercise, Script
from skewcheck.core.wire.transcript import Event, Received, Sent
from tests.transcripts import PLAIN, message

_leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
values = st.recursive(
    _leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(st.text(max_size=3), values, max_size=4)


def raw(text: str, *, is_cut: bool = False) -> Received:
    return Received(at_s=0.1, text=text, size=len(text), is_cut=is_cut)


@given(values)
def test_a_value_matches_itself(value: Any) -> None:
    assert matches(value, value)


@given(objects, objects)
def test_more_keys_in_the_value_keep_a_match(pattern: dict[str, Any], more: dict[str, Any]) -> None:
    assert matches(pattern, more | pattern)


@given(objects, st.text(max_size=3))
def test_a_key_that_is_missing_ends_a_match(pattern: dict[str, Any], key: str) -> None:
    value = {name: each for name, each in pattern.items() if name != key}
    assert matches(pattern, value) is (key not in pattern)


@given(values, values)
def test_what_matches_deep_within_matches_as_a_whole(pattern: Any, value: Any) -> None:
    assert matches({"a": {"b": pattern}}, {"a": {"b": value, "c": 1}}) is matches(pattern, value)


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        pytest.param(1, 1.0, True, id="one and 1.0"),
        pytest.param(1.0, 1, True, id="1.0 and one"),
        pytest.param(1, True, False, id="one and true"),
        pytest.param(True, 1, False, id="true and one"),
        pytest.param(False, 0.0, False, id="false and 0.0"),
        pytest.param(True, True, True, id="true and true"),
        pytest.param(None, False, False, id="null and false"),
        pytest.param(None, None, True, id="null and null"),
        pytest.param("1", 1, False, id="text and number"),
        pytest.param([1, 2], [1, 2], True, id="equal lists"),
        pytest.param([1], [1, 2], False, id="a list is no subset"),
        pytest.param([], [1], False, id="an empty list matches only itself"),
        pytest.param([{"a": 1}], [{"a": 1, "b": 2}], True, id="subsets within lists"),
        pytest.param([1, 2], [2, 1], False, id="lists have an order"),
        pytest.param((1, 2), [1, 2], True, id="a tuple stands for a list"),
        pytest.param(["a"], "a", False, id="a text is no list"),
        pytest.param({}, {"a": 1}, True, id="no key at all"),
        pytest.param({}, [], False, id="an object and a list"),
        pytest.param({"a": None}, {}, False, id="null is not missing"),
        pytest.param(9007199254740993, 9007199254740992.0, False, id="beyond 2^53"),
    ],
)
def test_values_of_json_are_compared_as_json_has_them(
    pattern: Any, value: Any, *, expected: bool
) -> None:
    assert matches(pattern, value) is expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("42{", id="no JSON"),
        pytest.param("[" * 100_000, id="deep"),
        pytest.param('{"type": "connection_established", "type": "x"}', id="a name twice"),
        pytest.param('{"type": "connection_established", "n": NaN}', id="NaN"),
        pytest.param('{"n": ' + "9" * 5000 + "}", id="endless digits"),
        pytest.param("\ud800", id="half a surrogate pair"),
    ],
)
def test_what_is_no_json_has_no_value_and_is_no_welcome(text: str) -> None:
    assert value_of(raw(text)) is None
    assert not is_welcome(Script(welcome={}), raw(text))


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    value_of(raw(text))
    assert not is_welcome(PLAIN, raw(text))


def test_a_message_whose_end_was_cut_off_matches_nothing() -> None:
    text = json.dumps(PLAIN.welcome)
    assert is_welcome(PLAIN, raw(text))
    assert not is_welcome(PLAIN, raw(text, is_cut=True))
    assert not is_welcome(Script(welcome={}), raw("{}", is_cut=True))


def test_a_binary_message_has_no_value() -> None:
    binary = Received(at_s=0.1, text=None, size=3)
    assert value_of(binary) is None
    assert not is_welcome(Script(welcome={}), binary)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param({"type": "connection_established", "mode": "main"}, True, id="with more"),
        pytest.param({"type": "factory_connection_established"}, False, id="of another mode"),
        pytest.param({"type": "challenge", "nonce": "1f2e"}, False, id="a challenge"),
        pytest.param({"type": "heartbeat"}, False, id="a heartbeat"),
        pytest.param([{"type": "connection_established"}], False, id="in a list"),
    ],
)
def test_only_what_the_contract_calls_a_welcome_is_one(said: Any, *, expected: bool) -> None:
    assert is_welcome(PLAIN, message(said)) is expected


def test_without_a_welcome_in_the_contract_nothing_is_one() -> None:
    for said in ({"type": "connection_established"}, "null", "not JSON"):
        assert not is_welcome(Script(), message(said))


def test_a_heartbeat_is_no_welcome_even_if_it_says_so() -> None:
    script = Script(welcome={"ok": True}, ignore=({"type": "heartbeat"},))
    assert is_welcome(script, message({"ok": True}))
    assert not is_welcome(script, message({"ok": True, "type": "heartbeat"}))


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"type": "started"}, "started"),
        ({"event": "started"}, "started"),
        ({"type": "a", "event": "b"}, "a"),
        ({"type": 1, "event": "b"}, ""),
        ({}, ""),
        (["type"], ""),
        ("type", ""),
        (None, ""),
    ],
)
def test_an_event_goes_by_its_type_else_by_its_event(value: Any, name: str) -> None:
    assert event_name(value) == name


def test_events_may_come_in_any_order_and_what_is_ignored_counts_for_nothing() -> None:
    run = Exercise(send={}, expects=("started", "heartbeat", "completed"), within_s=1)
    script = Script(ignore=({"type": "heartbeat"},), exercise=run)
    heard: list[Event] = [
        message({"type": "completed"}),
        message({"type": "heartbeat"}),
        Sent(at_s=0.2, text='{"type": "started"}'),
        raw("noise"),
    ]
    assert missing_events(script, []) == ("started", "heartbeat", "completed")
    assert missing_events(script, heard) == ("started", "heartbeat")
    assert missing_events(Script(), heard) == ()
