"""Is the world still the one that the plan was made for?"""

from typing import Any

import pytest

from skewcheck.core.rollout.changes import changes, serving_before
from tests.core.rollout.drawn_orders import narrowed
from tests.core.rollout.orders import SERVER_FIRST, by_trigger, order, with_party, world

SEEN = world()
ORDER = order(seen=SEEN, fits=SERVER_FIRST)
LONG = "0123456789" * 4


def told(name: str, *, wave: int = 1, **facts: Any) -> tuple[str, ...]:
    return changes(ORDER, wave, with_party(SEEN, name, **facts))


def test_the_world_of_the_plan_is_as_planned() -> None:
    assert changes(ORDER, 1, SEEN) == ()


def test_what_earlier_waves_have_moved_is_expected_to_have_moved() -> None:
    assert told("api", wave=2, serving=("new",)) == ()
    assert told("api", wave=2) == ("api serves old instead of new",)


def test_what_moved_by_itself_stops_it() -> None:
    assert told("api", serving=(LONG,)) == ("api serves 0123456 instead of old",)


def test_another_target_stops_it() -> None:
    assert told("web", target=LONG) == ("web was to go to new, and now to 0123456",)


def test_a_build_that_nobody_can_name_stops_it() -> None:
    assert told("api", serving=("?api: no answer",)) == (
        "api serves an unknown build instead of old",
    )


def test_nothing_that_serves_stops_it() -> None:
    assert told("api", serving=()) == ("api serves nothing instead of old",)


def test_a_split_in_another_order_is_the_same_split() -> None:
    ordered = narrowed(by_trigger())
    assert changes(ordered, 1, with_party(ordered.world, "api", serving=("mid", "old"))) == ()


@pytest.mark.parametrize("where", ["at_edge", "lingering"])
def test_clients_that_the_plan_did_not_know_stop_it(where: str) -> None:
    seen = with_party(SEEN, "web", **{where: ("old", LONG)})
    assert changes(ORDER, 1, seen) == ("web has clients that the plan did not know: 0123456",)


def test_clients_that_are_gone_or_are_new_as_planned_stop_nothing() -> None:
    assert told("web", at_edge=()) == ()
    assert told("web", at_edge=("new",), lingering=("old",)) == ()


def test_a_service_that_left_the_manifest_stops_it() -> None:
    rest = {name: party for name, party in SEEN.parties.items() if name != "api"}
    seen = type(SEEN)(parties=rest, channels=SEEN.channels)
    assert changes(ORDER, 1, seen) == ("api is no longer in the manifest",)


def test_what_serves_before_a_wave_follows_from_the_waves_before_it() -> None:
    ordered = narrowed(by_trigger())
    found = [serving_before(ordered, wave, "api") for wave in (1, 2, 3, 4)]
    assert found == [{"old", "mid"}, {"old"}, {"new"}, {"new"}]
    assert serving_before(ordered, 4, "web") == {"new"}


def test_what_is_only_stale_at_its_edge_serves_as_before() -> None:
    seen = with_party(SEEN, "web", serving=("new",))
    assert serving_before(order(seen=seen), 2, "web") == {"new"}
