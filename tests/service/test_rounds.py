"""When an environment is surveyed: once in an interval over all replicas, by one at a time."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from skewcheck.flows.watch import LOOK
from skewcheck.ports.service import Shared
from skewcheck.service.rounds import Rounds
from tests.fakes import FakeClock
from tests.flows.sharing import sharing

INTERVAL = timedelta(seconds=60)


@dataclass
class Replica:
    """Its surveys take `takes_s`, and leave a look; `meanwhile` is what others do during one."""

    shared: Shared
    clock: FakeClock
    takes_s: float = 0.0
    chance: float = 0.5
    meanwhile: Callable[[], None] = lambda: None
    fails: bool = False
    surveyed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rounds = Rounds(
            self.shared, self._survey, interval=INTERVAL, chance=lambda: self.chance
        )

    def _survey(self, environment: str) -> None:
        began = self.clock.now()
        self.clock.wait(self.takes_s)
        self.meanwhile()
        if self.fails:
            raise KeyError(environment)
        self.surveyed.append(environment)
        self.shared.shelf.put(LOOK, environment, {}, at=began)

    def once(self, environment: str = "staging") -> float:
        return self.rounds.once(environment)


def one() -> Replica:
    clock = FakeClock()
    return Replica(sharing(clock), clock)


def two() -> tuple[Replica, Replica]:
    first = one()
    return first, Replica(replace(first.shared, holder="replica-2"), first.clock)


def test_the_first_survey_comes_at_once_and_the_next_in_an_interval() -> None:
    replica = one()
    assert (replica.once(), replica.surveyed) == (60.0, ["staging"])


@pytest.mark.parametrize(
    ("chance", "pause"), [(0.0, 54.0), (0.25, 57.0), (1.0, 66.0)], ids=["early", "a bit", "late"]
)
def test_chance_moves_it_by_a_tenth_at_most(chance: float, pause: float) -> None:
    replica = one()
    replica.chance = chance
    assert replica.once() == pytest.approx(pause)


def test_what_another_replica_looked_at_just_now_is_left_alone() -> None:
    first, second = two()
    first.once()
    first.clock.wait(20)
    assert second.once() == 40.0
    assert second.surveyed == []


def test_what_is_older_than_half_an_interval_is_surveyed() -> None:
    first, second = two()
    first.once()
    first.clock.wait(30)
    second.once()
    assert second.surveyed == ["staging"]


def test_while_one_surveys_no_other_does() -> None:
    first, second = two()
    pauses: list[float] = []
    first.meanwhile = lambda: pauses.append(second.once())
    first.once()
    assert (pauses, second.surveyed) == ([60.0], [])


def test_another_environment_is_another_turn() -> None:
    first, second = two()

    def other() -> None:
        second.once("production")

    first.meanwhile = other
    first.once()
    assert second.surveyed == ["production"]


def test_a_long_survey_keeps_its_turn() -> None:
    first, second = two()

    def minutes() -> None:
        for _ in range(5):
            first.rounds.keep_turns()
            first.clock.wait(50)
        second.once()

    first.meanwhile = minutes
    first.once()
    assert second.surveyed == []


def test_without_being_kept_a_turn_ends_within_a_minute() -> None:
    """As where the replica was killed."""
    first, second = two()

    def looks() -> None:
        second.once()

    first.takes_s, first.meanwhile = 60, looks
    first.once()
    assert second.surveyed == ["staging"]


def test_a_survey_that_never_ends_loses_its_turn_after_ten_minutes() -> None:
    first, second = two()

    def hangs() -> None:
        for _ in range(21):
            first.rounds.keep_turns()
            first.clock.wait(30)
        second.once()

    first.meanwhile = hangs
    first.once()
    assert second.surveyed == ["staging"]


def test_a_replica_that_leaves_lets_go_of_what_is_under_way() -> None:
    first, second = two()

    def leaves() -> None:
        first.rounds.let_go()
        second.once()

    first.meanwhile = leaves
    first.once()
    assert second.surveyed == ["staging"]


def test_a_survey_that_fails_ends_its_turn_and_is_kept_no_longer() -> None:
    first, second = two()
    first.fails = True
    with pytest.raises(KeyError):
        first.once()
    first.rounds.keep_turns()
    second.once()
    assert second.surveyed == ["staging"]
