"""The steps at the edge: told to forget, then read as a user until it shows the new build."""

from dataclasses import replace
from typing import Any

import pytest

from skewcheck.core.errors import ActionFailedError
from skewcheck.core.rollout.order import Order
from skewcheck.core.rollout.steps import Step, StepKind
from skewcheck.flows.rollout.edges import invalidate, see_edge
from tests.flows.rollout.world import BUILT, ROLLOUT, Rollouts, on_cloud_run
from tests.flows.worlds import API, APP

DOCUMENT = f"{APP}/version.json"


def invalidating(order: Order | None = None, *, attempt: int = 1) -> tuple[Rollouts, str]:
    rollouts = Rollouts()
    step = Step(kind=StepKind.INVALIDATE, service="web", wave=2, attempt=attempt)
    return rollouts, invalidate(rollouts.work(order), step).told


def flipped(**web: Any) -> Rollouts:
    """Users get the new web already."""
    rollouts = Rollouts(services={"web": BUILT | web})
    rollouts.planned_order = rollouts.order()
    rollouts.cloud.edge = rollouts.new.value
    return rollouts


def seen(rollouts: Rollouts, name: str = "web", **changed: Any) -> str:
    said: dict[str, Any] = {"service": name, "wave": 2, "build": rollouts.new.value}
    return see_edge(rollouts.work(), Step(kind=StepKind.SEE_EDGE, **(said | changed))).told


def test_an_edge_is_told_to_forget_the_page_by_both_its_names() -> None:
    rollouts, told = invalidating()
    assert told == "acme-web was told to forget /, /index.html, /app.js of app.acme.example"
    assert rollouts.cloud.edge == rollouts.old.value


def test_tags_are_told_where_the_manifest_names_some() -> None:
    cdn = {"project": "acme", "url_map": "acme-web", "invalidate_tags": ["web"]}
    rollouts = Rollouts(services={"web": BUILT | {"edge": {"cloud_cdn": cdn}}})
    step = Step(kind=StepKind.INVALIDATE, service="web", wave=2)
    told = invalidate(rollouts.work(), step).told
    assert told == "acme-web was told to forget web of app.acme.example"


def test_without_an_edge_nobody_is_told() -> None:
    rollouts = Rollouts()
    step = Step(kind=StepKind.INVALIDATE, service="api", wave=1)
    assert invalidate(rollouts.work(), step).told == "api has no edge that can be told to forget"
    assert rollouts.invalidations.asked == {}


def test_each_attempt_and_each_who_resumes_asks_anew() -> None:
    """The platform answers the same key with the same operation, also if that one failed."""
    first, resumed = Rollouts().order(), Rollouts().order(ROLLOUT)
    resumed = replace(resumed, rollout="r2", resumes=ROLLOUT)
    asked = [
        key
        for order, attempt in ((first, 1), (first, 2), (resumed, 1))
        for key in invalidating(order, attempt=attempt)[0].invalidations.asked
    ]
    assert asked == [
        f"{ROLLOUT} invalidate web in wave 2",
        f"{ROLLOUT} invalidate web in wave 2, attempt 2",
        "r2 invalidate web in wave 2",
    ]


def test_what_users_get_is_seen_several_times_in_a_row_with_the_time_that_it_took() -> None:
    rollouts = flipped()
    assert seen(rollouts) == (
        f"users of web get {rollouts.new.short}, after 0.5 s;"
        " open tabs and browser caches may hold the old one for up to 1 h"
    )
    assert rollouts.cloud.reads.count(DOCUMENT) == 1 + rollouts.patience.in_a_row


def test_clients_without_tabs_hold_nothing() -> None:
    assert seen(flipped(lingers="0s")).endswith("; nobody else holds the old one")


def test_one_old_answer_begins_the_count_anew() -> None:
    rollouts = flipped()
    waits = rollouts.world.clock.waits

    def flaps() -> None:
        at_last = rollouts.new if len(waits) != 2 else rollouts.old
        rollouts.cloud.edge = at_last.value

    rollouts.world.clock.then = flaps
    seen(rollouts)
    assert len(waits) == 5


