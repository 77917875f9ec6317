"""Every record of the audit trail, with all that it must have."""

import json
from collections.abc import Mapping
from datetime import timedelta, timezone
from typing import Any

import pytest

from skewcheck.core.alerts import Alert, AlertKind
from skewcheck.core.audit import records
from skewcheck.core.audit.records import Record
from skewcheck.core.rollout.consent import Hold
from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.permission import Refusal
from tests.builders import NOW
from tests.core.rollout.orders import order

ADA = "slack:U012AB"
ORDER = order(why="stale edge")
HOLD = Hold(who=ADA, why="the board demo", at=NOW, until=NOW + timedelta(hours=1))
HELD = (Refusal(why="it is held", fix="release it"), Refusal(why="frozen", fix="wait"))
ALERT = Alert(
    environment="staging",
    kind=AlertKind.FOUND,
    code="format-skew",
    subject="chat",
    sentence="chat is broken",
    since=NOW,
    channel="C012AB",
)
ALL: Mapping[str, Record] = {
    "proposed": records.proposed(ORDER, at=NOW),
    "approved": records.approved("staging", "0123456789abcdef", who=ADA, at=NOW, via="S01"),
    "declined": records.declined(ORDER, who=ADA, at=NOW, why="not now"),
    "rollout-started": records.rollout_started(ORDER, at=NOW),
    "rollout-ended": records.rollout_ended(ORDER, Outcome.ROLLED_BACK, at=NOW),
    "resumed": records.resumed("staging", "r1", who=ADA, at=NOW),
    "cancelled": records.cancelled("staging", "r1", who=ADA, at=NOW),
    "not-started": records.not_started("staging", HELD, who=ADA, at=NOW),
    "hold": records.held("staging", HOLD),
    "released": records.released("staging", who=ADA, at=NOW),
    "alert": records.alerted(ALERT, at=NOW),
}


@pytest.mark.parametrize("event", ALL)
def test_every_record_says_who_did_what_where_and_when(event: str) -> None:
    record = ALL[event]
    assert json.loads(json.dumps(record)) == record
    assert (record["schema"], record["event"], record["environment"]) == (1, event, "staging")
    assert record["at"] == "2026-11-23T22:10:00Z"
    assert record["who"]
    assert isinstance(record["why"], str)


@pytest.mark.parametrize(
    ("event", "own"),
    [
        ("approved", {"digest": "0123456789abcdef", "via": "S01", "rollout": ""}),
        ("declined", {"who": ADA, "why": "not now"}),
        ("rollout-started", {"who": "ada", "why": "stale edge", "triggered": False}),
        ("rollout-ended", {"outcome": "rolled-back", "digest": "0123456789abcdef"}),
        ("not-started", {"why": "it is held; frozen"}),
        ("hold", {"who": ADA, "until": "2026-11-23T23:10:00Z"}),
        ("cancelled", {"rollout": "r1"}),
        ("alert", {"kind": "found", "code": "format-skew", "why": "chat is broken"}),
    ],
)
def test_what_is_the_events_own(event: str, own: dict[str, Any]) -> None:
    assert own.items() <= ALL[event].items()


def test_a_rollout_is_told_with_what_moves_where() -> None:
    assert ALL["proposed"]["services"] == {"web": "new", "api": "new"}
    assert ALL["proposed"]["rollout"] == ORDER.rollout
    assert ALL["proposed"]["kind"] == "redeploy"


def test_every_refusal_is_told_with_what_would_change_it() -> None:
    assert ALL["not-started"]["refusals"] == [
        {"why": "it is held", "fix": "release it"},
        {"why": "frozen", "fix": "wait"},
    ]


def test_a_hold_without_an_end_has_none() -> None:
    assert records.held("staging", Hold(who=ADA, why="x", at=NOW))["until"] is None


def test_times_are_in_utc_wherever_somebody_acted() -> None:
    berlin = NOW.astimezone(timezone(timedelta(hours=1)))
    record = records.released("staging", who=ADA, at=berlin)
    assert record["at"] == ALL["released"]["at"]
