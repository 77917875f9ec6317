"""One round in one environment: a look; its failure on record; and mending where it is due."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from skewcheck.core.alerts import Alert
from skewcheck.core.errors import ActionFailedError, SkewcheckError
from skewcheck.core.probe.kits import ProbeWanted
from skewcheck.core.rollout.order import Order
from skewcheck.flows.doors import Doors
from skewcheck.flows.load import Loaded
from skewcheck.flows.mend import Mending, Voice
from skewcheck.flows.mend_memory import read_memory
from skewcheck.flows.rooms import Room
from skewcheck.flows.watch import LOOK, Watching
from skewcheck.service.surveying import Surveyor
from tests.flows.rollout.world import Rollouts
from tests.flows.sharing import RolloutsRoom, sharing


class Service:
    """Over the rollouts' world: somebody deployed the new web, which the old api does not
    understand, and the policy mends that."""

    def __init__(self, *, read_only: bool = False, on_skew: str = "redeploy") -> None:
        self.rollouts = Rollouts("server first", policy={"on_skew": on_skew})
        self.rollouts.cloud.bucket = self.rollouts.new
        self.rollouts.cloud.edge = self.rollouts.new.value
        self.shared = sharing(self.rollouts.world.clock)
        self.room = RolloutsRoom(self.rollouts)
        self.lines: list[str] = []
        self.raises: Exception | None = None
        self.deaf = ""
        self.rooms = 0
        self.surveyor = Surveyor(
            watching=Watching(
                shared=self.shared,
                tell=self._alert,
                probing=ProbeWanted(skip="--no-probe"),
                versions={},
            ),
            open_doors=self._doors,
            open_room=self._room,
            mending=None if read_only else self._mending,
            tell=self.lines.append,
        )

    def _alert(self, _: Alert) -> None:
        """Nobody listens."""

    @contextmanager
    def _doors(self, environment: str) -> Iterator[tuple[Doors, Loaded]]:
        assert environment == "staging"
        if self.raises is not None:
            raise self.raises
        yield self.room.doors, self.room.loaded

    @contextmanager
    def _room(self, environment: str) -> Iterator[Room]:
        self.rooms += 1
        with self.room.opened(environment) as room:
            yield room

    def _mending(self) -> Mending:
        def hear(*_: Any) -> None:
            if self.deaf:
                raise ActionFailedError(self.deaf)

        def announce(_: Room, order: Order, why: str) -> None:
            hear(order, why)

        voice = Voice(announce=announce, ask=hear, not_started=hear)
        return Mending(shared=self.shared, who="skewcheck@acme", voice=voice)

    def survey(self, times: int = 1) -> None:
        for _ in range(times):
            self.surveyor.survey("staging")
            self.rollouts.world.clock.wait(60)

    def kept(self) -> dict[str, Any]:
        kept = self.shared.shelf.read(LOOK, "staging")
        assert kept is not None
        assert isinstance(kept.value, dict)
        return kept.value

    def started(self) -> int:
        return len(self.rollouts.engine.runs())


def test_a_round_leaves_a_look() -> None:
    service = Service()
    service.survey()
    assert (service.kept()["report"]["verdict"], service.kept()["trouble"]) == ("block", "")
    assert (service.rooms, service.lines) == (0, [])


def test_the_second_round_that_sees_the_skew_mends_it() -> None:
    service = Service()
    service.survey(2)
    assert (service.started(), service.rooms) == (1, 1)


@pytest.mark.parametrize(
    "service",
    [
        pytest.param(Service(read_only=True), id="where nothing may roll out"),
        pytest.param(Service(on_skew="block"), id="where the policy says block"),
    ],
)
def test_nothing_is_mended(service: Service) -> None:
    service.survey(3)
    assert (service.started(), service.rooms) == (0, 0)


def test_a_survey_that_fails_is_on_record_and_told_once_and_raises_nothing() -> None:
    service = Service()
    service.raises = SkewcheckError("no such ref", hint="git fetch")
    service.survey(2)
    assert service.kept()["trouble"] == "no such ref (next: git fetch)"
    told = ["survey of staging: no such ref (next: git fetch)"]
    assert service.lines == told
    service.raises = SkewcheckError("no such manifest")
    service.survey(2)
    assert service.lines == [*told, "survey of staging: no such manifest"]


def test_a_bug_is_on_record_and_raised() -> None:
    service = Service()
    service.raises = KeyError("report")
    with pytest.raises(KeyError):
        service.survey()
    assert service.kept()["trouble"] == "a bug of skewcheck: KeyError: 'report'"


def test_a_survey_that_failed_in_between_begins_the_row_anew() -> None:
    service = Service()
    service.survey()
    service.raises = SkewcheckError("no such ref")
    service.survey()
    service.raises = None
    service.survey()
    assert service.started() == 0


def test_what_keeps_it_from_starting_is_told_once_and_remembered_until_it_is_gone() -> None:
    service = Service()
    service.deaf = "Slack says channel_not_found"
    service.survey(3)
    told = f"nothing was redeployed, because it could not be announced: {service.deaf}"
    assert service.lines == [f"staging: {told}"]
    assert read_memory(service.shared, "staging").trouble == told
    service.deaf = ""
    service.survey()
    assert (service.started(), read_memory(service.shared, "staging").trouble) == (1, "")


def test_an_error_of_ours_while_mending_is_told_too() -> None:
    service = Service()
    service.survey()

    def broken(*_: object) -> None:
        raise SkewcheckError("the database is gone")

    service.rollouts.notes.hold = broken  # type: ignore[method-assign]
    service.survey()
    assert service.lines == ["staging: a redeploy by itself did not start: the database is gone"]
