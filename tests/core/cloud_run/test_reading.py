"""The reader of Cloud Run's documents; each document must also parse as the real messages."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.cloud import run_v2
from google.protobuf import json_format  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.build import BuildName, BuildSha, OpaqueId, ShortSha
from skewcheck.core.cloud_run import reading as cloud_run_reading
from skewcheck.core.cloud_run.reading import (
    may_have_served,
    parent_service,
    read_control_plane,
    service_name,
)
from skewcheck.core.control_plane import ControlPlane, Target
from skewcheck.core.findings import Code
from skewcheck.core.reading import Unreadable
from skewcheck.core.rollout.lease import (
    ANNOTATION,
    PIN_ANNOTATION,
    BrokenLease,
    Lease,
    Pin,
    write_lease,
    write_pin,
)
from skewcheck.core.rollout.order import Share, TrafficBefore
from tests.cloud_run_documents import (
    NEW,
    OLD,
    SUCCEEDED,
    Json,
    container,
    latest,
    pinned,
    revision,
    service,
)

URL = "https://run.googleapis.com/v2/projects/acme/locations/us-central1/services/backend"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    service: Json
    revisions: tuple[Json, ...] = (revision(),)


def read(world: World) -> ControlPlane | Unreadable:
    return read_control_plane(world.service, world.revisions, url=URL, read_at=NOW)


def plane(service: Json, *revisions: Json) -> ControlPlane:
    found = read(World(service, revisions or (revision(),)))
    assert isinstance(found, ControlPlane)
    return found


def named(**fields: Any) -> tuple[BuildName | None, str]:
    found = plane(service(), revision(**fields)).revisions[0]
    return found.build, found.named_by


old = revision("backend-00001", createTime="2026-03-01T10:00:00Z", labels={"commit-sha": OLD})
failed = {"type": "Ready", "state": "CONDITION_FAILED", "message": "it did\nnot start \x1b[31m"}
secret: Json = {
    "image": "r/backend",
    "env": [
        {"name": "BUILD_SHA", "valueSource": {"secretKeyRef": {"secret": "s", "version": "1"}}}
    ],
}
sidecar: Json = {"image": f"r/proxy:{OLD}", "env": [{"name": "BUILD_SHA", "value": OLD}]}

WORLDS = {
    "follows latest": World(service()),
    "split": World(
        service(trafficStatuses=[pinned("backend-00001", 90), pinned("backend-00002", 10)]),
        (old, revision()),
    ),
    "tagged without traffic": World(
        service(
            trafficStatuses=[
                pinned("backend-00001", 100),
                pinned("backend-00002", tag="next", uri="https://next---backend.a.run.app"),
            ]
        ),
        (old, revision()),
    ),
    "still reconciling": World(service(reconciling=True, generation="8")),
    "failed": World(service(terminalCondition=failed)),
    "internal": World(service(ingress="INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER")),
    "without its default address": World(service(defaultUriDisabled=True, uri="", urls=[])),
    "affinity": World(service(), (revision(sessionAffinity=True),)),
    "timeout and account": World(
        service(), (revision(timeout="3.5s", serviceAccount="runner@acme.example"),)
    ),
    "secret in the environment": World(service(), (revision(containers=[secret]),)),
    "sidecar first": World(
        service(), (revision(containers=[sidecar, container(BUILD_SHA=NEW)], labels={}),)
    ),
    "never deployed well": World(
        service(terminalCondition=failed, latestReadyRevision="", trafficStatuses=[]),
        (revision(conditions=[failed]),),
    ),
}


def parsed(document: Json, message: Any) -> Any:
    return json_format.ParseDict(document, message.pb(message()))


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS.keys())
@pytest.mark.parametrize("integers", [False, True], ids=["enum names", "enum numbers"])
def test_what_the_real_messages_print_is_read_the_same(world: World, *, integers: bool) -> None:
    def print_again(document: Json, message: Any) -> Json:
        found: Json = json_format.MessageToDict(
            parsed(document, message), use_integers_for_enums=integers
        )
        return found

    again = World(
        print_again(world.service, run_v2.Service),
        tuple(print_again(each, run_v2.Revision) for each in world.revisions),
    )
    assert read(again) == read(world)
    assert isinstance(read(world), ControlPlane)


@pytest.mark.parametrize(
    ("ours", "enum"),
    [
        (cloud_run_reading._ALLOCATIONS, run_v2.TrafficTargetAllocationType),
        (cloud_run_reading._STATES, run_v2.Condition.State),
        (cloud_run_reading._INGRESSES, run_v2.IngressTraffic),
    ],
    ids=["allocation", "state", "ingress"],
)
def test_our_enum_tables_are_those_of_the_schema(ours: tuple[str, ...], enum: Any) -> None:
    assert dict(enumerate(ours)) == {
        each.value: each.name for each in enum if each.value < len(ours)
    }


def test_a_rollouts_lease_and_pin_are_read_off_the_service() -> None:
    before = TrafficBefore(shares=(Share(revision="backend-00001", percent=100),))
    lease = Lease(
        rollout="r1", environment="staging", holder="ada", taken=NOW, until=NOW, before=before
    )
    pin = Pin(rollout="r0", at=NOW)
    found = plane(
        service(annotations={ANNOTATION: write_lease(lease), PIN_ANNOTATION: write_pin(pin)})
    )
    assert (found.lease, found.pin) == (lease, pin)


def test_a_lease_that_cannot_be_read_is_kept_and_such_a_pin_is_none() -> None:
    found = plane(service(annotations={ANNOTATION: "{half", PIN_ANNOTATION: "{half"}))
    assert (found.lease, found.pin) == (BrokenLease(text="{half"), None)


def test_a_service_without_annotations_is_held_by_nobody() -> None:
    found = plane(service())
    assert (found.lease, found.pin) == (None, None)


def test_latest_is_resolved_to_the_latest_ready_revision() -> None:
    assert plane(service()).targets == (
        Target(revision="backend-00002", percent=100, follows_latest=True),
    )


def test_latest_stays_without_a_revision_where_none_was_ever_ready() -> None:
    assert plane(service(latestReadyRevision="")).targets[0].revision == ""


def test_a_target_without_a_percentage_gets_no_traffic_and_keeps_its_tag_address() -> None:
    told = pinned("backend-00001", tag="next", uri="https://next---backend.a.run.app")
    assert plane(service(trafficStatuses=[latest(100), told])).targets[1] == Target(
        revision="backend-00001", percent=0, tag="next", url="https://next---backend.a.run.app"
    )


def test_the_wished_split_is_not_taken_for_the_real_one() -> None:
    wished = service(traffic=[pinned("backend-00009", 100)])
    assert [target.revision for target in plane(wished).targets] == ["backend-00002"]


def test_neither_the_services_labels_nor_its_template_name_a_build() -> None:
    found = plane(service(), revision(labels={})).revisions[0]
    assert (found.build, found.named_by) == (None, "")


@pytest.mark.parametrize(
    ("fields", "build", "named_by"),
    [
        pytest.param(
            {"containers": [container(f"r/b:{OLD}", BUILD_SHA=NEW)]},
            BuildSha(NEW), f"env BUILD_SHA; image tag says {OLD[:7]}", id="env before the image",
        ),
        pytest.param(
            {"containers": [container(BUILD_SHA=OLD)]},
            BuildSha(OLD), f"env BUILD_SHA; label commit-sha says {NEW[:7]}", id="env and label",
        ),
        pytest.param(
            {"containers": [container(GIT_COMMIT=NEW[:7])]},
            ShortSha(NEW[:7]), "env GIT_COMMIT", id="a short name that agrees",
        ),
        pytest.param(
            {"containers": [container(BUILD_SHA="unknown", SOURCE_COMMIT=OLD)], "labels": {}},
            BuildSha(OLD), "env SOURCE_COMMIT", id="a placeholder is skipped",
        ),
        pytest.param({"containers": [secret]}, BuildSha(NEW), "label commit-sha", id="a secret"),
        pytest.param(
            {"containers": [container(f"r:5000/b:{OLD}@sha256:{'a' * 64}")], "labels": {}},
            BuildSha(OLD), "image tag", id="the image's tag",
        ),
        pytest.param(
            {"containers": [container("r/b:sha-abc1234")], "labels": {}},
            ShortSha("abc1234"), "image tag", id="the tag of docker's metadata action",
        ),
        pytest.param(
            {"containers": [container(BUILD_SHA="release-17")]},
            BuildSha(NEW), "label commit-sha", id="a commit before what git does not know",
        ),
        pytest.param(
            {"containers": [container(BUILD_SHA="release-17")], "labels": {}},
            OpaqueId("release-17"), "env BUILD_SHA", id="better than nothing",
        ),
        pytest.param(
            {"containers": [container("r/b:v17-final")], "labels": {}}, None, "", id="a mere tag"
        ),
        pytest.param({"containers": [], "labels": {}}, None, "", id="nothing at all"),
    ],
)  # fmt: skip
def test_the_most_trusted_evidence_names_the_build(fields: Json, build: Any, named_by: str) -> None:
    parsed(revision(**fields), run_v2.Revision)
    found, where = named(**fields)
    assert (found.build if found else None, where) == (build, named_by)


def test_a_dirty_build_is_told_as_such() -> None:
    found, _ = named(containers=[container(BUILD_SHA=f"{NEW}-dirty")])
    assert found == BuildName(BuildSha(NEW), dirty=True)


def test_a_sidecar_names_nothing() -> None:
    serving = container("r/b@sha256:1", BUILD_SHA=NEW)
    found = plane(service(), revision(containers=[sidecar, serving])).revisions[0]
    assert (found.build, found.image) == (BuildName(BuildSha(NEW)), "r/b@sha256:1")


@pytest.mark.parametrize(
    ("fields", "settled"),
    [
        pytest.param({}, True, id="settled"),
        pytest.param({"reconciling": True}, False, id="reconciling"),
        pytest.param({"observedGeneration": "6"}, False, id="not yet observed"),
        pytest.param({"terminalCondition": failed}, False, id="failed"),
        pytest.param({"terminalCondition": None}, False, id="no word on it"),
        pytest.param({"generation": 7}, True, id="a plain number"),
    ],
)
def test_a_service_is_settled_when_all_three_signs_say_so(fields: Json, *, settled: bool) -> None:
    assert plane(service(**fields)).settled is settled


def test_the_platforms_own_word_on_a_failed_deploy_is_kept_on_one_printable_line() -> None:
    assert plane(service(terminalCondition=failed)).problem == "it did not start ?[31m"
    assert plane(service()).problem == ""
    long = {"state": "CONDITION_FAILED", "message": "x" * 300}
    assert len(plane(service(terminalCondition=long)).problem) == 200
    silent = {"state": "CONDITION_FAILED"}
    assert plane(service(terminalCondition=silent)).problem == "the last deploy failed"


@pytest.mark.parametrize(
    ("fields", "internal"),
    [
        pytest.param({"ingress": "INGRESS_TRAFFIC_ALL"}, False, id="all"),
        pytest.param({"ingress": None}, False, id="not said"),
        pytest.param({"ingress": "INGRESS_TRAFFIC_INTERNAL_ONLY"}, True, id="internal"),
        pytest.param({"ingress": 3}, True, id="load balancer, by number"),
        pytest.param({"ingress": "INGRESS_OF_THE_FUTURE"}, False, id="not known to us"),
        pytest.param({"ingress": 99}, False, id="a number not known to us"),
        pytest.param({"defaultUriDisabled": True}, True, id="address disabled"),
    ],
)
def test_internal_means_out_of_reach_from_the_internet(fields: Json, *, internal: bool) -> None:
    assert plane(service(**fields)).internal is internal


def test_affinity_counts_for_revisions_with_traffic_only() -> None:
    sticky = old | {"sessionAffinity": True}
    assert plane(service(), revision(sessionAffinity=True)).session_affinity
    assert not plane(service(), revision(), sticky).session_affinity


def test_the_address_is_the_uri_or_the_first_of_all_addresses() -> None:
    assert plane(service()).url == "https://backend-hash-uc.a.run.app"
    assert plane(service(uri="")).url == "https://backend-123.us-central1.run.app"
    assert plane(service(uri=None, urls=None)).url == ""


def test_revisions_come_newest_first_down_to_the_nanosecond_that_python_keeps() -> None:
    times = {
        "a": "2026-03-02T10:00:00.000001999Z",
        "b": "2026-03-02T11:00:00.000003+01:00",
        "c": "2026-03-02T09:59:59Z",
    }
    shuffled = [revision(name, createTime=time) for name, time in times.items()]
    found = plane(service(), *shuffled).revisions
    assert [each.name for each in found] == ["b", "a", "c"]
    assert found[1].created == datetime(2026, 3, 2, 10, 0, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("conditions", "ready"),
    [
        pytest.param([SUCCEEDED], True, id="ready"),
        pytest.param([failed], False, id="failed"),
        pytest.param([{"type": "Active", "state": "CONDITION_SUCCEEDED"}], False, id="other"),
        pytest.param(None, False, id="not said"),
    ],
)
def test_readiness_is_the_condition_of_that_name(conditions: Any, *, ready: bool) -> None:
    assert plane(service(), revision(conditions=conditions)).revisions[0].ready is ready


def broken_documents() -> Iterator[Any]:
    yield pytest.param(World([]), "the service is not an object", id="a list")  # type: ignore[arg-type]
    yield pytest.param(World(service() | {"name": "backend"}), "no part services", id="a bare name")
    yield pytest.param(World(service() | {"name": None}), "no part services", id="no name")
    wrong = service(trafficStatuses=[pinned("", 100)])
    yield pytest.param(World(wrong), "names no revision", id="REVISION without a revision")
    over = service(trafficStatuses=[latest(101)])
    yield pytest.param(World(over), "101 percent", id="more than all")
    for time in (None, "", "yesterday", "2026-03-02T10:00:00", "0001-01-01T00:00:00+14:00"):
        world = World(service(), (revision(createTime=time),))
        yield pytest.param(world, "createTime is not an RFC 3339 time", id=f"time {time}")
    nameless = World(service(), (revision() | {"name": ""},))
    yield pytest.param(nameless, "a revision has no name", id="a nameless revision")
    for field, value, told in (
        ("uri", 1, "uri is not text"),
        ("urls", [1], "an entry of urls is not text"),
        ("urls", "x", "urls is not a list"),
        ("reconciling", "yes", "reconciling is not true or false"),
        ("generation", "seven", "generation is not an integer"),
        ("generation", True, "generation is not an integer"),
        ("terminalCondition", "fine", "terminalCondition is not an object"),
        ("trafficStatuses", [None], "an entry of trafficStatuses is not an object"),
        ("ingress", True, "ingress is not text"),
    ):
        changed = service() | {"uri": "", field: value}
        yield pytest.param(World(changed), told, id=f"{field} {value!r}")


@pytest.mark.parametrize(("world", "told"), list(broken_documents()))
def test_a_document_that_breaks_the_schema_is_unreadable_and_names_the_field(
    world: World, told: str
) -> None:
    found = read(world)
    assert isinstance(found, Unreadable)
    assert (found.cause, found.url, found.read_at) == (Code.NOT_JSON, URL, NOW)
    assert told in found.detail
    assert found.fix == (
        "look at what it really answers: gcloud run services describe backend "
        "--region=us-central1 --project=acme --format=json"
    )


@pytest.mark.parametrize(
    ("written", "timeout_s"),
    [("300s", 300.0), ("3.5s", 3.5), ("", None), (None, None)],
)
def test_how_long_a_request_may_take(written: str | None, timeout_s: float | None) -> None:
    assert plane(service(), revision(timeout=written)).revisions[0].timeout_s == timeout_s


@pytest.mark.parametrize("written", ["300", "5m", "-1s", "1e3s", "s"])
def test_a_timeout_that_is_no_duration_breaks_the_schema(written: str) -> None:
    found = read(World(service(), (revision(timeout=written),)))
    assert isinstance(found, Unreadable)
    assert "timeout is not a duration" in found.detail


@pytest.mark.parametrize(("name", "http2"), [("h2c", True), ("http1", False), ("", False)])
def test_a_port_that_is_named_so_is_spoken_to_in_http2_alone(name: str, *, http2: bool) -> None:
    serves = container() | {"ports": [{"name": name, "containerPort": 8080}]}
    found = plane(service(), revision(containers=[{"image": "proxy"}, serves])).revisions[0]
    assert found.http2 is http2


def test_what_a_revision_runs_as() -> None:
    found = plane(service(), revision(serviceAccount="runner@acme.example")).revisions[0]
    assert found.service_account == "runner@acme.example"


def paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON document, itself excluded."""
    inside: Any = value.items() if isinstance(value, dict) else ()
    for key, each in enumerate(value) if isinstance(value, list) else inside:
        yield (*at, key)
        yield from paths(each, (*at, key))


