"""The board shows what stands in the database, old things as old, and no trouble of another."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from skewcheck.core.chronicle.as_json import snapshot_to_json
from skewcheck.core.chronicle.of_report import snapshot_of
from skewcheck.core.errors import SkewcheckError
from skewcheck.core.rollout.consent import Hold
from skewcheck.core.rollout.journal import Outcome
from skewcheck.flows.mend_memory import remember_trouble
from skewcheck.flows.redeploy import start
from skewcheck.flows.watch import LOOK
from skewcheck.ports.rollout import Engine, Notes
from skewcheck.render.page.view import EnvironmentView
from skewcheck.service.board import Board
from skewcheck.service.watcher import Watcher
from tests.builders import NOW, report
from tests.engine_fakes import FakeEngine, FakeNotes
from tests.flows.rollout.world import ROLLOUT, Rollouts
from tests.flows.sharing import sharing

INTERVAL = timedelta(seconds=60)
SCOPE = "staging@here"
REPORT = {"schema": 1, "verdict": "pass"}


class Watched:
    """One replica's watcher, over a world in which rollouts happen."""

    def __init__(self, *names: str) -> None:
        self.rollouts = Rollouts()
        self.clock = self.rollouts.world.clock
        self.shared, self.board = sharing(self.clock), Board()
        self.names = names or ("staging",)
        self.hurdles: dict[str, str] = {}
        self.lost: set[str] = set()
        self.reads = 0
        self.watcher = Watcher(
            self.shared,
            self.board,
            self._records,
            names=lambda: self.names,
            hurdles=self._hurdles,
            interval=INTERVAL,
        )

    def _hurdles(self) -> Mapping[str, str]:
        return self.hurdles

    def _records(self, environment: str) -> tuple[Engine, Notes]:
        if environment in self.lost:
            raise SkewcheckError("the database is gone")
        if environment != "staging":
            return FakeEngine(), FakeNotes()
        return self.rollouts.engine, self.rollouts.notes

    def looked(self, environment: str = "staging", **said: Any) -> None:
        value = {"at": "", "report": REPORT, "trouble": "", "scope": SCOPE} | said
        self.shared.shelf.put(LOOK, environment, value, at=self.clock.now())

    def shown(self, environment: str = "staging") -> EnvironmentView:
        assert self.watcher.once() == 1.0
        view = self.board.environment(environment)
        assert view is not None
        return view


def test_before_the_first_look_there_is_no_report_and_no_trouble_yet() -> None:
    shown = Watched().shown()
    assert (shown.report, shown.trouble, shown.rollouts, shown.hold) == (None, "", (), None)


def test_a_first_look_that_does_not_come_is_trouble() -> None:
    watched = Watched()
    watched.clock.wait(181)
    assert watched.shown().trouble == "no survey has come to an end yet"


def test_the_newest_look_is_shown() -> None:
    watched = Watched()
    watched.looked()
    assert watched.shown().report == REPORT
    watched.looked(report={"schema": 1, "verdict": "block"})
    assert watched.shown().report == {"schema": 1, "verdict": "block"}


def test_a_look_that_failed_shows_the_last_report_with_its_trouble() -> None:
    watched = Watched()
    watched.looked(trouble="no such ref")
    assert (watched.shown().report, watched.shown().trouble) == (REPORT, "no such ref")


@pytest.mark.parametrize(
    ("after_s", "trouble"),
    [
        pytest.param(180, "", id="three intervals"),
        pytest.param(181, "surveys are late: the newest is of 2026-11-23 22:10 UTC", id="more"),
    ],
)
def test_a_look_older_than_three_intervals_is_trouble(after_s: float, trouble: str) -> None:
    watched = Watched()
    watched.looked()
    watched.clock.wait(after_s)
    assert watched.shown().trouble == trouble


def test_what_is_late_and_failed_says_both() -> None:
    watched = Watched()
    watched.looked(trouble="no such ref")
    watched.clock.wait(181)
    assert watched.shown().trouble.endswith("UTC; no such ref")


