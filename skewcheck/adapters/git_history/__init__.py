"""Answers questions about git history: from a checkout, or from a mirror of a remote repository.

GitPython refuses to be imported where there is no git binary, so nothing here imports it before
a history is opened.
"""

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self

from skewcheck.core.errors import SkewcheckError

if TYPE_CHECKING:
    from skewcheck.adapters.git_history.history import GitHistory


def open_history(place: str, *, base: Path, cache: Path, deepen: bool = True) -> "GitHistory":
    """`place` is a path, relative to `base`, or a git URL, which is mirrored into `cache`.

    `deepen=False` leaves a local clone exactly as it is: nothing is ever fetched into it.
    Close what comes back.
    """
    try:
        from skewcheck.adapters.git_history import opening
    except ImportError as error:
        if "git executable" not in str(error):
            raise
        raise SkewcheckError(
            "the git command was not found", hint="install git, e.g. apt-get install git"
        ) from error
    return opening.open_place(place, base=base, cache=cache, deepen=deepen)


def mirror_of(place: str, cache: Path) -> Path | None:
    """Where the mirror of a git URL lies, fetched just now; None where it is a path. UsageError
    for what git could take for an option or a command."""
    from skewcheck.adapters.git_history.places import RemoteUrl, read_place

    where = read_place(place, Path())
    if not isinstance(where, RemoteUrl):
        return None
    with open_history(place, base=Path(), cache=cache):
        from skewcheck.adapters.git_history.mirror import mirror_path

        return mirror_path(where, cache)


class GitHistories:
    """The `Histories` port: opens each place once, and closes all of them in the end.

    `here` is a git URL that the manifest's own repository, `.`, is fetched anew from; `base` is
    its mirror then.
    """

    def __init__(self, *, base: Path, cache: Path, deepen: bool = True, here: str = "") -> None:
        self._here = here
        self._base = base
        self._cache = cache
        self._deepen = deepen
        self._lock = threading.Lock()
        self._opened: dict[str, GitHistory] = {}

    def open(self, place: str) -> "GitHistory":
        with self._lock:
            if place not in self._opened:
                where = self._here if self._here and place == "." else place
                self._opened[place] = open_history(
                    where, base=self._base, cache=self._cache, deepen=self._deepen
                )
            return self._opened[place]

    def close(self) -> None:
        with self._lock:
            for history in self._opened.values():
                history.close()
            self._opened.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