def with_wrong_field(document: Json, path: tuple[Any, ...], wrong: Any) -> Json:
    changed: Any = copy.deepcopy(document)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = wrong
    whole: Json = changed
    return whole


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
)


@given(st.data(), st.sampled_from(sorted(WORLDS)), values)
def test_a_near_miss_is_a_value_and_never_a_crash(
    data: st.DataObject, world: str, wrong: Any
) -> None:
    whole = {"service": WORLDS[world].service, "revisions": list(WORLDS[world].revisions)}
    path = data.draw(st.sampled_from(sorted(paths(whole), key=str)))
    changed = with_wrong_field(whole, path, wrong)
    revisions = changed["revisions"] if isinstance(changed["revisions"], list) else []
    found = read_control_plane(changed["service"], revisions, url=URL, read_at=NOW)
    assert isinstance(found, ControlPlane | Unreadable)
    assert isinstance(service_name(changed["service"]), str)
    assert all(isinstance(parent_service(each), str) for each in revisions)


@given(values)
def test_any_noise_is_a_value_and_never_a_crash(noise: Any) -> None:
    found = read_control_plane(noise, [noise], url=URL, read_at=NOW)
    assert isinstance(found, ControlPlane | Unreadable)
    assert (service_name(noise), parent_service(noise)) == ("", "") or isinstance(noise, dict)


