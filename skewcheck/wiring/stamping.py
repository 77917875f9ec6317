"""Opens what a stamp needs: the folder, and the checkout that holds it, else the one that we stand
in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from skewcheck.adapters.dist_folder import FolderOnDisk
from skewcheck.core.errors import SkewcheckError, UsageError
from skewcheck.flows.stamp_origin import Bench, Dist, Module
from skewcheck.ports.stamping import Checkout


@contextmanager
def opened_to_stamp(
    dist: Path | None, module: Path | None, repo: Path | None, *, commit_given: bool
) -> Iterator[tuple[Bench, Path]]:
    """The bench, and the folder from whose top contracts are named."""
    for place in (repo, dist):
        if place is not None and not place.is_dir():
            raise UsageError(f"{place} is no folder", hint="name the folder that was built")
    with ExitStack() as stack:
        top = _top(repo, dist, commit_given=commit_given)
        if dist is not None:
            _require_apart(dist, top)
        checkout = _checkout(top, stack)
        files = top or (repo or Path()).resolve()
        bench = Bench(
            checkout=checkout,
            files=FolderOnDisk(files),
            dist=_dist(dist, top),
            module=_module(module, top),
        )
        yield bench, files


def named_contract(written: Path, top: Path) -> str:
    """From the top: a path as the shell sees it, else one that is meant from there."""
    here = written.resolve()
    inside = _within(here if here.exists() else (top / written).resolve(), top)
    if not inside:
        raise UsageError(
            f"--contract {written} is not below {top}", hint="name a contract of this repository"
        )
    return inside


def _top(repo: Path | None, dist: Path | None, *, commit_given: bool) -> Path | None:
    """Without the git command only --commit helps, and then nothing is held against git."""
    try:
        from skewcheck.adapters.git_history.status import top_of
    except ImportError as error:
        if "git executable" not in str(error):
            raise
        if commit_given:
            return None
        raise SkewcheckError(
            "the git command was not found",
            hint="install git, or say which commit it is: skewcheck stamp … --commit SHA",
        ) from error
    if repo is not None:
        return top_of(repo)
    return (dist and top_of(dist)) or top_of(Path())


def _checkout(top: Path | None, stack: ExitStack) -> Checkout | None:
    if top is None:
        return None
    from skewcheck.adapters.git_history.status import WorkingTree

    tree = WorkingTree(top)
    stack.callback(tree.close)
    return tree


def _require_apart(dist: Path, top: Path | None) -> None:
    whole = dist.resolve()
    if top is not None and (whole == top or whole in top.parents):
        raise UsageError(
            f"{dist} is the repository itself, not a folder that was built",
            hint="name the folder that is deployed, such as dist",
        )


def _dist(dist: Path | None, top: Path | None) -> Dist | None:
    if dist is None:
        return None
    return Dist(folder=FolderOnDisk(dist), shown=str(dist), within=_within(dist.resolve(), top))


def _module(module: Path | None, top: Path | None) -> Module | None:
    if module is None:
        return None
    if not module.parent.is_dir():
        raise UsageError(f"{module.parent} is no folder", hint=f"mkdir -p {module.parent}")
    return Module(
        folder=FolderOnDisk(module.parent),
        name=module.name,
        within=_within(module.resolve(), top),
    )


def _within(place: Path, top: Path | None) -> str:
    if top is None or not place.is_relative_to(top):
        return ""
    return place.relative_to(top).as_posix()
