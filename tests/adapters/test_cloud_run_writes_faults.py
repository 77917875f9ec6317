"""Changing Cloud Run while other writers, the network and the platform itself get in the way."""

from collections.abc import Callable, Iterator

import pytest

from skewcheck.adapters.cloud_run_writes import WriteLimits
from skewcheck.core.errors import ActionFailedError
from skewcheck.core.rollout.lease import Lease
from skewcheck.sandbox.api import faults
from skewcheck.sandbox.api.faults import Fault
from skewcheck.sandbox.api.http import Moment
from skewcheck.sandbox.errors import ApiError
from skewcheck.sandbox.run.cloud_run import Change
from tests.adapters.writing import NAME, PIN, PLACE, Cloud, a_cloud, lease, wanted
from tests.builders import NEW, NEXT, NOW

BUSY = faults.error(503, "UNAVAILABLE", "The service is currently unavailable.")
CONFLICT = faults.error(409, "ABORTED", "Conflict for resource 'acme-api'.")
UPDATE = {"method": "PATCH"}


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with a_cloud(Cloud) as cloud:
        yield cloud


def held(cloud: Cloud) -> Lease:
    writes = cloud.writes()
    return writes.claim(PLACE, lease(before=writes.traffic(PLACE)), now=NOW)


def ready(cloud: Cloud) -> tuple[Lease, str]:
    """A candidate that waits for traffic; nothing has gone wrong yet."""
    mine = held(cloud)
    name = cloud.writes().create(PLACE, mine, wanted()).revision
    cloud.plane.calls.clear()
    return mine, name


def just(when: str, act: Callable[[], object], *, times: int = 1) -> Callable[[Moment], None]:
    """Acts at that moment of the next updates."""
    left = [None] * times

    def on_call(moment: Moment) -> None:
        if moment.method == "PATCH" and moment.when == when and left:
            left.pop()
            act()

    return on_call


def refuse(code: int, status: str) -> None:
    raise ApiError(code, status, "as the test wants it")


class TestOtherWriters:
    def test_whoever_was_faster_is_read_and_respected_then_it_is_tried_again(
        self, cloud: Cloud
    ) -> None:
        mine, name = ready(cloud)
        cloud.plane.on_call = just("before", lambda: cloud.annotate(other="1"))
        cloud.writes().shift(PLACE, mine, name)
        assert cloud.split == {name: 100}
        assert cloud.annotations["other"] == "1"
        assert cloud.updates == 2

    def test_three_times_but_not_for_ever(self, cloud: Cloud) -> None:
        mine, name = ready(cloud)
        cloud.plane.faults.always(CONFLICT, **UPDATE)
        with pytest.raises(ActionFailedError, match="409 ABORTED"):
            cloud.writes().shift(PLACE, mine, name)
        assert cloud.updates == 4

    def test_traffic_that_they_moved_at_that_very_moment_is_left_there(self, cloud: Cloud) -> None:
        mine, name = ready(cloud)
        foreign = cloud.deploy(str(NEXT))
        cloud.plane.on_call = just("before", lambda: cloud.give({foreign: 100}))
        with pytest.raises(ActionFailedError, match=f"somebody else .* 100% {foreign}"):
            cloud.writes().shift(PLACE, mine, name)
        assert cloud.split == {foreign: 100}

    def test_a_lease_that_is_lost_at_that_very_moment_stops_it(self, cloud: Cloud) -> None:
        mine, name = ready(cloud)
        cloud.plane.on_call = just("before", lambda: cloud.hold(None))
        with pytest.raises(ActionFailedError, match=r"the lease of rollout r-1 .* is gone"):
            cloud.writes().shift(PLACE, mine, name)
        assert cloud.split == {cloud.first: 100}

    def test_a_deploy_that_is_under_way_is_waited_for(self, cloud: Cloud) -> None:
        mine = held(cloud)
        cloud.run.mishaps.stall()
        cloud.plane.on_call = after_calls(3, cloud.run.mishaps.resume)
        cloud.run.update(NAME, {"annotations": cloud.annotations | {"x": "1"}}, change())
        found = cloud.writes().create(PLACE, mine, wanted())
        assert cloud.split == {cloud.first: 100}
        assert cloud.tags == {wanted().tag: found.revision}

    def test_one_that_does_not_end_stops_a_shift_but_not_the_way_back(self, cloud: Cloud) -> None:
        mine, name = ready(cloud)
        cloud.writes().shift(PLACE, mine, name)
        cloud.run.mishaps.stall()
        cloud.run.update(NAME, {"annotations": cloud.annotations | {"x": "1"}}, change())
        with pytest.raises(ActionFailedError, match="an update is still under way") as caught:
            cloud.writes(shift_s=0.1).shift(PLACE, mine, cloud.first)
        assert caught.value.hint.startswith("gcloud run services describe acme-api")
        cloud.plane.on_call = just("after", cloud.run.mishaps.resume)
        cloud.writes().restore(PLACE, mine)
        assert cloud.split == {cloud.first: 100}


