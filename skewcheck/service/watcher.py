"""Puts on the board what stands in the database: the newest look of each environment, its
rollouts as they advance, its history, and what is in trouble.

Every replica shows the same, whoever surveyed and whoever carries out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from skewcheck.core.chronicle.as_json import stretch_from
from skewcheck.core.chronicle.snapshot import Stretch
from skewcheck.core.rollout.view import RolloutView
from skewcheck.core.strict_json import Json
from skewcheck.flows.mend_memory import read_memory
from skewcheck.flows.redeploy import view_of
from skewcheck.flows.watch import LOOK
from skewcheck.ports.rollout import Engine, Notes, Run
from skewcheck.ports.service import Kept, Shared
from skewcheck.render.page.view import EnvironmentView
from skewcheck.service.board import Board
from skewcheck.service.loop import told

# The engine and the notes of an environment by name, opened once.
Records: TypeAlias = Callable[[str], tuple[Engine, Notes]]

_TICK_S = 1.0
_LATE = 3
_MOST_ROLLOUTS = 20
_HISTORY = timedelta(days=7)
_UNFINISHED = {"waiting", "running"}


@dataclass(slots=True)
class _Seen:
    """What need not be read again as long as the look is the same."""

    revision: int = -1
    report: dict[str, Json] | None = None
    trouble: str = ""
    history: tuple[Stretch, ...] = ()
    ended: dict[str, RolloutView] = field(default_factory=dict)


class Watcher:
    """`names` are the environments as they are known now; `hurdles` says what keeps this replica
    from carrying a rollout out, by environment."""

    def __init__(
        self,
        shared: Shared,
        board: Board,
        records: Records,
        *,
        names: Callable[[], tuple[str, ...]],
        hurdles: Callable[[], Mapping[str, str]],
        interval: timedelta,
    ) -> None:
        self._shared, self._board, self._records = shared, board, records
        self._names, self._hurdles = names, hurdles
        self._late = interval * _LATE
        self._began = shared.clock.now()
        self._seen: dict[str, _Seen] = {}
        self.unfinished: Mapping[str, str] = {}

    def once(self) -> float:
        """What fails in one environment is shown there, and keeps no other from being shown."""
        names, failed = self._names(), list[Exception]()
        unfinished = dict[str, str]()
        for name in names:
            try:
                self._put(name, unfinished)
            except Exception as error:
                failed.append(error)
                self._mark(name, unfinished, told(error))
        for gone in self._seen.keys() - set(names):
            del self._seen[gone]
            self._board.remove(gone)
        self.unfinished = unfinished
        if failed:
            raise failed[0]
        return _TICK_S

    def ended(self) -> tuple[RolloutView, ...]:
        """The rollouts that are shown and over."""
        return tuple(view for seen in [*self._seen.values()] for view in [*seen.ended.values()])

    def _put(self, name: str, unfinished: dict[str, str]) -> None:
        engine, notes = self._records(name)
        seen = self._seen.setdefault(name, _Seen())
        kept = self._shared.shelf.read(LOOK, name)
        if kept is not None and kept.revision != seen.revision:
            self._read(seen, kept)
        runs = engine.runs()
        going_on = next((run.rollout for run in runs if run.status in _UNFINISHED), None)
        if going_on is not None:
            unfinished[name] = going_on
        self._board.put(
            EnvironmentView(
                name=name,
                report=seen.report,
                trouble=self._trouble(kept, seen),
                rollouts=tuple(_view(engine, run, seen.ended) for run in runs[:_MOST_ROLLOUTS]),
                history=seen.history,
                hold=notes.hold(),
                notes=tuple(self._notes(name)),
            )
        )

    def _mark(self, name: str, unfinished: dict[str, str], why: str) -> None:
        """What was shown last is old now, and what went on may go on still."""
        shown = self._board.environment(name) or EnvironmentView(name=name, report=None)
        self._board.put(replace(shown, trouble=f"how it stands cannot be read: {why}"))
        if name in self.unfinished:
            unfinished[name] = self.unfinished[name]

    def _read(self, seen: _Seen, kept: Kept) -> None:
        value = kept.value if isinstance(kept.value, dict) else {}
        report = value.get("report")
        seen.report = report if isinstance(report, dict) else None
        seen.trouble = str(value.get("trouble", ""))
        scope, since = str(value.get("scope", "")), kept.at - _HISTORY
        stretches = self._shared.chronicle.stretches(scope, since=since)
        seen.history = tuple(stretch_from(*each) for each in stretches)
        seen.revision = kept.revision

    def _trouble(self, kept: Kept | None, seen: _Seen) -> str:
        since = self._began if kept is None else kept.at
        if self._shared.clock.now() - since <= self._late:
            return seen.trouble
        late = "no survey has come to an end yet" if kept is None else _late(kept.at)
        return f"{late}; {seen.trouble}" if seen.trouble else late

    def _notes(self, name: str) -> list[str]:
        said = (read_memory(self._shared, name).trouble, self._hurdles().get(name, ""))
        return [each for each in said if each]


def _late(at: datetime) -> str:
    return f"surveys are late: the newest is of {at:%Y-%m-%d %H:%M} UTC"


def _view(engine: Engine, run: Run, ended: dict[str, RolloutView]) -> RolloutView:
    """What has ended never changes, and is read once."""
    if run.rollout not in ended:
        view = view_of(engine, run)
        if run.status in _UNFINISHED:
            return view
        ended[run.rollout] = view
    return ended[run.rollout]
