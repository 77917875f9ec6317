"""Looking back gathers what chronicle, engine and audit trail know, and nothing of others."""

from datetime import timedelta

import pytest

from skewcheck.core.audit.records import released
from skewcheck.core.chronicle.as_json import snapshot_to_json
from skewcheck.core.chronicle.pieces import GAP, Window
from skewcheck.core.errors import SkewcheckError
from skewcheck.core.rollout.as_json import order_to_json
from skewcheck.core.strict_json import Json
from skewcheck.flows.look_back import look_back, records_of, stretches_of
from tests.builders import LONG_AGO, NOW, YESTERDAY
from tests.core.chronicle.looks import CLEAR, SKEW
from tests.core.rollout.orders import order
from tests.flows.rollout.world import Rollouts
from tests.flows.sharing import RolloutsRoom, sharing
from tests.service_fakes import FakeAudit, FakeChronicle


def test_all_that_is_known_of_an_environment_is_gathered() -> None:
    room, shared = RolloutsRoom(Rollouts()), sharing()
    scope = room.doors.scope
    shared.chronicle.note(scope, LONG_AGO, snapshot_to_json(CLEAR), gap=GAP)
    shared.chronicle.note(scope, YESTERDAY, snapshot_to_json(SKEW), gap=GAP)
    shared.chronicle.note("production@here", YESTERDAY, snapshot_to_json(SKEW), gap=GAP)
    shared.audit.append(released("staging", who="ada", at=YESTERDAY))
    shared.audit.append(released("staging", who="bob", at=LONG_AGO))
    shared.audit.append(released("production", who="bob", at=YESTERDAY))
    room.engine.submit("r1", order_to_json(order()))
    past = look_back(room, shared.chronicle, shared.audit, length=timedelta(days=1))
    assert (past.environment, past.window) == ("staging", Window(since=YESTERDAY, until=NOW))
    assert [each.first for each in past.stretches] == [LONG_AGO, YESTERDAY]
    assert [each.snapshot for each in past.stretches] == [CLEAR, SKEW]
    assert [each.order.rollout for each in past.rollouts] == [order().rollout]
    assert [each["who"] for each in past.records] == ["ada"]


def test_without_an_environment_records_are_those_of_all() -> None:
    audit = FakeAudit()
    for name in ("staging", "production"):
        audit.append(released(name, who="ada", at=NOW))
    assert len(records_of(audit, None, since=YESTERDAY)) == 2
    assert len(records_of(audit, "production", since=YESTERDAY)) == 1
    assert records_of(audit, None, since=NOW + timedelta(seconds=1)) == ()


@pytest.mark.parametrize("seen", [{}, {"verdict": "maybe", "services": {}}])
def test_a_chronicle_that_cannot_be_read_is_told_and_never_taken_for_empty(seen: Json) -> None:
    chronicle = FakeChronicle()
    chronicle.note("staging@here", NOW, seen, gap=GAP)
    with pytest.raises(SkewcheckError, match="the chronicle of staging@here holds") as told:
        stretches_of(chronicle, "staging@here")
    assert "newest skewcheck" in told.value.hint
