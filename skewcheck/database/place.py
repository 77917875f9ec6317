"""What the two databases have in common, as the tables of a store see it."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from skewcheck.core.errors import SkewcheckError
from skewcheck.database.layout import Change, Layout, Row, Value


class NoTableError(Exception):
    """Nothing was ever written."""


class NoColumnError(Exception):
    """A former version made the table."""


class Place(Protocol):
    """Safe to call from many threads."""

    def rows(self, sql: str, values: Mapping[str, Value]) -> list[Row]:
        """Raises NoTableError and NoColumnError; creates nothing."""
        ...

    def changed(self, changes: Sequence[Change]) -> list[int]:
        """All of them or none, with the number of rows that each touched; raises like `rows`."""
        ...

    def make(self, layout: Layout) -> None:
        """All of it or nothing, whoever else makes it at this moment."""
        ...

    def told(self, layout: Layout) -> AbstractContextManager[None]:
        """Turns what the database or its driver raises into SkewcheckError."""
        ...

    def damage(self, layout: Layout, why: str) -> SkewcheckError:
        """For a row that cannot be read."""
        ...

    def close(self) -> None: ...
