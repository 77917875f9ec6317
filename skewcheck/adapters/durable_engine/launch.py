"""Launches DBOS for one scope, quietly, and shuts it down.

DBOS has one instance in a process. While that serves one scope, another scope's runs are not
executed in this process; another process may.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer

from skewcheck.adapters.durable_engine.names import SCHEMA, WORKFLOW, Names
from skewcheck.adapters.durable_engine.stage import Stage
from skewcheck.adapters.durable_engine.store import Store
from skewcheck.core.strict_json import Json

_POLL_S = 0.1
_one_in_a_process = threading.Lock()


@contextmanager
def only_here() -> Iterator[bool]:
    """Whether this process has no other scope to serve at the moment."""
    taken = _one_in_a_process.acquire(blocking=False)
    try:
        yield taken
    finally:
        if taken:
            _one_in_a_process.release()


@contextmanager
def launched(store: Store, names: Names, stage: Stage) -> Iterator[None]:
    """DBOS executes the scope's runs, each of whose bodies waits on `stage`."""
    # What goes wrong is told by us; DBOS prints it besides, with a traceback.
    logging.getLogger("dbos").setLevel(logging.CRITICAL)
    try:
        with store.told():
            DBOS(config=_config(store, names))
            _register(stage)
            DBOS.launch()
        with stage.opened():
            yield
    finally:
        DBOS.destroy(destroy_registry=True)


def migrate(store: Store) -> None:
    DBOS.migrate(store.whole_url, schema=SCHEMA)


def register_queue(client: DBOSClient, names: Names) -> None:
    """Before the launch, because DBOS takes up a new queue only once a second."""
    client.register_queue(names.name, polling_interval_sec=_POLL_S, on_conflict="always_update")


@contextmanager
def client_of(store: Store, names: Names) -> Iterator[DBOSClient]:
    client = DBOSClient(
        system_database_url=store.whole_url,
        dbos_system_schema=SCHEMA,
        serializer=DBOSPortableJSONSerializer(),
        application_name=names.name,
        retry_connection_errors=False,
    )
    try:
        yield client
    finally:
        client.destroy()


def _register(stage: Stage) -> None:
    # A run may be resumed any number of times: DBOS would give up after a hundred.
    @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)
    def rollout(order: Json, at: str) -> Json:
        del at
        return stage.play(str(DBOS.workflow_id), order)


def _config(store: Store, names: Names) -> DBOSConfig:
    """JSON instead of pickle: what stands in the database is data, and never code."""
    return {
        "name": names.name,
        "system_database_url": store.whole_url,
        "dbos_system_schema": SCHEMA,
        "executor_id": names.name,
        "application_version": names.version,
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "CRITICAL",
        "sys_db_pool_size": 5,
        # How long a shutdown on SQLite takes; on PostgreSQL nothing is polled.
        "notification_listener_polling_interval_sec": _POLL_S,
    }