class TestUnknownOutcomes:
    @pytest.mark.parametrize("status", [429, 500, 503])
    def test_an_update_that_came_about_unheard_is_not_sent_again(
        self, cloud: Cloud, status: int
    ) -> None:
        mine, name = ready(cloud)
        cloud.plane.on_call = just("after", lambda: refuse(status, "UNAVAILABLE"))
        assert cloud.writes().shift(PLACE, mine, name).adopted
        assert cloud.split == {name: 100}
        assert cloud.updates == 1

    @pytest.mark.parametrize(
        "fault",
        [
            pytest.param(BUSY, id="503"),
            pytest.param(faults.too_many(), id="429"),
            pytest.param(faults.internal(), id="500"),
            pytest.param(Fault(502, b"<html>bad gateway"), id="a gateway's page"),
            pytest.param(faults.HTML, id="a page for a success"),
        ],
    )
    def test_one_that_did_not_come_about_is_sent_again(self, cloud: Cloud, fault: Fault) -> None:
        mine, name = ready(cloud)
        cloud.plane.faults.next(1, fault, **UPDATE)
        assert not cloud.writes().shift(PLACE, mine, name).adopted
        assert cloud.split == {name: 100}
        assert cloud.updates == 2

    def test_a_call_that_hangs_is_given_up_and_read_after(self, cloud: Cloud) -> None:
        mine, name = ready(cloud)
        cloud.plane.faults.next(1, faults.HANG, **UPDATE)
        cloud.writes(call_s=0.4).shift(PLACE, mine, name)
        assert cloud.split == {name: 100}

    def test_reading_bears_the_same(self, cloud: Cloud) -> None:
        mine, name = ready(cloud)
        for fault in (BUSY, faults.too_many(), faults.internal()):
            cloud.plane.faults.next(1, fault, method="GET")
        cloud.writes().shift(PLACE, mine, name)
        assert cloud.split == {name: 100}

    def test_what_does_not_pass_in_time_is_told_with_the_doubt(self, cloud: Cloud) -> None:
        mine, name = ready(cloud)
        cloud.plane.faults.always(BUSY, **UPDATE)
        with pytest.raises(ActionFailedError, match="503 UNAVAILABLE") as caught:
            cloud.writes(shift_s=0.1).shift(PLACE, mine, name)
        assert "whether the update that was sent took effect is not known" in str(caught.value)

    def test_an_internal_error_is_borne_once(self, cloud: Cloud) -> None:
        mine, name = ready(cloud)
        cloud.plane.faults.always(faults.internal(), **UPDATE)
        with pytest.raises(ActionFailedError, match="500 INTERNAL"):
            cloud.writes().shift(PLACE, mine, name)
        assert cloud.updates == 2

    def test_the_library_does_not_try_again_by_itself(self, cloud: Cloud) -> None:
        cloud.plane.calls.clear()
        cloud.plane.faults.always(BUSY, method="GET")
        with pytest.raises(ActionFailedError, match="503 UNAVAILABLE"):
            cloud.writes(shift_s=0).traffic(PLACE)
        assert len(cloud.plane.calls) == 1

    def test_nobody_there_is_told_when_patience_ends(self, cloud: Cloud) -> None:
        writes = cloud.writes(shift_s=0.05)
        cloud.plane.close()
        with pytest.raises(ActionFailedError, match="connection refused"):
            writes.traffic(PLACE)


