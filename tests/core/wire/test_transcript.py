"""What can be asked of a transcript."""

import pytest

from skewcheck.core.wire.transcript import Answered, Closed, Ended, Opened
from tests.transcripts import answered, opening, transcript


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("X-ONE", "1", id="names know no case"),
        pytest.param("x-two", "a, b", id="several are joined"),
        pytest.param("x-empty", "", id="empty is not absent"),
        pytest.param("x-none", None, id="absent"),
    ],
)
def test_a_header_is_found_whatever_its_case(name: str, value: str | None) -> None:
    headers = (("X-One", "1"), ("X-Two", "a"), ("x-two", "b"), ("X-Empty", ""))
    assert answered(200, *headers).header(name) == value


def test_events_of_one_kind_come_in_their_order() -> None:
    theirs = Closed(at_s=1.0, by="server", code=1000)
    ours = Closed(at_s=1.1, by="us", code=1000)
    told = transcript(*opening(), theirs, ours, Ended(at_s=1.2, how="eof"))
    assert list(told.all(Closed)) == [theirs, ours]
    assert told.first(Closed) == theirs
    assert transcript().first(Opened) is None
    assert told.first(Answered) is not None


def test_it_lasted_until_its_last_event() -> None:
    assert transcript(*opening(), Ended(at_s=1.2, how="eof")).lasted_s == 1.2
    assert transcript().lasted_s == 0.0
