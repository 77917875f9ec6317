"""Plain scalars in JSON parts have the types of YAML 1.2; everything else stays text."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.documents.located_yaml import compose
from skewcheck.core.documents.plain_values import Grammar, Plainer, core_value


@pytest.mark.parametrize(
    ("plain", "value"),
    [
        ("null", None),
        ("~", None),
        ("true", True),
        ("FALSE", False),
        ("0", 0),
        ("-17", -17),
        ("+17", 17),
        ("0123", 123),
        ("0o17", 15),
        ("0x1F", 31),
        ("9007199254740991", 2**53 - 1),
        ("1.50", 1.5),
        (".5", 0.5),
        ("-1e3", -1000.0),
        ("yes", "yes"),
        ("no", "no"),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("2026-12-31", "2026-12-31"),
        ("0b11", "0b11"),
        ("-0x1F", "-0x1F"),
        ("nan", "nan"),
        ("tRUE", "tRUE"),
        (".", "."),
    ],
)
def test_the_core_schema_decides(plain: str, value: object) -> None:
    read = core_value(plain)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize("plain", [".inf", "-.INF", ".nan", ".NaN"])
def test_json_has_no_infinity(plain: str) -> None:
    with pytest.raises(ValueError, match=r"JSON has no .*; quote it if it is text"):
        core_value(plain)


@pytest.mark.parametrize(
    "plain",
    ["9007199254740992", "-9007199254740992", "0x20000000000000", "9" * 9999, "0x" + "f" * 50],
)
def test_integers_that_json_readers_round_are_refused(plain: str) -> None:
    with pytest.raises(ValueError, match="where JSON readers disagree; quote it"):
        core_value(plain)


def test_leading_zeros_do_not_make_a_number_large() -> None:
    assert core_value("0" * 50 + "7") == 7


@pytest.mark.parametrize("plain", ["1e999", "-1e999"])
def test_a_number_that_overflows_is_refused(plain: str) -> None:
    with pytest.raises(ValueError, match="too large for a JSON number"):
        core_value(plain)


def test_an_empty_value_is_not_null() -> None:
    with pytest.raises(ValueError, match='write null or ""'):
        core_value("")


def test_half_a_surrogate_pair_is_no_json_text() -> None:
    with pytest.raises(ValueError, match="half a surrogate pair"):
        core_value("\ud800")


@given(st.integers(-(2**53 - 1), 2**53 - 1))
def test_every_safe_integer_is_read_as_itself(number: int) -> None:
    assert core_value(str(number)) == number


def test_half_a_surrogate_pair_is_found_in_keys_too() -> None:
    """Only the slow YAML reader lets one through."""
    root, _ = compose('send: {"\\ud800": 1}', loader=yaml.BaseLoader)
    assert root is not None
    plainer = Plainer(Grammar(json_at=frozenset({("send",)})))
    plainer.value(root)
    assert [flaw.problem for flaw in plainer.flaws] == [
        "half a surrogate pair in the key '\\ud800'"
    ]
