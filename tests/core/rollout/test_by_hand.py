"""The commands that finish a stuck rollout by hand."""

import shlex
from dataclasses import replace

from skewcheck.core.rollout.by_hand import commands_by_hand
from skewcheck.core.rollout.order import Order, Share, TrafficBefore
from skewcheck.core.rollout.steps import forward_steps
from tests.core.rollout.orders import SERVER_FIRST, by_trigger, names, on_cloud_run, order


def all_tried(ordered: Order) -> tuple[str, ...]:
    return commands_by_hand(ordered, names(forward_steps(ordered)))


WHERE = "--project=acme --region=us-central1"


def test_everything_that_was_touched_is_brought_back_in_reverse() -> None:
    assert all_tried(order(fits=SERVER_FIRST)) == (
        "gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme"
        " --host=app.acme.example '--path=/*'",
        "gcloud builds triggers run deploy-web --project=acme --region=global --sha=old",
        f"gcloud run services update-traffic api {WHERE} --to-revisions=api-old=100",
        f"gcloud run services update-traffic api {WHERE} --remove-tags=r-7f3a1b",
        f"gcloud run services describe api {WHERE} --format=export"
        " | grep -v skewcheck.dev/rollout > api.yaml"
        f" && gcloud run services replace api.yaml {WHERE}",
    )


def test_what_was_not_touched_is_left_alone() -> None:
    assert commands_by_hand(order(fits=SERVER_FIRST), {"observe in wave 1", "probe"}) == ()
    [only, *_] = commands_by_hand(order(fits=SERVER_FIRST), {"shift api/0 in wave 1"})
    assert "update-traffic api" in only


def test_a_split_goes_back_to_all_its_revisions() -> None:
    shares = Share(revision="api-1", percent=90), Share(revision="api-2", percent=10)
    api = replace(on_cloud_run("api"), before=(TrafficBefore(shares=shares),))
    [command] = commands_by_hand(order(api), {"shift api/0 in wave 1"})
    assert command.endswith("--to-revisions=api-1=90,api-2=10")


def test_a_build_that_nobody_knows_cannot_be_ordered() -> None:
    ordered = order(by_trigger(previous=""))
    assert commands_by_hand(ordered, {"build web in wave 1"}) == ()


def test_without_an_edge_there_is_nothing_to_forget() -> None:
    assert commands_by_hand(order(by_trigger(edge=None)), {"invalidate web in wave 1"}) == ()


def test_names_that_a_shell_would_read_are_quoted() -> None:
    ordered = order(by_trigger(trigger="$(rm -rf /)"))
    [command] = commands_by_hand(ordered, {"build web in wave 1"})
    assert "$(rm -rf /)" in shlex.split(command)
