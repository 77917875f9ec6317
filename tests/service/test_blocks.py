"""The gate's blocks are counted once each, whoever recorded them and however late."""

from datetime import datetime, timedelta

from skewcheck.service.blocks import Blocks
from tests.builders import NOW
from tests.service_fakes import FakeAudit

MINUTE = timedelta(minutes=1)


def gate(at: datetime, verdict: str = "block", environment: str = "staging") -> dict[str, object]:
    return {
        "schema": 1, "at": at.isoformat(), "event": "gate", "environment": environment,
        "verdict": verdict,
    }  # fmt: skip


def record(audit: FakeAudit, at: datetime, **said: str) -> None:
    audit.append(gate(at, **said))  # type: ignore[arg-type]


def test_blocks_are_counted_by_environment() -> None:
    audit = FakeAudit()
    record(audit, NOW - timedelta(days=300))
    record(audit, NOW - MINUTE)
    record(audit, NOW - MINUTE, environment="production")
    assert Blocks(audit).counted(NOW) == {"staging": 2, "production": 1}


def test_what_did_not_block_or_was_no_gate_is_not_counted() -> None:
    audit = FakeAudit()
    record(audit, NOW, verdict="pass")
    audit.append({**gate(NOW), "event": "hold"})  # type: ignore[dict-item]
    assert Blocks(audit).counted(NOW) == {}


def test_what_was_counted_is_not_counted_again() -> None:
    audit, blocks = FakeAudit(), Blocks(FakeAudit())
    blocks = Blocks(audit)
    for minute in range(180):
        now = NOW + minute * MINUTE
        record(audit, now)
        assert blocks.counted(now) == {"staging": minute + 1}


def test_one_that_a_late_clock_wrote_is_counted_too() -> None:
    audit = FakeAudit()
    blocks = Blocks(audit)
    record(audit, NOW)
    blocks.counted(NOW)
    record(audit, NOW - 50 * MINUTE)
    assert blocks.counted(NOW + MINUTE) == {"staging": 2}
