"""Failures are alike by what was on the wire, not by their words."""

import pytest

from skewcheck.core.probed.alike import same_ending, same_failure, same_kind
from skewcheck.core.wire.script import Variant
from skewcheck.core.wire.transcript import Ended, Transcript
from tests.transcripts import (
    DIRECT,
    closed,
    cut,
    opening,
    probed,
    rejected,
    script,
    silent,
    transcript,
    welcomed,
)

UNSELECTED = transcript(*opening(selected=None), *closed(1008, "no token").events[-3:])
LEFT = transcript(*rejected(403).events[:-1], Ended(at_s=1, how="left"))
NO_OFFER = script(offers=(), selected=None)


@pytest.mark.parametrize(
    ("one", "other", "kind", "failure"),
    [
        pytest.param(closed(), closed(at_s=3), True, True, id="the moment does not count"),
        pytest.param(closed(), closed(reason="bye"), True, False, id="reason"),
        pytest.param(closed(1000), closed(1002, "main cleanup"), True, False, id="close code"),
        pytest.param(rejected(403), rejected(403, "body"), True, True, id="body does not count"),
        pytest.param(rejected(403), rejected(404), False, False, id="status"),
        pytest.param(closed(), silent(), False, False, id="another code"),
        pytest.param(closed(), welcomed(), False, False, id="one holds"),
        pytest.param(welcomed(), closed(), False, False, id="the other holds"),
        pytest.param(cut(), cut(at_s=2), True, True, id="cut without a close"),
        pytest.param(transcript(), transcript(), True, True, id="no answer at all"),
    ],
)
def test_failures_are_alike_by_rung_code_status_and_close(
    one: Transcript, other: Transcript, *, kind: bool, failure: bool
) -> None:
    both = probed(one), probed(other, target=DIRECT)
    assert same_kind(*both) is kind
    assert same_failure(*both) is failure


def test_an_ending_is_the_same_whatever_a_browser_makes_of_it() -> None:
    """Without offers the failure shows a rung higher than with offers that were not answered."""
    edge = probed(UNSELECTED)
    lost = Variant(without=("sec-websocket-protocol",))
    loss = probed(closed(1008, "no token", spoken=NO_OFFER), target=DIRECT, variant=lost)
    assert not same_failure(loss, edge)
    assert same_ending(loss, edge)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(closed(), closed(reason="bye"), False, id="reason"),
        pytest.param(cut(), silent(), False, id="who ended it"),
        pytest.param(silent(), closed(1000, ""), False, id="who closed it"),
        pytest.param(rejected(403), LEFT, True, id="who hung up on a refusal"),
        pytest.param(rejected(403), rejected(403), True, id="refused"),
        pytest.param(silent(), silent(NO_OFFER), False, id="selected"),
        pytest.param(transcript(), rejected(403), False, id="answered at all"),
    ],
)
def test_endings_differ_by_answer_selection_and_close(
    one: Transcript, other: Transcript, *, same: bool
) -> None:
    assert same_ending(probed(one), probed(other)) is same
