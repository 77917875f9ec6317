"""Writes that wait for each other are committed together: what costs is the commit, which waits for
the disk.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from skewcheck.database.layout import Change


@dataclass(eq=False)  # no slots: each stands for itself in the queue
class _Wish:
    """One writer's changes, all of which come about or none; `error` is why none did."""

    changes: Sequence[Change]
    counts: list[int] = field(default_factory=list)
    error: Exception | None = None
    is_over: bool = False


class Together:
    """`opened` gives a connection that is closed in the end."""

    def __init__(self, opened: Callable[[], AbstractContextManager[sqlite3.Connection]]) -> None:
        self._opened = opened
        self._writing = threading.Lock()
        self._waiting: list[_Wish] = []

    def write(self, changes: Sequence[Change]) -> list[int]:
        """How many rows each change touched. Whoever gets the lock writes for all who wait."""
        wish = _Wish(changes)
        self._waiting.append(wish)
        with self._writing:
            if not wish.is_over:
                self._write_all()
        if wish.error is not None:
            raise wish.error
        return wish.counts

    def _write_all(self) -> None:
        wishes = [self._waiting.pop(0) for _ in range(len(self._waiting))]
        trouble: Exception | None = sqlite3.OperationalError("interrupted")
        try:
            with self._opened() as db:
                db.execute("BEGIN IMMEDIATE")
                _make_true(db, wishes)
                db.execute("COMMIT")
            trouble = None
        except Exception as error:
            trouble = error
            raise
        finally:
            # Where nothing was committed, that is the answer to all of them.
            for wish in wishes:
                wish.error, wish.is_over = wish.error or trouble, True


def _make_true(db: sqlite3.Connection, wishes: Iterable[_Wish]) -> None:
    """One that fails takes back its own changes only."""
    for wish in wishes:
        db.execute("SAVEPOINT wish")
        try:
            wish.counts = [db.execute(sql, dict(values)).rowcount for sql, values in wish.changes]
        except (sqlite3.Error, UnicodeError, OverflowError) as error:
            if not db.in_transaction:  # SQLite has taken back everything: the disk is full
                raise
            db.execute("ROLLBACK TO wish")
            wish.error = error
        db.execute("RELEASE wish")
