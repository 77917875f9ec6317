"""Orders and journals on their way through a database."""

import json
from typing import Any

import pytest
from hypothesis import given

from skewcheck.core.rollout.as_json import (
    entry_from_json,
    entry_to_json,
    order_from_json,
    order_to_json,
)
from tests.core.rollout.drawn_orders import Played, plays
from tests.core.rollout.orders import CLIENT_FIRST, entry, order


@given(plays())
def test_orders_and_journals_come_back_as_they_went(played: Played) -> None:
    for each in played.journal:
        assert entry_from_json(json.loads(json.dumps(entry_to_json(each)))) == each
    resumed = order(past=tuple(played.journal))
    for ordered in (played.order, resumed):
        assert order_from_json(json.loads(json.dumps(order_to_json(ordered)))) == ordered


def test_waits_exposures_and_what_proves_a_step_come_back_too() -> None:
    ordered = order(fits=CLIENT_FIRST, resumes="r1", triggered=True, world_digest="d")
    assert order_from_json(order_to_json(ordered)) == ordered
    told = entry("probe", evidence=("https://log/1",), url="https://r-1---api.test", cancelled=True)
    assert entry_from_json(entry_to_json(told)) == told


@pytest.mark.parametrize("read", [None, [], "order", {}, {"rollout": "r1"}])
def test_what_is_no_order_is_refused(read: Any) -> None:
    with pytest.raises(ValueError, match="validation error"):
        order_from_json(read)


@pytest.mark.parametrize("read", [None, {}, {"key": "probe", "ok": True, "told": ""}])
def test_what_is_no_entry_is_refused(read: Any) -> None:
    with pytest.raises(ValueError, match="validation error"):
        entry_from_json(read)