class TestRefusals:
    @pytest.mark.parametrize(
        ("fault", "told", "hint"),
        [
            pytest.param(
                faults.unauthenticated(),
                "the server asks for credentials",
                "gcloud auth application-default login",
                id="401",
            ),
            pytest.param(
                faults.denied("run.services.update", f"{NAME}"),
                "lacks the permission run.services.update",
                "--role=roles/run.developer",
                id="403",
            ),
            pytest.param(
                faults.error(
                    403,
                    "PERMISSION_DENIED",
                    "Permission 'iam.serviceaccounts.actAs' denied on service account "
                    "api@acme.iam.gserviceaccount.com (or it may not exist).",
                ),
                "lacks the permission iam.serviceaccounts.actAs",
                "gcloud iam service-accounts add-iam-policy-binding "
                "api@acme.iam.gserviceaccount.com --member=user:EMAIL "
                "--role=roles/iam.serviceAccountUser",
                id="403 to act as the service's account",
            ),
            pytest.param(
                faults.error(400, "INVALID_ARGUMENT", "spec.traffic: percent is wrong"),
                "spec.traffic: percent is wrong",
                "gcloud run services list",
                id="400",
            ),
        ],
    )
    def test_it_is_told_at_once_with_what_mends_it(
        self, cloud: Cloud, fault: Fault, told: str, hint: str
    ) -> None:
        mine, name = ready(cloud)
        cloud.plane.faults.always(fault, **UPDATE)
        with pytest.raises(ActionFailedError, match=told) as caught:
            cloud.writes().shift(PLACE, mine, name)
        assert hint in caught.value.hint
        assert "?" not in str(caught.value)
        assert cloud.updates == 1

    def test_a_revision_that_may_not_be_read_is_not_taken_for_absent(self, cloud: Cloud) -> None:
        mine = held(cloud)
        cloud.plane.calls.clear()
        cloud.plane.faults.always(faults.denied("run.revisions.get", NAME), path="/revisions/")
        with pytest.raises(ActionFailedError, match=r"permission run\.revisions\.get"):
            cloud.writes().create(PLACE, mine, wanted())
        assert cloud.updates == 0

    def test_credentials_that_expire_midway_leave_the_operations_name_behind(
        self, cloud: Cloud
    ) -> None:
        mine, name = ready(cloud)
        cloud.plane.faults.always(faults.unauthenticated(), path="/operations/")
        with pytest.raises(ActionFailedError, match="the update was accepted as projects/acme"):
            cloud.writes().shift(PLACE, mine, name)

    def test_what_such_a_run_left_is_adopted_by_the_next(self, cloud: Cloud) -> None:
        mine = held(cloud)
        cloud.plane.faults.always(faults.unauthenticated(), path="/operations/")
        with pytest.raises(ActionFailedError, match="credentials"):
            cloud.writes().create(PLACE, mine, wanted())
        cloud.plane.faults.clear()
        found = cloud.writes().create(PLACE, mine, wanted())
        assert found.adopted
        assert found.url == f"http://{wanted().tag}---acme-api.test"
        assert cloud.revisions == [cloud.first, found.revision]


class TestOperations:
    def test_one_that_fails_is_told_in_the_platforms_own_words(self, cloud: Cloud) -> None:
        mine, name = ready(cloud)
        cloud.run.mishaps.fail_next("Quota of regional traffic tags exceeded.")
        with pytest.raises(ActionFailedError, match=r"Quota of regional traffic tags") as caught:
            cloud.writes().shift(PLACE, mine, name)
        assert "/operations/" in caught.value.hint
        assert cloud.split == {cloud.first: 100}
        cloud.writes().shift(PLACE, mine, name)
        assert cloud.split == {name: 100}

    def test_one_that_fails_while_the_wish_came_true_is_no_failure(self, cloud: Cloud) -> None:
        cloud.runtime.fails[f"repo/backend@sha256:{NEXT}"] = "no such module"
        cloud.deploy(str(NEXT))
        mine = held(cloud)
        assert cloud.writes().lease(PLACE) == mine

    def test_one_that_nobody_hears_of_again_is_judged_by_the_service(self, cloud: Cloud) -> None:
        mine, name = ready(cloud)
        cloud.run.mishaps.loses_operations = True
        assert cloud.writes(shift_s=0.2).shift(PLACE, mine, name).evidence
        assert cloud.split == {name: 100}

    def test_one_that_never_ends_is_named_with_the_command_to_follow_it(self, cloud: Cloud) -> None:
        mine, name = ready(cloud)
        cloud.run.mishaps.stall()
        with pytest.raises(ActionFailedError, match=r"operations/\d+ has not ended") as caught:
            cloud.writes(shift_s=0.1).shift(PLACE, mine, name)
        assert f"{cloud.plane.url}/v2/projects/acme-staging" in caught.value.hint

    def test_a_revision_that_does_not_get_ready_is_told_with_its_logs(self, cloud: Cloud) -> None:
        mine = held(cloud)
        cloud.runtime.fails[f"repo/backend@sha256:{NEW}"] = "no supervisor in app state"
        with pytest.raises(ActionFailedError, match="no supervisor in app state") as caught:
            cloud.writes().create(PLACE, mine, wanted())
        assert 'revision_name="acme-api-new-1"' in caught.value.hint
        with pytest.raises(ActionFailedError, match="did not get ready: no supervisor"):
            cloud.writes().create(PLACE, mine, wanted())
        assert cloud.split == {cloud.first: 100}

    def test_after_that_the_service_can_be_given_back(self, cloud: Cloud) -> None:
        mine = held(cloud)
        cloud.runtime.fails[f"repo/backend@sha256:{NEW}"] = "no supervisor"
        with pytest.raises(ActionFailedError):
            cloud.writes().create(PLACE, mine, wanted())
        assert cloud.writes().restore(PLACE, mine).adopted
        cloud.writes().release(PLACE, mine, tag=wanted().tag, pin=PIN)
        assert cloud.writes().lease(PLACE) is None
        assert (cloud.tags, cloud.split) == ({}, {cloud.first: 100})


