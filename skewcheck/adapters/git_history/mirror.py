"""Keeps one bare, blobless mirror per remote repository in the cache directory.

Rules of this file: whoever clones or fetches holds the mirror's lock; a clone appears under its
name only when it is whole; a mirror that could not be refreshed is used, and says so.
"""

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from git import Git

from skewcheck.adapters.git_history.command import NETWORK_TIMEOUT_S, Answer, ask, failed
from skewcheck.adapters.git_history.locks import locked
from skewcheck.adapters.git_history.places import RemoteUrl
from skewcheck.core.errors import SkewcheckError

# Nothing may go on in the background after a run has ended.
_IN_FRONT = ("-c", "gc.autoDetach=false", "-c", "maintenance.autoDetach=false")
_EVERYTHING = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")


@dataclass(frozen=True, slots=True)
class Mirror:
    """`problem` says why it may be older than the remote; empty when it is fresh."""

    path: Path
    lock: Path
    problem: str = ""


def mirror_path(url: RemoteUrl, cache: Path) -> Path:
    return cache / f"{url.slug}.git"


def fresh_mirror(url: RemoteUrl, cache: Path) -> Mirror:
    """Clones or fetches, once; SkewcheckError where there is neither remote nor mirror."""
    path = mirror_path(url, cache)
    lock = cache / f"{url.slug}.lock"
    with locked(lock):
        _check_owner(cache)
        if not path.exists():
            _clone(url, path)
            return Mirror(path, lock)
        return Mirror(path, lock, _refresh(url, path))


def _check_owner(cache: Path) -> None:
    """A mirror's configuration can run commands, so it must not be somebody else's."""
    if cache.stat().st_uid != os.geteuid():
        raise SkewcheckError(
            f"the cache directory {cache} belongs to another user",
            hint="choose another cache directory",
        )


def _clone(url: RemoteUrl, path: Path) -> None:
    for abandoned in path.parent.glob(f"{path.name}.*"):  # by a run that was killed
        shutil.rmtree(abandoned, ignore_errors=True)
    half = Path(tempfile.mkdtemp(prefix=f"{path.name}.", dir=path.parent))
    try:
        answer = _network(
            half, "clone", "--quiet", "--bare", "--filter=blob:none", "--", url.reveal, "."
        )
        if answer.status != 0:
            raise failed(f"cannot clone {url}", answer, hint=f"git ls-remote {url}")
        half.rename(path)
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _refresh(url: RemoteUrl, path: Path) -> str:
    """Fetches all branches and tags and follows the remote's default branch."""
    ask(Git(path), "--git-dir=.", "config", "remote.origin.url", url.reveal)  # credentials change
    fetched = _network(
        path,
        "--git-dir=.",
        "fetch",
        "--quiet",
        "--prune",
        "--force",
        "--no-write-fetch-head",
        "origin",
        *_EVERYTHING,
    )
    if fetched.status != 0:
        return f"{url} could not be fetched, so its mirror may be old: {fetched.problem}"
    _follow_default_branch(path)
    return ""


def _follow_default_branch(path: Path) -> None:
    said = _network(path, "--git-dir=.", "ls-remote", "--symref", "origin", "HEAD")
    named = re.match(r"ref: (refs/heads/\S+)\tHEAD\n", said.out.decode(errors="replace"))
    if named:
        ask(Git(path), "--git-dir=.", "symbolic-ref", "HEAD", named.group(1))


def _network(directory: Path, *arguments: str) -> Answer:
    return ask(Git(directory), *_IN_FRONT, *arguments, timeout_s=NETWORK_TIMEOUT_S)
