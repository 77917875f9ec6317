"""What every `PlatformWrites` promises: one contract for the fake and for Cloud Run itself."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property, partial
from typing import Protocol

import pytest

from skewcheck.core.errors import ActionFailedError, LeaseHeldError
from skewcheck.core.rollout.lease import PIN_ANNOTATION, BrokenLease, Lease, write_pin
from skewcheck.core.rollout.order import Share, TrafficBefore
from skewcheck.ports.rollout import PlatformWrites
from tests.adapters.writing import PIN, PLACE, Cloud, a_cloud, lease, wanted
from tests.builders import NEW, NEXT, NOW, OLD
from tests.fakes import FakeClock
from tests.rollout_fakes import FakePlatformWrites, FakeRevision, FakeService, following_latest

TAG = wanted().tag


class World(Protocol):
    """A service whose traffic follows LATEST, which is `first`, and what others do to it."""

    @property
    def first(self) -> str: ...
    @property
    def platform(self) -> PlatformWrites: ...
    @property
    def split(self) -> dict[str, int]: ...
    @property
    def follows_latest(self) -> bool: ...
    @property
    def is_pinned(self) -> bool: ...
    @property
    def tags(self) -> dict[str, str]: ...
    @property
    def revisions(self) -> list[str]: ...
    def deploy(self, build: str) -> str: ...
    def give(self, split: dict[str, int] | None) -> None: ...
    def hold(self, held: Lease | None) -> None: ...
    def scribble(self) -> None: ...
    def pin(self) -> None: ...
    def breaks(self, build: str) -> None: ...


@dataclass
class Fake:
    service: FakeService
    platform: FakePlatformWrites

    @property
    def first(self) -> str:
        return self.service.revisions[0].name

    @property
    def split(self) -> dict[str, int]:
        return self.service.split

    @property
    def follows_latest(self) -> bool:
        return self.service.follows_latest

    @property
    def is_pinned(self) -> bool:
        return self.service.pin is not None

    @property
    def tags(self) -> dict[str, str]:
        return {each.tag: each.revision for each in self.service.targets if each.tag}

    @property
    def revisions(self) -> list[str]:
        return [each.name for each in self.service.revisions]

    def deploy(self, build: str) -> str:
        name = f"acme-api-0000{len(self.revisions) + 1}"
        self.service.deploy(FakeRevision(name=name, build=build))
        return name

    def give(self, split: dict[str, int] | None) -> None:
        latest = {self.service.latest_ready: 100}
        self.service.give(split or latest, latest=split is None)

    def hold(self, held: Lease | None) -> None:
        self.service.lease = held

    def scribble(self) -> None:
        self.service.lease = BrokenLease(text="{")

    def pin(self) -> None:
        self.service.pin = PIN

    def breaks(self, build: str) -> None:
        self.platform.never_ready.add(build)


class Real(Cloud):
    @cached_property
    def platform(self) -> PlatformWrites:
        return self.writes()

    @property
    def is_pinned(self) -> bool:
        return PIN_ANNOTATION in self.annotations

    def scribble(self) -> None:
        self.annotate(lease="{")

    def pin(self) -> None:
        self.annotate(pin=write_pin(PIN))

    def breaks(self, build: str) -> None:
        self.runtime.fails[f"repo/backend@sha256:{build}"] = "failed to start: no supervisor"


@pytest.fixture(params=["fake", "cloud run"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "fake":
        service = following_latest(str(OLD))
        yield Fake(service, FakePlatformWrites(FakeClock(), {PLACE: service}))
        return
    with a_cloud(Real) as cloud:
        yield cloud


def begun(world: World, rollout: str = "r-1") -> Lease:
    """The lease, claimed with the traffic of now to go back to."""
    now = lease(rollout, before=world.platform.traffic(PLACE))
    return world.platform.claim(PLACE, now, now=NOW)


def made(world: World) -> tuple[Lease, str]:
    held = begun(world)
    return held, world.platform.create(PLACE, held, wanted()).revision


class TestTraffic:
    def test_it_is_told_with_latest_resolved(self, world: World) -> None:
        before = TrafficBefore(
            shares=(Share(revision=world.first, percent=100),), followed_latest=True
        )
        assert world.platform.traffic(PLACE) == before

    def test_a_split_is_told_line_by_line(self, world: World) -> None:
        second = world.deploy(str(NEW))
        world.give({world.first: 90, second: 10})
        before = world.platform.traffic(PLACE)
        assert not before.followed_latest
        assert [(each.revision, each.percent) for each in before.shares] == [
            (world.first, 90),
            (second, 10),
        ]


class TestLease:
    def test_a_service_that_nobody_holds_has_none(self, world: World) -> None:
        assert world.platform.lease(PLACE) is None

    def test_what_is_claimed_stands_there(self, world: World) -> None:
        held = begun(world)
        assert world.platform.lease(PLACE) == held
        assert world.follows_latest

    def test_claiming_again_keeps_the_way_back_and_never_shortens_it(self, world: World) -> None:
        first = begun(world)
        other = TrafficBefore(shares=(Share(revision="x", percent=100),))
        longer = lease(before=other, until=NOW + timedelta(hours=3), holder="ada on ci-8")
        again = world.platform.claim(PLACE, longer, now=NOW)
        assert again == replace(first, until=longer.until, holder="ada on ci-8")
        assert world.platform.claim(PLACE, lease(before=other), now=NOW).until == longer.until

    def test_anothers_live_lease_is_respected_and_its_holder_named(self, world: World) -> None:
        held = begun(world, "r-2")
        with pytest.raises(LeaseHeldError, match="ada on ci-7"):
            begun(world)
        assert world.platform.lease(PLACE) == held

    def test_an_expired_one_is_taken_over_with_its_way_back(self, world: World) -> None:
        before = TrafficBefore(shares=(Share(revision="from-before", percent=100),))
        world.hold(lease("r-2", until=NOW - timedelta(seconds=1), before=before))
        taken = begun(world)
        assert (taken.rollout, taken.before) == ("r-1", before)
        assert world.platform.lease(PLACE) == taken

    def test_one_that_cannot_be_read_is_held_for_ever(self, world: World) -> None:
        world.scribble()
        found = world.platform.lease(PLACE)
        assert found
        assert found.is_live(NOW + timedelta(days=10_000))
        with pytest.raises(LeaseHeldError, match="somebody unknown"):
            begun(world)


class TestCreate:
    def test_a_revision_gets_ready_and_a_tag_but_no_traffic(self, world: World) -> None:
        held = begun(world)
        found = world.platform.create(PLACE, held, wanted())
        assert (found.revision, found.adopted) == ("acme-api-new-1", False)
        assert TAG in found.url
        assert world.tags == {TAG: "acme-api-new-1"}
        assert world.split == {world.first: 100}
        assert not world.follows_latest

    def test_what_an_earlier_attempt_made_is_adopted(self, world: World) -> None:
        held, name = made(world)
        again = world.platform.create(PLACE, held, wanted())
        assert (again.revision, again.adopted) == (name, True)
        assert world.revisions == [world.first, name]

    def test_a_revision_that_is_not_ours_is_not(self, world: World) -> None:
        made(world)
        world.hold(lease("r-2"))
        with pytest.raises(ActionFailedError, match="has a revision acme-api-new-1"):
            world.platform.create(PLACE, lease("r-2"), wanted())

    def test_one_that_does_not_get_ready_is_told_in_the_platforms_words(self, world: World) -> None:
        held = begun(world)
        world.breaks(str(NEW))
        with pytest.raises(ActionFailedError, match="failed to start"):
            world.platform.create(PLACE, held, wanted())
        assert world.split == {world.first: 100}

    @pytest.mark.parametrize(
        "wrong",
        [
            pytest.param({"tag": "x" * 39}, id="tag and service over 46 characters"),
            pytest.param({"tag": "r1"}, id="tag under 3 characters"),
            pytest.param({"revision": "other-new-1"}, id="not the service's name first"),
            pytest.param({"revision": "acme-api-" + "n" * 55}, id="name over 63 characters"),
        ],
    )
    def test_names_that_cannot_be_are_refused_beforehand(
        self, world: World, wrong: dict[str, str]
    ) -> None:
        held = begun(world)
        with pytest.raises(ActionFailedError):
            world.platform.create(PLACE, held, wanted(**wrong))
        assert world.revisions == [world.first]

    def test_without_a_lease_nothing_is_made(self, world: World) -> None:
        for standing, told in ((None, "is gone"), (lease("r-2"), "was taken by")):
            world.hold(standing)
            with pytest.raises(ActionFailedError, match=told):
                world.platform.create(PLACE, lease(), wanted())
        assert world.revisions == [world.first]


class TestShift:
    def test_all_traffic_goes_there_and_tags_stay(self, world: World) -> None:
        held, name = made(world)
        assert not world.platform.shift(PLACE, held, name).adopted
        assert world.split == {name: 100}
        assert world.tags == {TAG: name}
        assert world.platform.shift(PLACE, held, name).adopted

    def test_it_renews_the_lease(self, world: World) -> None:
        held, name = made(world)
        longer = replace(held, until=NOW + timedelta(hours=2))
        world.platform.shift(PLACE, longer, name)
        assert world.platform.lease(PLACE) == longer
        world.platform.restore(PLACE, held)  # by somebody who knows less
        assert world.platform.lease(PLACE) == longer

    def test_back_to_a_revision_from_before_it_goes_as_well(self, world: World) -> None:
        held, name = made(world)
        world.platform.shift(PLACE, held, name)
        world.platform.shift(PLACE, held, world.first)
        assert world.split == {world.first: 100}

    def test_what_somebody_else_moved_is_left_there(self, world: World) -> None:
        held, name = made(world)
        foreign = world.deploy(str(NEXT))
        for split in ({foreign: 100}, {world.first: 50, foreign: 50}):
            world.give(split)
            for move in (
                partial(world.platform.shift, PLACE, held, name),
                partial(world.platform.restore, PLACE, held),
            ):
                with pytest.raises(ActionFailedError, match="somebody else has moved"):
                    move()
            assert world.split == split

    def test_a_revision_that_the_lease_allows_may_have_got_all_of_it(self, world: World) -> None:
        second = world.deploy(str(NEXT))
        world.give({world.first: 100})
        mine = lease(before=world.platform.traffic(PLACE), may_serve=(second,))
        held = world.platform.claim(PLACE, mine, now=NOW)
        world.platform.shift(PLACE, held, second)
        assert not world.platform.restore(PLACE, held).adopted
        assert world.split == {world.first: 100}

    def test_a_lease_that_is_gone_or_anothers_stops_it(self, world: World) -> None:
        held, name = made(world)
        for standing, told in ((None, "is gone"), (lease("r-2"), "was taken by")):
            world.hold(standing)
            for move in (
                partial(world.platform.shift, PLACE, held, name),
                partial(world.platform.restore, PLACE, held),
            ):
                with pytest.raises(ActionFailedError, match=told):
                    move()
        assert world.split == {world.first: 100}


class TestRestore:
    def test_the_split_from_before_is_back_and_tags_stay(self, world: World) -> None:
        second = world.deploy(str(NEW))
        world.give({world.first: 90, second: 10})
        held = begun(world)
        name = world.platform.create(PLACE, held, wanted()).revision
        world.platform.shift(PLACE, held, name)
        assert not world.platform.restore(PLACE, held).adopted
        assert world.split == {world.first: 90, second: 10}
        assert world.tags == {TAG: name}
        assert world.platform.restore(PLACE, held).adopted

    def test_the_way_back_is_the_one_that_stands_on_the_service(self, world: World) -> None:
        second = world.deploy(str(NEXT))
        world.give({world.first: 60, second: 40})
        held = begun(world)
        other = TrafficBefore(shares=(Share(revision=second, percent=100),))
        mistaken = replace(held, before=other)
        world.platform.shift(PLACE, mistaken, world.first)
        world.platform.restore(PLACE, mistaken)
        assert world.split == {world.first: 60, second: 40}

    def test_nothing_is_left_to_do_where_nothing_was_moved(self, world: World) -> None:
        held = begun(world)
        assert world.platform.restore(PLACE, held).adopted
        assert world.follows_latest


class TestRelease:
    def test_the_tag_and_the_lease_go_and_traffic_follows_latest_again(self, world: World) -> None:
        held, name = made(world)
        world.platform.shift(PLACE, held, name)
        world.platform.release(PLACE, held, tag=TAG, pin=PIN)
        assert world.platform.lease(PLACE) is None
        assert world.tags == {}
        assert world.follows_latest
        assert not world.is_pinned
        assert world.split == {name: 100}

    def test_asking_twice_changes_nothing_even_if_another_holds_it_by_then(
        self, world: World
    ) -> None:
        held, name = made(world)
        world.platform.shift(PLACE, held, name)
        world.platform.release(PLACE, held, tag=TAG, pin=PIN)
        other = begun(world, "r-2")
        assert world.platform.release(PLACE, held, tag=TAG, pin=PIN).adopted
        assert world.platform.lease(PLACE) == other

    def test_traffic_that_did_not_follow_latest_before_does_not_afterwards(
        self, world: World
    ) -> None:
        world.give({world.first: 100})
        held, name = made(world)
        world.platform.shift(PLACE, held, name)
        world.platform.release(PLACE, held, tag=TAG, pin=PIN)
        assert world.split == {name: 100}
        assert not world.follows_latest
        assert not world.is_pinned

    def test_a_way_back_leaves_a_pin_that_is_written_down(self, world: World) -> None:
        held, name = made(world)
        world.platform.shift(PLACE, held, name)
        world.platform.restore(PLACE, held)
        world.platform.release(PLACE, held, tag=TAG, pin=PIN)
        assert world.split == {world.first: 100}
        assert world.is_pinned
        assert not world.follows_latest
        assert world.platform.lease(PLACE) is None

    def test_after_an_earlier_pin_of_ours_success_follows_latest_again(self, world: World) -> None:
        world.give({world.first: 100})
        world.pin()
        held, name = made(world)
        world.platform.shift(PLACE, held, name)
        world.platform.release(PLACE, held, tag=TAG, pin=PIN)
        assert world.follows_latest
        assert not world.is_pinned

    def test_latest_is_not_followed_to_a_revision_that_others_made_meanwhile(
        self, world: World
    ) -> None:
        held, name = made(world)
        world.platform.shift(PLACE, held, name)
        world.deploy(str(NEXT))
        world.platform.release(PLACE, held, tag=TAG, pin=PIN)
        assert world.split == {name: 100}
        assert world.is_pinned

    def test_what_others_moved_is_left_there(self, world: World) -> None:
        held, _ = made(world)
        foreign = world.deploy(str(NEXT))
        world.give({foreign: 100})
        world.platform.release(PLACE, held, tag=TAG, pin=PIN)
        assert world.split == {foreign: 100}
        assert not world.follows_latest
        assert not world.is_pinned
        assert world.tags == {}

    def test_what_never_stopped_following_latest_goes_on(self, world: World) -> None:
        held = begun(world)
        world.platform.release(PLACE, held, tag=TAG, pin=PIN)
        assert world.follows_latest
        assert not world.is_pinned
        assert world.platform.lease(PLACE) is None

    def test_what_others_made_follow_latest_meanwhile_goes_on(self, world: World) -> None:
        held, name = made(world)
        world.give(None)
        world.platform.release(PLACE, held, tag=TAG, pin=PIN)
        assert (world.split, world.tags) == ({name: 100}, {})
        assert world.follows_latest
        assert not world.is_pinned

    def test_a_tag_of_a_lease_that_is_gone_is_not_touched(self, world: World) -> None:
        held, name = made(world)
        world.hold(None)
        with pytest.raises(ActionFailedError, match="is gone"):
            world.platform.release(PLACE, held, tag=TAG, pin=PIN)
        assert world.tags == {TAG: name}


class TestFollowLatest:
    def test_traffic_follows_and_the_pin_is_gone(self, world: World) -> None:
        second = world.deploy(str(NEW))
        world.give({world.first: 100})
        world.pin()
        assert not world.platform.follow_latest(PLACE).adopted
        assert world.split == {second: 100}
        assert world.follows_latest
        assert not world.is_pinned
        assert world.platform.follow_latest(PLACE).adopted

    def test_not_while_a_rollout_is_under_way(self, world: World) -> None:
        _, name = made(world)
        world.hold(lease(until=NOW + timedelta(days=10_000)))
        with pytest.raises(LeaseHeldError):
            world.platform.follow_latest(PLACE)
        assert world.tags == {TAG: name}


class TestClean:
    def test_only_what_rollouts_made_and_nobody_needs_goes(self, world: World) -> None:
        names = []
        for number in range(4):
            held = begun(world, f"r-{number}")
            name = f"acme-api-new-{number}"
            one = wanted(revision=name, tag=f"r-{number}")
            world.platform.create(PLACE, held, one)
            world.platform.release(PLACE, held, tag="" if number == 0 else one.tag, pin=PIN)
            names.append(name)
        gone = world.platform.clean(PLACE, keep=1)
        assert gone == (names[1],)  # 0 carries its tag, 2 is kept, 3 is the latest
        assert world.revisions == [world.first, names[0], names[2], names[3]]
        assert world.platform.clean(PLACE, keep=1) == ()

    def test_what_a_rollout_may_go_back_to_stays(self, world: World) -> None:
        held, name = made(world)
        world.platform.shift(PLACE, held, name)
        world.platform.release(PLACE, held, tag=TAG, pin=PIN)
        second = begun(world, "r-2")
        other = wanted(revision="acme-api-new-2", tag="r-2")
        world.platform.create(PLACE, second, other)
        world.platform.shift(PLACE, second, other.revision)
        assert world.platform.clean(PLACE, keep=0) == ()
        world.platform.release(PLACE, second, tag="r-2", pin=PIN)
        world.hold(lease("r-3", may_serve=(name,)))
        assert world.platform.clean(PLACE, keep=0) == ()
        world.hold(None)
        assert world.platform.clean(PLACE, keep=0) == (name,)


def test_a_service_that_is_not_there_is_told(world: World) -> None:
    with pytest.raises(ActionFailedError, match="no service"):
        world.platform.traffic(replace(PLACE, service="acme-nothing"))
