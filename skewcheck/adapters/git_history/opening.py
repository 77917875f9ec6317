"""Opens a history at a place: a checkout as it is, a remote repository through its mirror."""

import hashlib
from pathlib import Path

from skewcheck.adapters.git_history.completeness import Completeness
from skewcheck.adapters.git_history.history import GitHistory
from skewcheck.adapters.git_history.mirror import fresh_mirror
from skewcheck.adapters.git_history.places import RemoteUrl, read_place
from skewcheck.adapters.git_history.repository import open_repository


def open_place(place: str, *, base: Path, cache: Path, deepen: bool) -> GitHistory:
    where = read_place(place, base)
    if isinstance(where, RemoteUrl):
        return _open_mirror(where, cache)
    name = place if place != "." else str(base.resolve())
    return _open_checkout(where, name=name, cache=cache, deepen=deepen)


def _open_mirror(url: RemoteUrl, cache: Path) -> GitHistory:
    mirror = fresh_mirror(url, cache)
    repository = open_repository(mirror.path, name=str(url), ours=True)
    completeness = Completeness(repository, lock=mirror.lock, may_fetch=True, fresh=True)
    return GitHistory(repository, completeness, freshness_problem=mirror.problem)


def _open_checkout(path: Path, *, name: str, cache: Path, deepen: bool) -> GitHistory:
    repository = open_repository(path, name=name, ours=False)
    digest = hashlib.sha256(str(repository.common_dir.resolve()).encode()).hexdigest()[:12]
    lock = cache / f"checkout-{digest}.lock"
    completeness = Completeness(repository, lock=lock, may_fetch=deepen, fresh=False)
    return GitHistory(repository, completeness)
