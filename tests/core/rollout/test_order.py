"""The order: what can be asked of it."""

import pytest

from skewcheck.core.rollout.order import Place
from tests.core.rollout.orders import on_cloud_run, order


def test_a_place_is_told_as_its_service_and_region() -> None:
    assert str(Place(project="acme", region="us-east1", service="api")) == "api@us-east1"


def test_a_service_is_found_by_its_name() -> None:
    assert order(on_cloud_run("api", "us-east1")).service("api").places[0].region == "us-east1"
    with pytest.raises(StopIteration):
        order().service("jobs")


def test_leases_are_held_in_the_name_of_the_rollout_that_is_resumed() -> None:
    assert order(rollout="r1").root == "r1"
    assert order(rollout="r2", resumes="r1").root == "r1"
