"""Fields: what each kind of written text is read as, and what is refused."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from skewcheck.core.fields import (
    Day,
    Duration,
    Flag,
    Line,
    Name,
    RepositoryPath,
    Share,
    UrlPath,
    WebAddress,
    read_duration,
    write_duration,
)


def problem(kind: Any, written: object) -> str:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(written)
    return str(caught.value.errors()[0]["ctx"]["error"])


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("90s", 90),
        ("20m", 1200),
        ("12h", 43_200),
        ("7d", 604_800),
        ("1h30m", 5400),
        ("0.5s", 0.5),
        ("250ms", 0.25),
        ("0s", 0),
    ],
)
def test_durations_carry_their_unit(written: str, seconds: float) -> None:
    assert read_duration(written) == timedelta(seconds=seconds)


@pytest.mark.parametrize("written", ["", "5", "5 m", "-5m", "5 minutes", "h", "1.h", "٣h", "5m "])
def test_a_text_without_number_and_unit_is_no_duration(written: str) -> None:
    with pytest.raises(ValueError, match="not a duration such as 90s, 20m or 12h"):
        read_duration(written)


@pytest.mark.parametrize("written", ["99999d", "999999999d", "99999d" * 50])
def test_a_duration_beyond_ten_years_is_a_slip(written: str) -> None:
    with pytest.raises(ValueError, match="longer than ten years"):
        read_duration(written)


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=999)))
def test_a_written_duration_reads_as_the_same(duration: timedelta) -> None:
    whole = timedelta(milliseconds=duration // timedelta(milliseconds=1))
    read = read_duration(write_duration(whole))
    assert abs(read - whole) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (Flag, "true", True),
        (Flag, "false", False),
        (Flag, True, True),
        (Day, "2026-12-31", date(2026, 12, 31)),
        (Share, "0.90", 0.9),
        (Share, ".5", 0.5),
        (Duration, timedelta(seconds=5), timedelta(seconds=5)),
        (WebAddress, "https://app.example/", "https://app.example"),
        (WebAddress, "http://127.0.0.1:8080/base", "http://127.0.0.1:8080/base"),
        (WebAddress, "http://[::1]:8080", "http://[::1]:8080"),
        (RepositoryPath, "web/**", "web/**"),
        (Name, "a.b-c_1", "a.b-c_1"),
        (UrlPath, "/", "/"),
        (Line, "two words, ünïcode", "two words, ünïcode"),
    ],
)
def test_right_texts_become_values(kind: Any, written: object, value: object) -> None:
    assert TypeAdapter(kind).validate_python(written) == value


@pytest.mark.parametrize("written", ["yes", "on", "True", "1", ""])
def test_a_flag_is_true_or_false_and_nothing_like_it(written: str) -> None:
    assert problem(Flag, written) == "not `true` or `false`"


@pytest.mark.parametrize("written", ["20261231", "2026-W01-1", "1700000000", "2026-12-31T00:00"])
def test_a_day_is_written_in_one_way(written: str) -> None:
    assert problem(Day, written) == "not a date such as 2026-12-31"


def test_a_day_that_no_calendar_has_is_refused() -> None:
    assert problem(Day, "2026-02-30") == "not a day of the calendar"


@pytest.mark.parametrize("written", ["0", "1", "1.0", "90", "90%", "nan", "-0.5", "0.0", "inf"])
def test_a_share_lies_between_nothing_and_all(written: str) -> None:
    assert problem(Share, written) == "not a share between 0 and 1, such as 0.90"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("app.example", "not an http(s) URL with a host"),
        ("htps://app.example", "not an http(s) URL with a host"),
        ("wss://app.example", "not an http(s) URL with a host"),
        ("https://", "not an http(s) URL with a host"),
        ("https://[::1", "not an http(s) URL with a host"),
        ("https://app.example:99999", "not an http(s) URL with a host"),
        ("https://app.example:0", "not an http(s) URL with a host"),
        ("https://me:pw@app.example", "a URL here carries no user, query or fragment"),
        ("https://app.example?", "a URL here carries no user, query or fragment"),
        ("https://app.example#x", "a URL here carries no user, query or fragment"),
        (
            "https://bücher.example",
            "not a host name; write an international one in its xn-- form",
        ),
        ("https://a b.example", "not a host name; write an international one in its xn-- form"),
        ("https://a.example/x\ny", "not a host name; write an international one in its xn-- form"),
    ],
)
def test_an_address_that_a_browser_would_not_open_is_refused(written: str, told: str) -> None:
    assert problem(WebAddress, written) == told


@pytest.mark.parametrize(
    "written", ["", "/etc/passwd", "-x", ":(top)a", "../a", "a/../b", "./a", "a\nb"]
)
def test_a_path_stays_within_the_repository_and_is_no_option(written: str) -> None:
    told = "not a path from the repository's root, such as contracts/chat.yaml"
    assert problem(RepositoryPath, written) == told


@pytest.mark.parametrize("written", ["", "Web", "-a", "a-", "a b", "a/b", "a\n"])
def test_names_are_plain(written: str) -> None:
    assert problem(Name, written).startswith("not a name; use lower-case letters")


@pytest.mark.parametrize("written", ["", "ws", "//evil.example/ws", "/a b", "/a?b", "/a#b"])
def test_a_url_path_is_only_a_path(written: str) -> None:
    assert problem(UrlPath, written) == "not a path such as /ws, without query and fragment"


@pytest.mark.parametrize("written", ["", "  ", "a\nb", "a\x1bb"])
def test_a_line_has_something_on_it_and_is_one(written: str) -> None:
    assert problem(Line, written) == "not one line of text"


@pytest.mark.parametrize("written", [["a"], {"a": "b"}, None])
@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(Line, id="line"),
        pytest.param(Duration, id="duration"),
        pytest.param(Flag, id="flag"),
        pytest.param(Day, id="day"),
        pytest.param(Share, id="share"),
    ],
)
def test_a_field_of_one_value_takes_no_mapping_and_no_list(kind: Any, written: object) -> None:
    assert problem(kind, written) == "wants one value here"