@given(st.sampled_from(sorted(WORLDS)), st.text(min_size=1), values)
def test_fields_that_we_do_not_know_change_nothing(world: str, key: str, value: Any) -> None:
    known = WORLDS[world]
    newer = World(
        {f"new-{key}": value} | known.service,
        tuple({f"new-{key}": value} | each for each in known.revisions),
    )
    assert read(newer) == read(known)


@pytest.mark.parametrize(
    ("fields", "parent"),
    [
        pytest.param({}, "backend", id="the field"),
        pytest.param({"service": "backend"}, "backend", id="a short name"),
        pytest.param({"service": None}, "backend", id="its own name"),
        pytest.param({"service": None, "name": 1}, "", id="neither"),
    ],
)
def test_a_revision_says_which_service_it_belongs_to(fields: Json, parent: str) -> None:
    assert parent_service(revision() | fields) == parent


def history(*ages_h: int, ready: Callable[[int], bool] = lambda _: True) -> ControlPlane:
    """One revision per age; the newest has the traffic."""
    return plane(
        service(),
        *(
            revision(
                f"r{age}",
                createTime=(NOW - timedelta(hours=age)).isoformat(),
                conditions=[SUCCEEDED if ready(age) else failed],
            )
            for age in ages_h
        ),
    )


@pytest.mark.parametrize(
    ("plane", "names"),
    [
        pytest.param(history(1, 5, 20, 40), ["r1", "r5", "r20"], id="window and the one before"),
        pytest.param(history(1, 12, 20), ["r1", "r12", "r20"], id="the window's edge is in it"),
        pytest.param(history(20, 40), ["r20"], id="nothing new"),
        pytest.param(
            history(1, 20, 40, ready=lambda age: age != 20), ["r1", "r40"], id="not ready before"
        ),
        pytest.param(history(1, ready=lambda _: False), ["r1"], id="only in the window"),
    ],
)
def test_what_may_have_served_was_created_in_the_window_or_is_the_newest_before_it(
    plane: ControlPlane, names: list[str]
) -> None:
    found = may_have_served(plane, NOW - timedelta(hours=12))
    assert [revision.name for revision in found] == names


def test_a_revision_with_traffic_may_serve_however_old_it_is() -> None:
    ancient = revision("r0", createTime="2020-01-01T00:00:00Z")
    before = revision("r1", createTime="2026-01-01T00:00:00Z")
    split = service(trafficStatuses=[pinned("r0", 100), pinned("r1", tag="next")])
    found = may_have_served(
        plane(split, ancient, before, revision("r2")), NOW - timedelta(hours=12)
    )
    assert [revision.name for revision in found] == ["r2", "r1", "r0"]