def test_an_edge_that_does_not_flip_in_time_is_told_with_the_next_command() -> None:
    rollouts = Rollouts()
    with pytest.raises(ActionFailedError) as caught:
        seen(rollouts)
    told, old = str(caught.value), rollouts.old.short
    assert told.startswith("invalidation-without-effect: ")
    assert f"{DOCUMENT} names {old} still; the page {APP}/ is of {old} still" in told
    assert caught.value.hint
    assert sum(rollouts.world.clock.waits) <= rollouts.patience.edge


def test_without_an_edge_to_invalidate_it_is_only_late() -> None:
    rollouts = Rollouts()
    with pytest.raises(ActionFailedError, match="users of api do not get it after 600 s") as caught:
        seen(rollouts, "api")
    assert caught.value.hint == "skewcheck status staging"


def test_a_document_alone_proves_nothing_while_the_page_is_old() -> None:
    rollouts = flipped()
    rollouts.cloud.answers[f"{APP}/"] = rollouts.old.value
    with pytest.raises(ActionFailedError, match=f"the page {APP}/ is of"):
        seen(rollouts)


def test_a_document_that_cannot_be_read_proves_nothing() -> None:
    rollouts = flipped()
    rollouts.cloud.answers[DOCUMENT] = ""
    with pytest.raises(ActionFailedError, match="invalidation-without-effect"):
        seen(rollouts)


def test_a_name_that_git_does_not_know_proves_nothing() -> None:
    rollouts = flipped()
    rollouts.cloud.answers[DOCUMENT] = "1764000000"
    with pytest.raises(ActionFailedError, match="names 1764000000, which git does not know"):
        seen(rollouts)


def test_a_short_name_of_the_right_build_is_the_right_build() -> None:
    rollouts = flipped()
    rollouts.cloud.answers[DOCUMENT] = rollouts.new.value[:9]
    assert seen(rollouts)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        pytest.param("", "is served and names no build", id="nameless"),
        pytest.param("missing", "404", id="no page"),
        pytest.param("gone", "loads what is gone: https://app.acme.example/gone.js", id="gone"),
    ],
)
def test_a_page_proves_nothing(page: str, told: str) -> None:
    rollouts = flipped()
    rollouts.cloud.pages[f"{APP}/"] = page
    with pytest.raises(ActionFailedError, match=told):
        seen(rollouts)


def test_a_page_that_holds_what_it_must_needs_no_name() -> None:
    rollouts = flipped(page={"must_contain": ["app-v3"]})
    rollouts.cloud.pages[f"{APP}/"] = "app-v3"
    assert seen(rollouts)
    rollouts.cloud.pages[f"{APP}/"] = "app-v2"
    with pytest.raises(ActionFailedError, match="is served without app-v3"):
        seen(rollouts)


def test_a_service_whose_manifest_names_no_edge_is_not_looked_for_there() -> None:
    hidden = on_cloud_run("api", API, witnesses=["control-plane", "origin"])
    rollouts = Rollouts(services={"api": hidden})
    assert seen(rollouts, "api") == "api has no edge that could be read, as the manifest says"


def test_on_the_way_back_users_get_what_served_before() -> None:
    rollouts = Rollouts()
    rollouts.planned_order = rollouts.order()
    assert rollouts.old.short in seen(rollouts, back=True, build="")
    rollouts.cloud.edge = rollouts.new.value
    with pytest.raises(ActionFailedError):
        seen(rollouts, back=True, build="")


def test_where_the_manifest_names_only_the_page_the_page_decides() -> None:
    rollouts = flipped(witnesses=["page"])
    rollouts.cloud.answers[DOCUMENT] = ""
    assert seen(rollouts)
    rollouts.cloud.answers[f"{APP}/"] = rollouts.old.value
    with pytest.raises(ActionFailedError, match="the page"):
        seen(rollouts)
