"""Opens the databases in which stores keep what they know: each once in a process, so that all
threads and rooms share its few connections.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skewcheck.database import Database
    from skewcheck.settings import Settings


def database_of(settings: Settings, file: str) -> Database:
    """`file` is its name in the state folder, where there is no other database."""
    return _opened(settings.state_url or settings.state.absolute() / file)


@lru_cache(maxsize=16)
def _opened(place: str | Path) -> Database:
    from skewcheck.database import open_database

    if isinstance(place, str):
        return open_database(place, Path())
    return open_database(None, place)
