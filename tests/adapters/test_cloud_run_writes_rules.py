"""What is decided about a service that was read, and how a decision is carried out: without any
cloud, for what Cloud Run rarely shows."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from google.cloud import run_v2

from skewcheck.adapters.cloud_run_writes import WriteLimits
from skewcheck.adapters.cloud_run_writes.candidates import candidate, unused
from skewcheck.adapters.cloud_run_writes.edit import Decision, Edit, Later, shows
from skewcheck.adapters.cloud_run_writes.releases import Release, unpin
from skewcheck.adapters.cloud_run_writes.standing import (
    Made,
    Operation,
    Standing,
    read_revision,
    read_service,
)
from skewcheck.adapters.cloud_run_writes.writer import Writer
from skewcheck.core.control_plane import Target
from skewcheck.core.errors import ActionFailedError
from skewcheck.core.rollout.lease import ANNOTATION, PIN_ANNOTATION, write_lease, write_pin
from skewcheck.core.rollout.order import Share, TrafficBefore
from skewcheck.google_api.patience import Endurance, Patience
from tests.adapters.writing import PIN, PLACE, lease, wanted
from tests.builders import NOW
from tests.fakes import FakeClock

FIRST = Target(revision="acme-api-1", percent=100)
TAGGED = Target(revision=wanted().revision, percent=0, tag=wanted().tag)
FOLLOWED = {
    ANNOTATION: write_lease(
        lease(
            before=TrafficBefore(
                shares=(Share(revision="acme-api-1", percent=100),), followed_latest=True
            )
        )
    )
}
HELD = {ANNOTATION: write_lease(lease())}


def standing(*served: Target, **changed: Any) -> Standing:
    """Settled, and as it was asked for."""
    said: dict[str, Any] = {
        "etag": "1",
        "annotations": HELD,
        "asked": served,
        "served": served,
        "latest_ready": "acme-api-1",
        "latest_created": "acme-api-1",
        "settled": True,
        "said": "",
        "problem": "",
        "template": None,
    }
    return Standing(**(said | changed))


def made(**changed: Any) -> Made:
    said: dict[str, Any] = {
        "name": wanted().revision,
        "rollout": "r-1",
        "created": NOW,
        "image": "repo@sha256:1",
        "ready": True,
    }
    return Made(**(said | changed))


def released(now: Standing) -> Edit:
    found = Release(place=PLACE, lease=lease(), tag="", pin=PIN).decide(now, lambda _: False)
    assert isinstance(found, Edit)
    return found


def decided(now: Standing, found: Made) -> Decision:
    return candidate(PLACE, lease(), wanted()).decide(now, found, lambda _: None)


class TestCandidates:
    def test_one_that_is_neither_ready_nor_failed_is_waited_for(self) -> None:
        found = decided(standing(FIRST), made(ready=False, waits_for="Deploying revision."))
        assert found == Later("the revision acme-api-new-1 is not ready (Deploying revision.)")

    def test_a_tag_that_was_asked_for_and_does_not_show_is_waited_for(self) -> None:
        found = decided(standing(FIRST, asked=(FIRST, TAGGED)), made())
        assert found == Later("the platform does not show the tag r-1 yet")

    def test_one_that_was_asked_for_in_vain_is_asked_for_again(self) -> None:
        found = decided(standing(FIRST, asked=(FIRST, TAGGED), problem="quota"), made())
        assert isinstance(found, Edit)
        assert found.traffic == (FIRST, TAGGED)
        assert found.template is None

    def test_a_tag_that_is_elsewhere_is_taken_to_the_candidate(self) -> None:
        elsewhere = replace(TAGGED, revision="acme-api-0")
        found = decided(standing(FIRST, elsewhere), made())
        assert isinstance(found, Edit)
        assert found.traffic == (FIRST, TAGGED)

    def test_a_service_that_serves_nothing_has_no_traffic_to_keep(self) -> None:
        with pytest.raises(ActionFailedError, match="serves nothing yet"):
            decided(standing(), made())

    @pytest.mark.parametrize("build", ["Main", "x" * 64, ""])
    def test_a_build_that_cannot_be_a_label_is_refused(self, build: str) -> None:
        with pytest.raises(ActionFailedError, match="cannot be the label commit-sha"):
            candidate(PLACE, lease(), wanted(build=build))


class TestReading:
    @pytest.mark.parametrize(
        ("document", "settled"),
        [
            ({"generation": 2, "observed_generation": 2}, True),
            ({"generation": 2, "observed_generation": 1}, False),
            ({"generation": 2, "observed_generation": 2, "reconciling": True}, False),
        ],
    )
    def test_a_service_is_settled_when_it_says_so_twice(
        self, document: dict[str, Any], *, settled: bool
    ) -> None:
        assert read_service(run_v2.Service(**document)).settled is settled

    def test_a_revision_whose_state_nobody_says_is_neither_ready_nor_failed(self) -> None:
        found = read_revision(run_v2.Revision(containers=[run_v2.Container(image="a")]))
        assert (found.ready, found.failure, found.rollout) == (False, "", "")


class TestSplits:
    def test_one_that_serves_but_is_not_asked_for_any_more_is_not_there_to_stay(self) -> None:
        other = replace(FIRST, revision="acme-api-0")
        assert shows(standing(FIRST), {FIRST.revision: 100})
        assert not shows(standing(FIRST, asked=(other,)), {FIRST.revision: 100})
        assert not shows(standing(other, asked=(FIRST,)), {FIRST.revision: 100})


class TestUnused:
    def test_what_was_asked_for_or_is_the_newest_is_needed(self) -> None:
        names = ["served", "asked", "created", "ready", "spare"]
        found = tuple(made(name=name) for name in names)
        now = standing(
            replace(FIRST, revision="served"),
            asked=(replace(FIRST, revision="asked"),),
            latest_created="created",
            latest_ready="ready",
        )
        assert [each.name for each in unused(now, found, keep=0)] == ["spare"]

    def test_the_oldest_go_first_and_the_newest_stay(self) -> None:
        found = tuple(
            made(name=f"acme-api-{number}", created=NOW + timedelta(hours=number))
            for number in (9, 7, 8)
        )
        gone = unused(standing(FIRST), found, keep=1)
        assert [each.name for each in gone] == ["acme-api-7", "acme-api-8"]


class TestReleases:
    def test_latest_is_not_followed_while_something_newer_is_not_ready(self) -> None:
        found = released(standing(FIRST, annotations=FOLLOWED, latest_created="acme-api-2"))
        assert found.annotations == {PIN_ANNOTATION: write_pin(PIN)}
        assert found.traffic is None

    def test_nothing_is_pinned_where_latest_is_followed_though_its_newest_failed(self) -> None:
        latest = replace(FIRST, follows_latest=True)
        found = released(standing(latest, annotations=FOLLOWED, latest_created="acme-api-2"))
        assert found == Edit(annotations={})

    def test_a_pin_that_is_only_written_down_is_taken_back_without_moving_traffic(self) -> None:
        latest = replace(FIRST, follows_latest=True)
        pinned = standing(latest, annotations={PIN_ANNOTATION: write_pin(PIN), "a": "b"})
        assert unpin(pinned) == Edit(annotations={"a": "b"})

    def test_a_service_that_serves_nothing_only_loses_its_lease(self) -> None:
        release = Release(place=PLACE, lease=lease(), tag="", pin=PIN)
        assert release.decide(standing(), lambda _: False) == Edit(annotations={})


@dataclass
class Scripted:
    """A cloud that takes every update, and shows what it was told to show, one by one."""

    shown: list[Standing]
    sent: list[Edit] = field(default_factory=list)

    def service(self, _place: object) -> Standing:
        return self.shown.pop(0) if len(self.shown) > 1 else self.shown[0]

    def update(self, _place: object, _standing: Standing, edit: Edit) -> Operation:
        self.sent.append(edit)
        return Operation(name=f"operations/{len(self.sent)}", done=True)

    def look(self, operation: str) -> str:
        return f"curl {operation}"


def write(cloud: Scripted, decide: Any, seconds: float = 60) -> tuple[str, ...]:
    clock = FakeClock()
    patience = Patience(str(PLACE), clock, Endurance(seconds=seconds))
    written = Writer(PLACE, cloud, WriteLimits()).write(patience, decide)  # type: ignore[arg-type]
    assert clock.now() - NOW < timedelta(seconds=seconds)
    return written.operations


class TestWriting:
    def test_what_comes_about_later_is_waited_for(self) -> None:
        cloud = Scripted([standing(), standing(), standing(FIRST)])
        assert write(cloud, lambda now: None if now.served else Later("not yet")) == ()

    def test_but_not_for_ever(self) -> None:
        with pytest.raises(ActionFailedError, match="not yet after 60 s") as caught:
            write(Scripted([standing()]), lambda _: Later("not yet"))
        assert caught.value.hint.startswith("gcloud run services describe acme-api")

    def test_updates_that_are_accepted_and_never_show_are_told(self) -> None:
        cloud = Scripted([standing()])
        with pytest.raises(ActionFailedError, match="updates are accepted, but do not show"):
            write(cloud, lambda _: Edit(annotations={}))
        assert len(cloud.sent) == 4

    def test_an_update_that_is_under_way_is_told_in_the_platforms_words(self) -> None:
        cloud = Scripted([standing(settled=False, said="Deploying revision.")])
        with pytest.raises(ActionFailedError, match=r"under way after 60 s: Deploying revision\."):
            write(cloud, lambda _: None)
