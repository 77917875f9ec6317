"""Rollouts on the page: what goes on now in full, what ended folded."""

from datetime import timedelta
from typing import Any

from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.steps import forward_steps
from skewcheck.core.rollout.view import RolloutView
from skewcheck.render.page.rollouts import past, running
from tests.builders import NOW
from tests.render.page.markup import Element
from tests.render.page.views import page, view
from tests.render.rollout import worlds


def under_way(*keys: str, **changed: Any) -> RolloutView:
    entries = tuple(worlds.entry(key, **changed) for key in keys)
    return RolloutView(order=worlds.order(), entries=entries)


def shown(*rollouts: RolloutView) -> Element:
    return page(view(rollouts=rollouts))


def test_the_running_one_tells_who_why_and_until_when_it_waits() -> None:
    told = shown(worlds.waiting()).one("section", "rollout").text
    for words in (
        "UNFINISHED",
        "ada@acme.example",
        "format-skew on chat",
        "waits until 2026-11-24",
    ):
        assert words in told


def test_steps_that_were_taken_stand_with_their_evidence_and_the_next_after_them() -> None:
    steps = shown(under_way("observe in wave 1", evidence=("operations/1",))).one("ol", "steps")
    first, following = steps.all("li")
    assert first.classes == {"pass"}
    assert "22:10:05 ok" in first.text
    assert first.all("", "where")[0].text == "operations/1"
    assert following.text == "▸ next claim backend/0"


def test_the_rest_is_folded_and_counted() -> None:
    (one,) = running((under_way("observe in wave 1"),), "e0")
    names = tuple(step.name for step in forward_steps(worlds.order()))
    assert one.coming == names[1:]
    assert one.progress == 100 // len(names)
    folded = shown(under_way("observe in wave 1")).by_id("e0-rollout-0-coming")
    assert folded.one("summary").text == f"and then {len(names) - 2} more"
    assert len(folded.all("li")) == len(names) - 2


def test_a_step_that_failed_is_followed_by_its_way_back() -> None:
    view = RolloutView(
        order=worlds.order(),
        entries=(
            worlds.entry("observe in wave 1"),
            worlds.CLAIMED,
            worlds.entry("create backend/0", ok=False, told="quota"),
        ),
    )
    (one,) = running((view,), "e0")
    assert [each.tone for each in one.done] == ["pass", "pass", "block"]
    assert len(one.coming) == 1
    assert one.coming[0].startswith("undo ")


def test_one_that_has_nothing_left_to_do_but_is_not_ended_shows_no_next_step() -> None:
    keys = [step.key for step in forward_steps(worlds.order())]
    (one,) = running((under_way(*keys),), "e0")
    assert (one.coming, one.progress) == ((), 100)


def test_the_last_step_to_come_is_not_folded() -> None:
    keys = [step.key for step in forward_steps(worlds.order())]
    root = shown(under_way(*keys[:-1]))
    assert "▸ next clean backend/0" in root.one("ol", "steps").text
    assert not [each for each in root.all("details") if each.attributes["id"].endswith("-coming")]


def test_one_that_is_stuck_stays_in_sight_until_something_newer_is_there() -> None:
    newer = worlds.succeeded()
    assert [each.word for each in running((worlds.stuck(), newer), "e0")] == ["STUCK"]
    assert running((newer, worlds.stuck()), "e0") == ()
    told = shown(worlds.stuck()).one("section", "rollout", "block")
    assert told.one("pre", "command").text == worlds.BY_HAND
    assert "traffic of acme-api@us-central1 stays pinned" in told.text
    assert [each.one("", "sign").text for each in told.all("li")[:3]] == ["✓", "✗", "■"]


def test_past_ones_are_folded_each_with_its_steps() -> None:
    back = worlds.succeeded(outcome=Outcome.ROLLED_BACK, remains=())
    root = shown(worlds.succeeded(), back, worlds.stuck())
    folded = root.by_id("e0-past")
    assert folded.all("summary")[0].text == "3 past rollouts"
    assert [each.text for each in folded.all("span", "verdict")] == [
        "SUCCEEDED",
        "ROLLED BACK",
        "STUCK",
    ]
    assert "answers at https://r-7f3a1b---acme-api.a.run.app" in folded.text
    assert "what remains" in folded.text
    assert [each.tone for each in past((worlds.succeeded(), back), "e0")] == ["pass", "doubt"]


def test_a_single_past_one_is_counted_as_one() -> None:
    assert shown(worlds.succeeded()).by_id("e0-past").all("summary")[0].text == "1 past rollout"


def test_an_environment_without_rollouts_has_no_place_for_them() -> None:
    root = page()
    assert not root.all("", "rollout")
    assert not [each for each in root.all("details") if each.attributes["id"] == "e0-past"]


def test_times_are_told_in_utc() -> None:
    order = worlds.order(at=NOW + timedelta(hours=1))
    (one,) = past((worlds.succeeded(order=order),), "e0")
    assert one.at == "2026-11-23 23:10 UTC"