class TestWhatIsSent:
    def test_the_rest_of_the_template_stays_and_the_image_is_told_by_digest(
        self, cloud: Cloud
    ) -> None:
        mine = held(cloud)
        before = cloud.document["template"]
        found = cloud.writes().create(PLACE, mine, wanted())
        after = cloud.document["template"]
        assert found.image == f"repo/backend@sha256:{NEW}"
        assert after["containers"][0]["env"] == before["containers"][0]["env"]
        assert after["annotations"] == before["annotations"]
        labels = {"commit-sha": str(NEW), "skewcheck-rollout": "r-1", "team": "api"}
        assert after["labels"] == labels

    def test_an_image_that_the_present_revision_pinned_is_asked_for_by_that_digest(
        self, cloud: Cloud
    ) -> None:
        mine, same = held(cloud), cloud.document["template"]["containers"][0]["image"]
        cloud.writes().create(PLACE, mine, wanted(image=same))
        asked = cloud.document["template"]["containers"][0]["image"]
        assert asked == same.replace(":", "@sha256:")

    def test_only_the_container_with_the_port_is_replaced(self, cloud: Cloud) -> None:
        both = [{"image": "side:1"}, {"image": "main:1", "ports": [{"containerPort": 8080}]}]
        cloud.update({"template": {"containers": both}}, mask="template")
        cloud.writes().create(PLACE, held(cloud), wanted())
        images = [each["image"] for each in cloud.document["template"]["containers"]]
        assert images == ["side:1", wanted().image]

    def test_annotations_of_others_stay(self, cloud: Cloud) -> None:
        cloud.annotate(owner="web")
        mine, name = ready(cloud)
        cloud.writes().shift(PLACE, mine, name)
        cloud.writes().release(PLACE, mine, tag=wanted().tag, pin=PIN)
        assert cloud.annotations == {"owner": "web"}

    def test_a_tag_that_followed_latest_with_the_traffic_does_so_again(self, cloud: Cloud) -> None:
        latest = {"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100, "tag": "live"}
        cloud.update({"traffic": [latest]}, mask="traffic")
        mine, name = ready(cloud)
        cloud.writes().shift(PLACE, mine, name)
        assert cloud.tags == {"live": cloud.first, wanted().tag: name}
        cloud.writes().release(PLACE, mine, tag=wanted().tag, pin=PIN)
        assert cloud.document["traffic"] == [latest]

    def test_evidence_is_the_operations_name(self, cloud: Cloud) -> None:
        mine, name = ready(cloud)
        (operation,) = cloud.writes().shift(PLACE, mine, name).evidence
        assert cloud.run.operations.get(operation)["done"]


class TestCleaning:
    def test_a_revision_that_cannot_be_deleted_is_told(self, cloud: Cloud) -> None:
        spare(cloud)
        cloud.plane.faults.always(
            faults.denied("run.revisions.delete", NAME), method="DELETE", path="/revisions/"
        )
        with pytest.raises(ActionFailedError, match=r"permission run\.revisions\.delete"):
            cloud.writes().clean(PLACE, keep=0)

    def test_one_that_somebody_deleted_first_is_none_of_ours(self, cloud: Cloud) -> None:
        name = spare(cloud)

        def delete(moment: Moment) -> None:
            if (moment.method, moment.when) == ("DELETE", "before"):
                cloud.run.delete_revision(f"{NAME}/revisions/{name}")

        cloud.plane.on_call = delete
        assert cloud.writes().clean(PLACE, keep=0) == ()

    def test_one_that_went_unheard_is_ours(self, cloud: Cloud) -> None:
        name = spare(cloud)

        def unheard(moment: Moment) -> None:
            if (moment.method, moment.when) == ("DELETE", "after"):
                refuse(503, "UNAVAILABLE")

        cloud.plane.on_call = unheard
        assert cloud.writes().clean(PLACE, keep=0) == (name,)


def test_by_default_a_revision_may_take_longer_to_get_ready_than_a_container_to_start() -> None:
    assert WriteLimits().ready_s > 240 < WriteLimits().shift_s


def spare(cloud: Cloud) -> str:
    """A candidate that nobody needs any more."""
    mine, name = ready(cloud)
    cloud.writes().release(PLACE, mine, tag=wanted().tag, pin=PIN)
    cloud.deploy(str(NEXT))
    return name


def after_calls(count: int, act: Callable[[], object]) -> Callable[[Moment], None]:
    left = [count]

    def on_call(_: Moment) -> None:
        left[0] -= 1
        if left[0] == 0:
            act()

    return on_call


def change() -> Change:
    return Change(mask="annotations")
