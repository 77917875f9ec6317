"""Cloud Run's rules for services and revisions, without processes and sockets."""

import pytest

from skewcheck.sandbox.documents import last
from skewcheck.sandbox.errors import ApiError
from skewcheck.sandbox.run import traffic
from skewcheck.sandbox.run.cloud_run import Change
from tests.sandbox.builders import (
    API,
    LOCATION,
    FakeRuntime,
    changed,
    cloud_run,
    created,
    finished,
    template,
)


def test_a_new_service_gives_all_traffic_to_its_first_revision() -> None:
    service = created(run := cloud_run())

    assert service["terminalCondition"]["state"] == "CONDITION_SUCCEEDED"
    assert service["generation"] == service["observedGeneration"] == "1"
    assert [s.percent for s in traffic.shares(service)] == [100]
    assert service["latestReadyRevision"].startswith(f"{API}/revisions/acme-api-00001-")
    assert last(service["latestReadyRevision"]) in run.store.short_names(API)


def test_a_latest_target_is_reported_without_its_revision() -> None:
    service = created(cloud_run())

    assert service["trafficStatuses"] == [{"type": traffic.LATEST, "percent": 100}]


def test_a_service_is_reconciling_while_its_operation_runs() -> None:
    run = cloud_run(takes=0.2)
    operation = run.create(LOCATION, "acme-api", {"template": template()}, Change())

    under_way = run.store.service(API)
    assert not operation["done"]
    assert under_way["reconciling"]
    assert "observedGeneration" not in under_way
    assert traffic.shares(under_way) == []

    response = finished(run, operation)["response"]
    assert "reconciling" not in response
    assert response["@type"] == "type.googleapis.com/google.cloud.run.v2.Service"


def test_an_unknown_field_is_refused() -> None:
    run = cloud_run()
    created(run)

    with pytest.raises(ApiError, match="trafic") as refused:
        run.update(API, {"trafic": []}, Change())

    assert (refused.value.code, refused.value.status) == (400, "INVALID_ARGUMENT")


def test_a_stale_etag_is_a_conflict_and_changes_nothing() -> None:
    run = cloud_run()
    etag = created(run)["etag"]
    changed(run, {"labels": {"a": "1"}}, "labels")

    with pytest.raises(ApiError, match="Conflict") as refused:
        run.update(API, {"labels": {"a": "2"}, "etag": etag}, Change(mask="labels"))

    assert (refused.value.code, refused.value.status) == (409, "ABORTED")
    assert run.store.service(API)["labels"] == {"a": "1"}


def test_the_mask_decides_what_is_changed() -> None:
    run = cloud_run()
    created(run)
    changed(run, {"labels": {"a": "1"}, "annotations": {"b": "2"}}, "labels")

    service = run.store.service(API)
    assert service["labels"] == {"a": "1"}
    assert "annotations" not in service


@pytest.mark.parametrize(
    "mask",
    [
        pytest.param("template.containers", id="snake case"),
        pytest.param("template.containers,clientVersion", id="camel case"),
    ],
)
def test_a_mask_may_point_inside_the_template(mask: str) -> None:
    run = cloud_run()
    created(run)
    changed(run, {"template": {"containers": [{"image": "repo:2"}]}}, mask)

    service = run.store.service(API)
    assert service["template"]["containers"] == [{"image": "repo:2"}]
    assert service["template"]["timeout"] == "300s"


def test_an_unknown_mask_path_is_refused() -> None:
    run = cloud_run()
    created(run)

    with pytest.raises(ApiError, match="trafic"):
        run.update(API, {}, Change(mask="trafic"))


def test_validate_only_answers_and_changes_nothing() -> None:
    run = cloud_run()
    before = created(run)

    answer = run.update(API, {"labels": {"a": "1"}}, Change(mask="labels", validate_only=True))

    assert answer["done"]
    assert answer["response"]["labels"] == {"a": "1"}
    assert run.store.service(API) == before


def test_a_new_template_makes_a_revision_and_the_same_template_does_not() -> None:
    run = cloud_run()
    created(run)
    changed(run, {"template": template("repo:2")}, "template")
    changed(run, {"template": template("repo:2")}, "template")

    assert len(run.store.short_names(API)) == 2


def test_a_named_revision_with_another_configuration_is_a_conflict() -> None:
    run = cloud_run()
    created(run)
    named = {"template": template("repo:2", revision="acme-api-candidate")}
    changed(run, named, "template")

    named["template"]["containers"] = [{"image": "repo:3"}]
    with pytest.raises(ApiError, match="different configuration already exists") as refused:
        run.update(API, named, Change(mask="template"))

    assert refused.value.code == 409


