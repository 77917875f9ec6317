"""Names of builds, ages and moments."""

from datetime import timedelta, timezone

import pytest

from skewcheck.render.page.words import (
    ago,
    build_words,
    percent_words,
    same_build,
    sha_words,
    since_words,
    when,
)
from tests.builders import NEW, NOW, OLD


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (NEW.value, NEW.value, True),
        (NEW.value, NEW.short, True),
        (NEW.short, NEW.value, True),
        (NEW.value, OLD.value, False),
        (NEW.value, NEW.value[:6], False),
        (NEW.value, "", False),
        ("v7", "v7", True),
    ],
)
def test_a_short_name_is_the_commit_that_it_begins(one: str, other: str, *, same: bool) -> None:
    assert same_build(one, other) is same


def test_an_age_is_never_negative() -> None:
    assert ago(NOW, NOW - timedelta(hours=1)) == "just now"
    assert ago(NOW, NOW + timedelta(minutes=90)) == "1 h ago"


def test_moments_are_told_in_utc() -> None:
    assert when(NOW.astimezone(timezone(timedelta(hours=9)))) == "2026-11-23 22:10 UTC"
    assert since_words({"since": "2026-11-23T22:10:00Z"}, NOW) == "2026-11-23 22:10 UTC, just now"
    assert since_words({"since": None}, NOW) == ""


def test_what_is_not_known_is_said_or_left_out() -> None:
    assert (build_words(""), build_words(NEW.value)) == ("? not known", NEW.short)
    assert (percent_words(None), percent_words(12.5), percent_words(90)) == ("", "12.5%", "90%")
    assert sha_words({}, "commit") == ""
    assert sha_words({"commit": NEW.value}, "commit") == f" ({NEW.short})"
