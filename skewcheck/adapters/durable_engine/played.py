"""Plays the body of one run: what it records is a DBOS step, how it ends the run's result."""

import json
from collections.abc import Callable

import psycopg
from dbos import DBOS
from dbos import error as dbos_errors
from sqlalchemy.exc import SQLAlchemyError

from skewcheck.adapters.durable_engine.guard import Guard
from skewcheck.adapters.durable_engine.stage import Call, Left
from skewcheck.adapters.durable_engine.store import Store
from skewcheck.core.errors import SkewcheckError
from skewcheck.core.strict_json import Json
from skewcheck.ports.rollout import Body, Record


class LostError(Exception):
    """Somebody else executes the scope's runs now."""


class _Stopped(BaseException):
    """The engine failed, not the body: nothing about it is recorded, and no body catches it."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


class _ActRaised(BaseException):
    """An act's exception on its way through DBOS, which would record it as the act's result."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


def play(
    call: Call, body: Body, guard: Guard, store: Store, watch: Callable[[tuple[Json, ...]], None]
) -> None:
    """To its end, or to where something interrupts it; then the run stays unfinished."""
    record = _Recorder(guard, store, watch).record
    try:
        ended = call.context.run(_ended, call.order, body, record)
    except _Stopped as stopped:
        call.result.set_exception(Left())
        raise stopped.cause from stopped.__cause__
    except BaseException:
        call.result.set_exception(Left())
        raise
    call.result.set_result(ended)


def _ended(order: Json, body: Body, record: Record) -> Json:
    """DBOS would log a workflow that raises, so that a body broke is a result like any other."""
    try:
        return {"ended": as_json(body(order, record))}
    except SkewcheckError as error:
        return {"broken": str(error), "hint": error.hint}


class _Recorder:
    def __init__(
        self, guard: Guard, store: Store, watch: Callable[[tuple[Json, ...]], None]
    ) -> None:
        self._guard = guard
        self._store = store
        self._watch = watch
        self._seen: list[Json] = []

    def record(self, key: str, act: Callable[[], Json]) -> Json:
        recorded = self._step(key, act)
        self._seen.append(recorded)
        self._watch(tuple(self._seen))
        return recorded

    def _step(self, key: str, act: Callable[[], Json]) -> Json:
        try:
            return DBOS.run_step({"name": key}, self._act, act)
        except _ActRaised as raised:
            raise raised.cause from None
        except dbos_errors.DBOSWorkflowConflictIDError:
            raise _Stopped(LostError()) from None
        except dbos_errors.DBOSUnexpectedStepError as error:
            raise _Stopped(by_another_version(f"the rollout's step {key}")) from error
        except (SQLAlchemyError, dbos_errors.DBOSException) as error:
            raise _Stopped(self._store.failure(error)) from error

    def _act(self, act: Callable[[], Json]) -> Json:
        self._make_sure()
        try:
            return as_json(act())
        except Exception as error:
            raise _ActRaised(error) from error

    def _make_sure(self) -> None:
        """The lock is still ours: what was recorded too late is refused by DBOS, an act is not."""
        try:
            stands = self._guard.stands()
        except (psycopg.Error, OSError) as error:
            raise _Stopped(self._store.failure(error)) from error
        if not stands:
            raise _Stopped(LostError())


def as_json(value: Json) -> Json:
    """As it comes back from the database, so that a resumed body sees what a first one saw."""
    kept: Json = json.loads(json.dumps(value, allow_nan=False))
    return kept


def by_another_version(what: str) -> SkewcheckError:
    return SkewcheckError(
        f"{what} was made by another version of skewcheck, and this one cannot carry it on",
        hint="run the same command with the version that began it, or a newer one",
    )