def test_a_revision_name_must_begin_with_the_name_of_its_service() -> None:
    run = cloud_run()
    created(run)

    with pytest.raises(ApiError, match="must start with"):
        run.update(API, {"template": template("repo:2", revision="other")}, Change(mask="template"))


def test_a_candidate_is_tagged_without_traffic_in_one_update() -> None:
    run = cloud_run()
    serving = last(created(run)["latestReadyRevision"])
    changed(
        run,
        {
            "template": template("repo:2", revision="acme-api-next"),
            "traffic": [
                traffic.to_revision(serving, 100),
                traffic.to_revision("acme-api-next", 0, "next"),
            ],
        },
        "template,traffic",
    )

    service = run.store.service(API)
    assert [s.revision for s in traffic.shares(service)] == [serving]
    assert [s.revision for s in traffic.tagged(service, "next")] == ["acme-api-next"]
    assert service["trafficStatuses"][1]["uri"] == "http://next---acme-api.test"


def test_a_revision_that_does_not_start_leaves_the_old_traffic() -> None:
    runtime = FakeRuntime()
    run = cloud_run(runtime)
    before = created(run)
    runtime.fails["repo@sha256:2"] = "The container did not listen."

    operation = changed(run, {"template": template("repo:2")}, "template")

    service = run.store.service(API)
    assert operation["error"]["code"] == 9
    assert "did not listen" in operation["error"]["message"]
    assert service["terminalCondition"]["state"] == "CONDITION_FAILED"
    assert "did not listen" in service["terminalCondition"]["message"]
    assert service["trafficStatuses"] == before["trafficStatuses"]
    assert service["latestReadyRevision"] == before["latestReadyRevision"]
    assert service["latestCreatedRevision"] != before["latestCreatedRevision"]


def test_after_a_failed_deploy_traffic_can_be_pinned_to_what_works() -> None:
    runtime = FakeRuntime()
    run = cloud_run(runtime)
    works = last(created(run)["latestReadyRevision"])
    runtime.fails["repo@sha256:2"] = "broken"
    changed(run, {"template": template("repo:2")}, "template")

    operation = changed(run, {"traffic": [traffic.to_revision(works, 100)]}, "traffic")

    assert "response" in operation
    assert run.store.service(API)["terminalCondition"]["state"] == "CONDITION_SUCCEEDED"


def test_a_later_update_speaks_for_the_service() -> None:
    run = cloud_run(takes=0.05)
    created(run)
    first = run.update(API, {"template": template("repo:2")}, Change(mask="template"))
    second = run.update(API, {"labels": {"a": "1"}}, Change(mask="labels"))
    finished(run, first)

    service = finished(run, second)["response"]
    assert service["observedGeneration"] == "3"
    assert service["latestReadyRevision"] == service["latestCreatedRevision"]


def test_reserved_label_namespaces_are_refused() -> None:
    run = cloud_run()
    created(run)

    with pytest.raises(ApiError, match="reserved by the system"):
        run.update(
            API,
            {"annotations": {"run.googleapis.com/x": "1"}},
            Change(mask="annotations"),
        )


def test_a_missing_service_is_googles_404() -> None:
    with pytest.raises(ApiError, match="of kind 'SERVICE' in region 'us-central1'") as refused:
        cloud_run().store.service(API)

    assert refused.value.body()["error"]["status"] == "NOT_FOUND"


def test_listing_services_has_no_wildcard_region() -> None:
    with pytest.raises(ApiError, match="'-' is not allowed"):
        cloud_run().list_services("projects/acme/locations/-")


def test_deleting_a_service_ends_its_revisions() -> None:
    runtime = FakeRuntime()
    run = cloud_run(runtime)
    created(run)
    created(run, "acme-web")

    run.delete(API)

    assert {name[:8] for name in runtime.running} == {"acme-web"}
    assert [last(s["name"]) for s in run.list_services(LOCATION)] == ["acme-web"]


def test_revisions_of_a_region_are_listed_through_the_wildcard_service() -> None:
    run = cloud_run()
    created(run)
    created(run, "acme-web")

    assert len(run.store.revisions_of(f"{LOCATION}/services/-")) == 2
    assert len(run.store.revisions_of(API)) == 1


def test_only_a_revision_that_nothing_refers_to_can_be_deleted() -> None:
    runtime = FakeRuntime()
    run = cloud_run(runtime)
    first = created(run)["latestReadyRevision"]
    changed(run, {"template": template("repo:2")}, "template")
    with pytest.raises(ApiError, match="cannot be deleted"):
        run.delete_revision(run.store.service(API)["latestReadyRevision"])

    operation = run.delete_revision(first)

    assert operation["response"]["@type"].endswith(".Revision")
    assert last(first) not in run.store.short_names(API) | runtime.running
