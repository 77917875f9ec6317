"""The `Engine` port on DBOS: submits, waits, and executes where nobody else does."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import sqlalchemy
from dbos import DBOSClient, WorkflowHandle, WorkflowStatus

from skewcheck.adapters.durable_engine.guard import Guard, guard_of
from skewcheck.adapters.durable_engine.launch import (
    client_of,
    launched,
    migrate,
    only_here,
    register_queue,
)
from skewcheck.adapters.durable_engine.names import SCHEMA, WORKFLOW, Names
from skewcheck.adapters.durable_engine.played import LostError, as_json, by_another_version, play
from skewcheck.adapters.durable_engine.runs import UNFINISHED, read_run, result_of
from skewcheck.adapters.durable_engine.stage import Stage
from skewcheck.adapters.durable_engine.store import Store
from skewcheck.core.errors import SkewcheckError
from skewcheck.core.strict_json import Json
from skewcheck.ports import Clock
from skewcheck.ports.rollout import Body, Run

_POLL_S = 0.2
# DBOS keeps its troubles with the database to itself. A run that it neither hands out nor ends
# for so long has met one.
_SILENCE = timedelta(seconds=20)


class DbosEngine:
    """One scope's. In one process at most one scope is executed at a time (see `launch`).

    A body that raises SkewcheckError ends its run. Whatever else leaves it, an interrupt or a bug,
    leaves the run unfinished, as a kill would: it goes on with the next `drive`.
    """

    def __init__(self, store: Store, names: Names, clock: Clock) -> None:
        self._store = store
        self._names = names
        self._clock = clock
        self._is_migrated = False

    def submit(self, rollout: str, order: Json) -> str:
        with self._store.told(), self._client() as client:
            register_queue(client, self._names)
            if self._row(client, rollout) is not None:
                return rollout
            return self._names.rollout(self._enqueued(client, rollout, as_json(order)))

    def drive(self, rollout: str, body: Body, *, watch: Callable[[tuple[Json, ...]], None]) -> Json:
        more = _More(watch)
        with self._client() as client, guard_of(self._store, self._names) as guard:
            while True:
                row = self._driven(client, rollout, more)
                if row.status not in UNFINISHED:
                    return result_of(row)
                if not self._executed(client, guard, body, more):
                    self._clock.wait(_POLL_S)

    def runs(self) -> tuple[Run, ...]:
        with self._store.told():
            if not self._stands():
                return ()
            with self._client() as client:
                rows = client.list_workflows(workflow_id_prefix=self._names.workflow(""))
                runs = [read_run(row, self._names) for row in rows]
                return tuple(sorted(runs, key=lambda run: run.at, reverse=True))

    def recorded(self, rollout: str) -> tuple[Json, ...]:
        with self._store.told():
            if not self._stands():
                return ()
            with self._client() as client:
                return self._steps(client, rollout)

    def _driven(self, client: DBOSClient, rollout: str, watch: "_More") -> WorkflowStatus:
        with self._store.told():
            row = self._row(client, rollout)
            steps = self._steps(client, rollout)
        if row is None:
            raise SkewcheckError(
                f"there is no rollout {rollout} in {self._store.shown}",
                hint="see which there are: skewcheck rollouts",
            )
        watch(steps)
        return row

    def _executed(self, client: DBOSClient, guard: Guard, body: Body, watch: "_More") -> bool:
        """Whether we were the executor; False where another one is, or has become it."""
        with only_here() as here:
            with self._store.told():
                if not (here and guard.take()):
                    return False
            try:
                self._execute(client, guard, body, watch)
            except LostError:
                return False
            finally:
                guard.let_go()
        return True

    def _execute(self, client: DBOSClient, guard: Guard, body: Body, watch: "_More") -> None:
        stage = Stage()
        self._refuse_foreign(client)
        with launched(self._store, self._names, stage):
            heard = self._clock.now()
            while self._unfinished(client):
                call = stage.next(within_s=_POLL_S)
                if call is not None:
                    play(call, body, guard, self._store, watch)
                    heard = self._clock.now()
                elif self._clock.now() - heard > _SILENCE:
                    raise self._store.failure(OSError("DBOS hands out no run and ends none"))

    def _refuse_foreign(self, client: DBOSClient) -> None:
        """DBOS hands out runs of its own version only, and says nothing about the others."""
        for row in self._unfinished(client):
            if row.app_version != self._names.version:
                raise by_another_version(f"rollout {self._names.rollout(row.workflow_id)}")

    def _unfinished(self, client: DBOSClient) -> list[WorkflowStatus]:
        with self._store.told():
            return client.list_workflows(
                workflow_id_prefix=self._names.workflow(""),
                status=UNFINISHED,
                load_input=False,
                load_output=False,
            )

    def _enqueued(self, client: DBOSClient, rollout: str, order: Json) -> str:
        """The workflow that goes on: with one deduplication id for all, there is at most one."""
        handle: WorkflowHandle[Json] = client.enqueue(
            {
                "workflow_name": WORKFLOW,
                "queue_name": self._names.name,
                "workflow_id": self._names.workflow(rollout),
                "deduplication_id": self._names.name,
                "duplication_policy": "return-existing",
                "app_version": self._names.version,
                "application_name": self._names.name,
            },
            order,
            self._clock.now().isoformat(),
        )
        return handle.get_workflow_id()

    def _row(self, client: DBOSClient, rollout: str) -> WorkflowStatus | None:
        rows = client.list_workflows(workflow_ids=[self._names.workflow(rollout)])
        return rows[0] if rows else None

    def _steps(self, client: DBOSClient, rollout: str) -> tuple[Json, ...]:
        steps = client.list_workflow_steps(self._names.workflow(rollout))
        return tuple(step["output"] for step in sorted(steps, key=lambda each: each["function_id"]))

    @contextmanager
    def _client(self) -> Iterator[DBOSClient]:
        with self._store.told(), ExitStack() as opened:
            self._store.create()
            self._migrate()
            client = opened.enter_context(client_of(self._store, self._names))
            kept = opened.pop_all()
        with kept:
            yield client

    def _migrate(self) -> None:
        """Once for each process, so that a newer DBOS finds its tables as it wants them."""
        if not self._is_migrated:
            migrate(self._store)
            self._is_migrated = True

    def _stands(self) -> bool:
        """Whether anything was ever written; asking writes nothing."""
        file = self._store.file
        if file is not None and not file.exists():
            return False
        engine = sqlalchemy.create_engine(self._store.url)
        try:
            schema = None if file is not None else SCHEMA
            return sqlalchemy.inspect(engine).has_table("workflow_status", schema=schema)
        finally:
            engine.dispose()


class _More:
    """Tells of what was recorded only when there is more than before."""

    def __init__(self, watch: Callable[[tuple[Json, ...]], None]) -> None:
        self._watch = watch
        self._told = 0

    def __call__(self, recorded: tuple[Json, ...]) -> None:
        if len(recorded) > self._told:
            self._told = len(recorded)
            self._watch(recorded)