def test_a_look_of_another_make_is_no_report() -> None:
    watched = Watched()
    watched.shared.shelf.put(LOOK, "staging", "so", at=NOW)
    assert watched.shown().report is None


def test_a_rollout_is_shown_as_it_advances_and_as_unfinished() -> None:
    watched = Watched()
    start(watched.rollouts.engine, watched.rollouts.order())
    (view,) = watched.shown().rollouts
    assert (view.order.rollout, view.outcome, len(view.entries)) == (ROLLOUT, None, 0)
    assert watched.watcher.unfinished == {"staging": ROLLOUT}
    watched.rollouts.follow()
    (view,) = watched.shown().rollouts
    assert (view.outcome, len(view.entries) > 3) == (Outcome.SUCCEEDED, True)
    assert watched.watcher.unfinished == {}


def test_a_rollout_that_has_ended_is_read_once() -> None:
    watched = Watched()
    watched.rollouts.redeploy()
    watched.shown()
    watched.rollouts.engine._records.clear()
    (view,) = watched.shown().rollouts
    assert view.entries
    assert watched.watcher.ended() == (view,)


def test_a_hold_is_shown() -> None:
    watched = Watched()
    hold = Hold(who="ada", why="demo", at=NOW)
    watched.rollouts.notes.set_hold(hold)
    assert watched.shown().hold == hold


def test_the_history_of_a_week_is_shown() -> None:
    watched = Watched()
    snapshot, gap = snapshot_to_json(snapshot_of(report())), timedelta(hours=2)
    for days in (9, 6, 0):
        at = NOW - timedelta(days=days)
        watched.shared.chronicle.note(SCOPE, at, snapshot, gap=gap)
    watched.looked()
    assert [each.first for each in watched.shown().history] == [NOW - timedelta(days=6), NOW]


def test_what_keeps_the_service_from_its_work_is_noted() -> None:
    watched = Watched()
    watched.hurdles = {"staging": "rollout 7 could not be carried on here"}
    remember_trouble(watched.shared, "staging", "it could not be announced")
    assert watched.shown().notes == (
        "it could not be announced", "rollout 7 could not be carried on here",
    )  # fmt: skip


def test_an_environment_that_is_gone_leaves_the_board() -> None:
    watched = Watched("staging", "production")
    watched.watcher.once()
    watched.names = ("production",)
    watched.watcher.once()
    assert [each.name for each in watched.board.environments()] == ["production"]


def test_what_cannot_be_read_is_shown_as_old_and_keeps_no_other_from_being_shown() -> None:
    watched = Watched("staging", "production")
    start(watched.rollouts.engine, watched.rollouts.order())
    watched.looked()
    watched.watcher.once()
    watched.lost = {"staging"}
    watched.looked("production", report={"new": True})
    with pytest.raises(SkewcheckError, match="the database is gone"):
        watched.watcher.once()
    lost, other = watched.board.environments()[::-1]
    assert (lost.report, lost.trouble) == (
        REPORT, "how it stands cannot be read: the database is gone",
    )  # fmt: skip
    assert (other.report, other.trouble) == ({"new": True}, "")
    assert watched.watcher.unfinished == {"staging": ROLLOUT}


def test_what_never_could_be_read_is_shown_too() -> None:
    watched = Watched()
    watched.lost = {"staging"}
    with pytest.raises(SkewcheckError):
        watched.watcher.once()
    shown = watched.board.environment("staging")
    assert shown is not None
    assert (shown.report, bool(shown.trouble)) == (None, True)


def test_a_history_of_another_make_does_not_hide_what_is_new() -> None:
    """And it is read again, not taken for what was there before."""
    watched = Watched()
    watched.shared.chronicle.note(SCOPE, NOW, {"verdict": 7}, gap=INTERVAL)
    watched.looked()
    for _ in range(2):
        with pytest.raises(ValueError, match="verdict"):
            watched.watcher.once()
