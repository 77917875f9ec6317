"""The WebSocket is opened for real: at the candidates, and at the end as users meet it."""

from typing import Any

import pytest

from skewcheck.core.errors import ActionFailedError
from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.steps import Step, StepKind
from skewcheck.flows.rollout.probing import probe
from tests.builders import unreadable
from tests.core.rollout.orders import entry
from tests.flows.rollout.world import SHAPES, Rollouts, Shape
from tests.flows.worlds import CHAT
from tests.transcripts import closed

CANDIDATES = Step(kind=StepKind.PROBE, wave=1)
EVERYTHING = Step(kind=StepKind.PROBE)
TAG = "https://r-7f3a1b---api.test"


def breaks(rollouts: Rollouts, *places: str) -> None:
    """Who speaks as they should is closed there before any welcome."""
    rollouts.world.prober.answers = lambda request: (
        closed(spoken=request.script)
        if request.target.place in places and not request.variant.is_harmless
        else None
    )


def places(rollouts: Rollouts) -> set[str]:
    return {request.target.place for request, _ in rollouts.world.prober.asked}


@pytest.mark.parametrize("shape", SHAPES)
def test_candidates_are_met_before_anything_moves(shape: Shape) -> None:
    rollouts = Rollouts(shape)
    rollouts.redeploy()
    assert places(rollouts) >= {"candidate", "edge"}
    met = {request.target.url for request, _ in rollouts.world.prober.asked}
    assert "https://r-7f3a1b---api.test/ws" in met


@pytest.mark.parametrize("shape", SHAPES)
def test_a_candidate_that_closes_on_its_clients_leads_back(shape: Shape) -> None:
    rollouts = Rollouts(shape)
    breaks(rollouts, "candidate")
    assert rollouts.redeploy() is Outcome.ROLLED_BACK
    assert rollouts.changes().keys().isdisjoint({"shift api@us-central1"})
    assert rollouts.api.lease is None
    [failed] = [each for each in rollouts.journal() if not each.ok]
    assert failed.key == "probe in wave 1"
    assert failed.evidence == ("skewcheck diagnose staging",)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_world_that_does_not_talk_in_the_end_leads_back(shape: Shape) -> None:
    rollouts = Rollouts(shape)
    breaks(rollouts, "edge", "direct")
    assert rollouts.redeploy() is Outcome.ROLLED_BACK
    [failed] = [each for each in rollouts.journal() if not each.ok]
    assert failed.key == "probe"
    assert rollouts.cloud.edge == rollouts.old.value


def test_what_must_not_be_opened_is_unknown_and_stops_it() -> None:
    told = {"client": "web", "server": "api", "contract": CHAT, "path": "/ws"}
    links = {"chat": told | {"probe": {"in_gate": "false"}}}
    rollouts = Rollouts(changed={"links": links})
    assert rollouts.redeploy() is Outcome.ROLLED_BACK
    assert "in_gate is false" in rollouts.told("probe in wave 1")


def test_a_policy_may_let_what_was_not_opened_pass() -> None:
    told = {"client": "web", "server": "api", "contract": CHAT, "path": "/ws"}
    links = {"chat": told | {"probe": {"in_gate": "false"}}}
    rollouts = Rollouts(changed={"links": links}, policy={"unprobed": "notice"})
    assert rollouts.redeploy() is Outcome.SUCCEEDED


def made(rollouts: Rollouts, **changed: Any) -> Any:
    """The work of a rollout whose candidate is there, by its journal."""
    return rollouts.work(None, entry("create api/0", **({"url": TAG} | changed)))


def with_candidate(shape: Shape = "server first") -> Rollouts:
    """Everything is made and nothing has moved."""
    rollouts = Rollouts(shape)
    rollouts.planned_order = rollouts.order()
    rollouts.then["create api/0"] = _dies
    with pytest.raises(KeyboardInterrupt):
        rollouts.redeploy(rollouts.planned_order)
    return rollouts


def _dies() -> None:
    raise KeyboardInterrupt


def test_it_is_told_how_much_was_opened_and_where() -> None:
    done = probe(made(with_candidate()), CANDIDATES)
    assert done.told == "api answered as planned, 6 handshakes on 1 link(s)"
    assert done.evidence == (TAG,)


def test_what_a_candidate_says_of_itself_has_to_be_what_was_ordered() -> None:
    rollouts = with_candidate()
    rollouts.cloud.answers[f"{TAG}/version.json"] = rollouts.old.value
    with pytest.raises(ActionFailedError, match="candidate"):
        probe(made(rollouts), CANDIDATES)


def test_a_server_that_stays_where_it_is_is_no_candidate() -> None:
    """It serves, and so it is met in the end, as users meet it."""
    rollouts = Rollouts("any order")
    rollouts.redeploy()
    rollouts.cloud.bucket, rollouts.cloud.edge = rollouts.old, rollouts.old.value
    done = probe(rollouts.work(rollouts.order("20261123-2300-000002")), CANDIDATES)
    assert done.evidence == ()


def test_a_pair_that_is_live_and_was_not_planned_is_refused() -> None:
    """The web has moved before the server that it needs."""
    rollouts = with_candidate()
    rollouts.cloud.edge = rollouts.new.value
    told = f"chat: {rollouts.new.short} meets {rollouts.old.short}"
    with pytest.raises(ActionFailedError, match=f"live and not planned: {told}"):
        probe(made(rollouts), EVERYTHING)


def test_a_pair_of_which_nobody_knows_is_refused_in_the_end() -> None:
    rollouts = with_candidate()
    rollouts.cloud.unreadable["api"] = unreadable()
    with pytest.raises(ActionFailedError, match="live and not planned: chat: "):
        probe(made(rollouts), EVERYTHING)


def test_only_three_reasons_are_told_and_the_rest_counted() -> None:
    links = {
        f"chat{number}": {"client": "web", "server": "api", "contract": CHAT, "path": "/ws",
                          "probe": {"in_gate": "false"}}
        for number in range(5)
    }  # fmt: skip
    rollouts = Rollouts(changed={"links": links})
    rollouts.redeploy()
    told = rollouts.told("probe in wave 1")
    assert told.endswith("(and 2 more)")
    assert told.count("in_gate is false") == 3
