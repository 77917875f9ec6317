"""All threads of the service: begun together, each for itself, and gone in time."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from skewcheck.core.errors import SkewcheckError
from skewcheck.flows.watch import LOOK
from skewcheck.ports.rollout import Engine, Notes
from skewcheck.service.blocks import Blocks
from skewcheck.service.board import Board
from skewcheck.service.carrying import Carrying
from skewcheck.service.crew import Crew, Duties
from skewcheck.service.endings import Endings
from skewcheck.service.roster import Roster
from skewcheck.service.rounds import Rounds
from skewcheck.service.watcher import Watcher
from tests.builders import NOW
from tests.carrier_fakes import FakeCarriers
from tests.engine_fakes import FakeEngine, FakeNotes
from tests.flows.sharing import sharing
from tests.processes import waited_for

INTERVAL = timedelta(seconds=0.05)


class Working:
    """A crew over fakes, with a clock that stands still."""

    def __init__(self) -> None:
        self.shared, self.board = sharing(), Board()
        self.engine, self.carriers = FakeEngine(), FakeCarriers()
        self.lines: list[str] = []
        self.surveyed: list[str] = []
        self.found: tuple[str, ...] | None = ("staging",)
        self.hangs = threading.Event()
        self.hang = False
        self.swept = threading.Event()
        roster = Roster(("staging",), self._find)
        watcher = Watcher(
            self.shared,
            self.board,
            self._records,
            names=roster.names,
            hurdles=dict,
            interval=timedelta(minutes=1),
        )
        duties = Duties(
            clock=self.shared.clock,
            board=self.board,
            roster=roster,
            rounds=Rounds(self.shared, self._survey, interval=INTERVAL, chance=lambda: 0.5),
            watcher=watcher,
            blocks=Blocks(self.shared.audit),
            endings=Endings(self.shared),
            carrying=Carrying(
                self.carriers, self.shared.clock, lambda: watcher.unfinished, self.lines.append
            ),
            carriers=self.carriers,
            sweep=self.swept.set,
        )
        self.crew = Crew(duties, interval=INTERVAL, tell=self.lines.append)

    def _find(self) -> tuple[str, ...]:
        if self.found is None:
            raise SkewcheckError("no remote")
        return self.found

    def _records(self, _: str) -> tuple[Engine, Notes]:
        return self.engine, FakeNotes()

    def _survey(self, environment: str) -> None:
        self.surveyed.append(environment)
        if self.hang:
            self.hangs.wait(30)
        self.shared.shelf.put(LOOK, environment, {"report": {}}, at=NOW - timedelta(hours=1))

    def shows(self, *names: str) -> bool:
        return waited_for(lambda: [each.name for each in self.board.environments()] == [*names])


@pytest.fixture
def working() -> Iterator[Working]:
    made = Working()
    yield made
    made.hangs.set()
    assert made.crew.let_go(10)


def test_environments_are_surveyed_and_shown(working: Working) -> None:
    working.crew.start()
    assert working.shows("staging")
    assert waited_for(lambda: len(working.surveyed) > 2)


def test_slack_is_swept(working: Working) -> None:
    working.crew.start()
    assert working.swept.wait(10)


def test_blocks_of_the_gate_are_counted_on_the_board(working: Working) -> None:
    record = {
        "schema": 1,
        "at": NOW.isoformat(),
        "event": "gate",
        "environment": "staging",
        "verdict": "block",
    }
    working.shared.audit.append(record)  # type: ignore[arg-type]
    working.crew.start()
    assert waited_for(lambda: working.board.blocked == {"staging": 1})


def test_an_environment_that_appears_is_surveyed_and_one_that_goes_is_not(
    working: Working,
) -> None:
    working.crew.start()
    assert working.shows("staging")
    working.found = ("production",)
    assert working.shows("production")
    assert waited_for(lambda: "production" in working.surveyed)
    working.found = ("production", "staging")
    assert working.shows("production", "staging")
    seen = len(working.surveyed)
    assert waited_for(lambda: "staging" in working.surveyed[seen:])


def test_while_nobody_knows_which_there_are_they_stay_as_they_were(working: Working) -> None:
    working.found = None
    working.crew.start()
    assert waited_for(lambda: working.lines == ["environments: no remote"])
    assert working.shows("staging")


def test_what_is_unfinished_is_carried_on(working: Working) -> None:
    working.engine.submit("20261123-2210-7f3a1b", {"no": "order"})
    working.crew.start()
    assert waited_for(lambda: bool(working.lines))  # the order is none, and the others go on
    assert working.swept.wait(10)


def test_it_ends_with_its_carriers(working: Working) -> None:
    working.crew.start()
    assert working.shows("staging")
    assert working.crew.let_go(10)
    assert working.carriers.stopped


def test_a_survey_that_hangs_holds_nobody_up_and_loses_its_turn() -> None:
    working = Working()
    working.hang = True
    working.crew.start()
    assert waited_for(lambda: bool(working.surveyed))
    # The clock of the fakes stands still, and so does the deadline.
    assert not working.crew.let_go(0)
    shelf, now = working.shared.shelf, working.shared.clock.now()
    assert shelf.take_turn("survey staging", "replica-2", now=now, lasts=INTERVAL)
    working.hangs.set()
    assert working.crew.let_go(10)
