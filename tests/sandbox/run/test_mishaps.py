"""Updates that are accepted and then go wrong, as tests of deploys need them."""

import threading

from skewcheck.sandbox.documents import last
from skewcheck.sandbox.run.cloud_run import Change
from tests.sandbox.builders import API, changed, cloud_run, created, template


def test_an_update_that_fails_leaves_traffic_where_it_was() -> None:
    run = cloud_run()
    first = created(run)
    run.mishaps.fail_next("Quota exceeded.")
    operation = changed(run, {"template": template("repo:2")}, "template")

    service = run.store.service(API)
    assert operation["error"]["message"] == "Quota exceeded."
    assert service["terminalCondition"]["message"] == "Quota exceeded."
    assert service["trafficStatuses"] == first["trafficStatuses"]
    assert "error" not in changed(run, {"labels": {"a": "b"}}, "labels")
    run.close()


def test_an_update_that_stalls_goes_on_when_it_may() -> None:
    run = cloud_run()
    created(run)
    run.mishaps.stall()
    operation = run.update(API, {"labels": {"a": "b"}}, Change(mask="labels"))
    assert run.store.service(API)["reconciling"]
    assert not run.operations.wait(operation["name"], 0.01)["done"]

    run.mishaps.resume()
    assert run.operations.wait(operation["name"], 5)["done"]
    run.close()


def test_closing_ends_what_stalls() -> None:
    run = cloud_run()
    created(run)
    run.mishaps.stall()
    run.update(API, {"labels": {"a": "b"}}, Change(mask="labels"))
    before = threading.active_count()
    run.close()
    assert threading.active_count() == before - 1


def test_an_operation_may_be_lost_while_its_update_comes_true() -> None:
    run = cloud_run()
    created(run)
    run.mishaps.loses_operations = True
    operation = run.update(API, {"template": template("repo:2")}, Change(mask="template"))
    run.close()

    service = run.store.service(API)
    assert not run.operations.get(operation["name"])["done"]
    assert last(service["latestReadyRevision"]) == last(service["latestCreatedRevision"])
    assert not service.get("reconciling")
