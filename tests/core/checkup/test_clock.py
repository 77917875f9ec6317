"""Does this machine's clock agree with the services'?"""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from skewcheck.core.answer import Answer, FailureKind, NoAnswer
from skewcheck.core.checkup.check import State
from skewcheck.core.checkup.clock import check_clock
from tests.builders import NOW

URL = "https://api.example/health?token=s3cret"
SILENT = NoAnswer(url=URL, kind=FailureKind.TIMEOUT, detail="timed out", read_at=NOW)


def answer(date: str | None, **headers: str) -> Answer:
    told = headers | ({} if date is None else {"date": date})
    return Answer(url=URL, status=200, headers=told, body=b"", read_at=NOW)


def at(seconds: int) -> str:
    return format_datetime(NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("seconds", "state", "told"),
    [
        pytest.param(0, State.OK, "within a minute of https://api.example/health", id="same"),
        pytest.param(-60, State.OK, "within a minute", id="a minute is nothing"),
        pytest.param(-61, State.BAD, "is 61 s ahead of https://api.example/health", id="ahead"),
        pytest.param(300, State.BAD, "is 300 s behind https://api.example/health", id="behind"),
    ],
)
def test_more_than_a_minute_is_too_much(seconds: int, state: State, told: str) -> None:
    check = check_clock("staging", [answer(at(seconds))])
    assert check.state is state
    assert told in check.told
    assert "s3cret" not in check.told


def test_a_copy_out_of_a_cache_was_made_earlier() -> None:
    assert check_clock("staging", [answer(at(-3600), age="3600")]).state is State.OK


@pytest.mark.parametrize("date", [None, "yesterday", "Mon, 99 Nov 2026 22:10:00 GMT"])
def test_an_answer_without_a_date_says_nothing(date: str | None) -> None:
    check = check_clock("staging", [SILENT, answer(date)])
    assert check.state is State.NOT_NEEDED


def test_the_first_answer_that_has_a_date_counts() -> None:
    assert check_clock("staging", [SILENT, answer(None), answer(at(900))]).state is State.BAD
