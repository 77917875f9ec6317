"""The database layer, on which all stores stand: SQLite in a file of the state folder, or
PostgreSQL at SKEWCHECK_STATE_URL.

Rules of this layer: reading creates nothing, a store's tables are made with its first write, every
write is one transaction, and what fails is told without secrets. Neither driver is loaded for the
other's sake.
"""

from pathlib import Path

from skewcheck.core.errors import SkewcheckError
from skewcheck.database.layout import Change, Layout, Row, Value
from skewcheck.database.place import NoColumnError, NoTableError, Place

__all__ = ["Database", "Tables", "open_database"]


class Tables:
    """Those of one store, made when something is first written to them."""

    def __init__(self, place: Place, layout: Layout) -> None:
        self._place = place
        self._layout = layout

    def read(self, sql: str, **values: Value) -> list[Row]:
        """Nothing where nothing was ever written."""
        with self._place.told(self._layout):
            try:
                return self._place.rows(sql, values)
            except NoTableError:
                return []
            except NoColumnError:
                self._place.make(self._layout)
                return self._place.rows(sql, values)

    def write(self, *changes: Change) -> list[int]:
        """In one transaction; how many rows each of them touched."""
        if not changes:
            return []
        with self._place.told(self._layout):
            try:
                return self._place.changed(changes)
            except (NoTableError, NoColumnError):
                self._place.make(self._layout)
                return self._place.changed(changes)

    def damage(self, error: Exception) -> SkewcheckError:
        """For a row that `error` says cannot be read."""
        return self._place.damage(self._layout, str(error))


class Database:
    """Safe to share between threads. It may be used again after `close`."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def tables(self, layout: Layout) -> Tables:
        return Tables(self._place, layout)

    def close(self) -> None:
        """Ends all connections that are not in use."""
        self._place.close()


def open_database(url: str | None, file: Path) -> Database:
    """At `url`, or without one in `file`. Nothing is connected to yet. UsageError where the URL is
    none."""
    if url is None:
        from skewcheck.database.sqlite import SqliteFile

        return Database(SqliteFile(file))
    from skewcheck.database.postgres import PostgresServer

    return Database(PostgresServer(url))
