"""Reading a report's document: what is absent or of another kind reads as empty."""

from datetime import UTC, datetime

import pytest

from skewcheck.core.strict_json import Json
from skewcheck.render.page.document import (
    moment_in,
    named_in,
    number_in,
    objects_in,
    text_in,
    texts_in,
    value_in,
)

OTHER: list[Json] = [None, True, 7, "text", ["text"], {"a": 1}]


@pytest.mark.parametrize("value", OTHER, ids=repr)
def test_each_kind_is_read_and_no_other(value: Json) -> None:
    of: Json = {"key": value}
    assert text_in(of, "key") == (value if isinstance(value, str) else "")
    assert number_in(of, "key") == (7 if value == 7 else None)
    assert texts_in(of, "key") == (["text"] if value == ["text"] else [])
    assert objects_in(of, "key") == []
    assert named_in(of, "key") == {}


def test_objects_and_named_objects_are_read_past_what_is_none() -> None:
    assert objects_in({"key": [{"a": 1}, 7]}, "key") == [{"a": 1}]
    assert named_in({"key": {"one": {"a": 1}, "two": 7}}, "key") == {"one": {"a": 1}}
    assert texts_in({"key": ["a", 7]}, "key") == ["a"]


def test_a_path_ends_where_nothing_is() -> None:
    assert value_in({"a": {"b": 1}}, "a", "b") == 1
    assert value_in({"a": {"b": 1}}, "a", "c", "d") is None
    assert value_in("text", "a") is None


@pytest.mark.parametrize("text", ["", "yesterday", "2026-11-23T22:10:00", "2026-13-01T00:00:00Z"])
def test_what_is_no_moment_is_none(text: str) -> None:
    assert moment_in({"at": text}, "at") is None
    right = moment_in({"at": "2026-11-23T22:10:00Z"}, "at")
    assert right == datetime(2026, 11, 23, 22, 10, tzinfo=UTC)
