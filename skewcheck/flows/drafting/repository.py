"""What the repository says: the branch, the contracts, and which commits serve."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from skewcheck.core.build import BuildName, BuildSha, OpaqueId
from skewcheck.core.documents import DocumentError, parse_contract
from skewcheck.core.drafting.facts import ContractFile, LiveBuild, ServiceFacts
from skewcheck.core.drafting.fits import is_repository_path
from skewcheck.core.errors import UsageError
from skewcheck.core.history import NotInHistory
from skewcheck.core.live import serving
from skewcheck.flows.drafting.doors import DraftDoors
from skewcheck.ports import History

_FOLDER = "contracts"
_USUAL = ("main", "master")
_MOST_FOLDERS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """The branch that is deployed from, as far as that can be told; `name` is empty where none
    can. `tips` are the newest commits of its folders."""

    name: str
    why: str
    tip: BuildSha | None
    tips: Mapping[str, BuildSha]


def read_branch(doors: DraftDoors) -> Branch:
    """The remote's default branch, else the first of the usual ones that is there."""
    named = doors.history.default_branch()
    if named is not None:
        name = named.removeprefix("origin/")
        return _branch(doors, name, "the remote's default branch")
    for name in _USUAL:
        try:
            doors.history.resolve(name)
        except UsageError:
            continue
        return _branch(doors, name, "a branch of that name is here")
    return Branch(name="", why="", tip=None, tips={})


def read_contracts(doors: DraftDoors, only: str) -> tuple[ContractFile, ...]:
    """Those at HEAD as they are there, and those that are not committed yet; `only` is one file,
    which must be there."""
    only = only.removeprefix("./")
    folder = only.rpartition("/")[0] if only else _FOLDER
    committed = _at_head(doors.history, folder)
    files = {**doors.work_tree.files(folder), **committed}
    chosen = {path: text for path, text in files.items() if path == only or not only}
    if only and not chosen:
        raise UsageError(f"--contract {only}: no such file", hint=f"ls {folder or '.'}")
    return tuple(
        _contract(path, content, committed=path in committed)
        for path, content in sorted(chosen.items())
        if path.endswith((".yaml", ".yml")) and is_repository_path(path)
    )


def with_builds(
    service: ServiceFacts, history: History, branch: Branch, contracts: Sequence[ContractFile]
) -> ServiceFacts:
    """Each revision with traffic, and what the repository knows of its build."""
    paths = [each.path for each in contracts if each.committed]
    live = [_known(history, branch, paths, name, each) for each, name in _live(service)]
    return replace(service, live=tuple(dict.fromkeys(live)))


def _live(service: ServiceFacts) -> Iterable[tuple[LiveBuild, BuildName | None]]:
    for plane in service.readable:
        for target, revision in serving(plane):
            name = revision.build if revision else None
            yield (
                LiveBuild(
                    revision=target.revision,
                    percent=target.percent,
                    build=str(name.build) if name else "",
                    named_by=revision.named_by if revision else "",
                ),
                name,
            )


def _known(
    history: History,
    branch: Branch,
    contracts: Sequence[str],
    name: BuildName | None,
    live: LiveBuild,
) -> LiveBuild:
    if name is None:
        return live
    if isinstance(name.build, OpaqueId):
        return replace(live, stranger=f"{name.build} is no commit")
    found = history.expand(name.build.value)
    if isinstance(found, NotInHistory):
        return replace(live, stranger=found.why)
    return replace(
        live,
        build=found.value,
        is_tip=found == branch.tip,
        folders=tuple(folder for folder, tip in branch.tips.items() if tip == found),
        without=frozenset(path for path in contracts if history.file_at(found, path) is None),
    )


def _branch(doors: DraftDoors, name: str, why: str) -> Branch:
    tips: dict[str, BuildSha] = {}
    for folder in doors.work_tree.folders()[:_MOST_FOLDERS]:
        touch = _last_touch(doors.history, name, folder)
        if touch is not None:
            tips[folder] = touch
    return Branch(name=name, why=why, tip=doors.history.resolve(name), tips=tips)


def _last_touch(history: History, ref: str, folder: str) -> BuildSha | None:
    """None for folders with a name that no glob of a manifest can have."""
    try:
        found = history.last_touch(ref, [f"{folder}/**"])
    except UsageError:
        return None
    return None if isinstance(found, NotInHistory) else found.sha


def _at_head(history: History, folder: str) -> dict[str, bytes]:
    head = history.resolve("HEAD")
    inside = f"{folder}/" if folder else ""
    paths = [f"{inside}{name}" for name in history.files_in(head, folder)]
    read = ((path, history.file_at(head, path)) for path in paths)
    return {path: content for path, content in read if isinstance(content, bytes)}


def _contract(path: str, content: bytes, *, committed: bool) -> ContractFile:
    try:
        contract = parse_contract(content, file=path)
    except DocumentError as error:
        problem = str(error.problems[0])
        return ContractFile(path=path, contract=None, problem=problem, committed=committed)
    return ContractFile(path=path, contract=contract, committed=committed)
