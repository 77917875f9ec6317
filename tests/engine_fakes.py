"""A durable engine and notes in memory, held to the same contracts as the adapters, with deaths at
a chosen moment: before an act, or after it and before it is remembered.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from skewcheck.core.errors import SkewcheckError
from skewcheck.core.rollout.consent import Approval, Hold
from skewcheck.core.strict_json import Json
from skewcheck.ports.rollout import Body, Run
from tests.builders import NOW


class PowerCut(BaseException):
    """The process dies here. No `except Exception` sees it, as none sees a kill."""


@dataclass
class FakeEngine:
    """Acts are counted from 1, over all runs and deaths; a set death comes once."""

    at: datetime = NOW
    acts: int = 0
    dies_before: int | None = None
    dies_after: int | None = None
    _runs: dict[str, Run] = field(default_factory=dict)
    _records: dict[str, dict[str, Json]] = field(default_factory=dict)
    _hints: dict[str, str] = field(default_factory=dict)

    def submit(self, rollout: str, order: Json) -> str:
        if rollout in self._runs:
            return rollout
        going_on = self._unfinished()
        if going_on:
            return going_on[0].rollout
        self._runs[rollout] = Run(
            rollout=rollout, status="waiting", order=_kept(order), result=None, at=self.at
        )
        self._records[rollout] = {}
        return rollout

    def drive(self, rollout: str, body: Body, *, watch: Callable[[tuple[Json, ...]], None]) -> Json:
        self._found(rollout)
        for run in self._unfinished():
            self._carry_on(run, body, watch)
        ended = self._found(rollout)
        if ended.status == "broken":
            raise SkewcheckError(str(ended.result), hint=self._hints[rollout])
        return ended.result

    def runs(self) -> tuple[Run, ...]:
        return tuple(reversed(self._runs.values()))

    def recorded(self, rollout: str) -> tuple[Json, ...]:
        return tuple(self._records.get(rollout, {}).values())

    def _carry_on(self, run: Run, body: Body, watch: Callable[[tuple[Json, ...]], None]) -> None:
        def record(key: str, act: Callable[[], Json]) -> Json:
            records = self._records[run.rollout]
            if key not in records:
                records[key] = self._act(act)
                watch(tuple(records.values()))
            return records[key]

        if self._records[run.rollout]:
            watch(self.recorded(run.rollout))
        self._runs[run.rollout] = replace(run, status="running")
        try:
            result = _kept(body(run.order, record))
        except SkewcheckError as error:
            self._hints[run.rollout] = error.hint
            self._runs[run.rollout] = replace(run, status="broken", result=str(error))
        else:
            self._runs[run.rollout] = replace(run, status="ended", result=result)

    def _act(self, act: Callable[[], Json]) -> Json:
        self.acts += 1
        if self.acts == self.dies_before:
            raise PowerCut
        value = _kept(act())
        if self.acts == self.dies_after:
            raise PowerCut
        return value

    def _unfinished(self) -> list[Run]:
        return [run for run in self._runs.values() if run.status in {"waiting", "running"}]

    def _found(self, rollout: str) -> Run:
        if rollout not in self._runs:
            raise SkewcheckError(f"there is no rollout {rollout}")
        return self._runs[rollout]


@dataclass
class FakeNotes:
    """One environment's notes."""

    _hold: Hold | None = None
    _approvals: list[Approval] = field(default_factory=list)
    _cancels: dict[str, str] = field(default_factory=dict)

    def hold(self) -> Hold | None:
        return self._hold

    def set_hold(self, hold: Hold | None) -> None:
        self._hold = hold

    def approve(self, approval: Approval) -> None:
        same = (approval.digest, approval.who)
        others = [each for each in self._approvals if (each.digest, each.who) != same]
        self._approvals = [*others, approval]

    def approvals(self, digest: str) -> tuple[Approval, ...]:
        return tuple(each for each in self._approvals if each.digest == digest)

    def cancel(self, rollout: str, who: str, at: datetime) -> None:
        del at
        self._cancels.setdefault(rollout, who)

    def cancelled(self, rollout: str) -> str | None:
        return self._cancels.get(rollout)


def _kept(value: Json) -> Json:
    """As it comes back from a disk."""
    kept: Json = json.loads(json.dumps(value))
    return kept
