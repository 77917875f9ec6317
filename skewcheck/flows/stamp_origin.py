"""What a build was made from: its commit, whether that is the whole truth, and its contracts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from skewcheck.core.build import BuildSha
from skewcheck.core.contract import Contract
from skewcheck.core.documents import parse_contract
from skewcheck.core.errors import UsageError
from skewcheck.core.stamping.choosing import Found, choose_contracts, require_one_each
from skewcheck.core.stamping.documents import CONTRACTS_FILE, VERSION_FILE
from skewcheck.core.stamping.stamp import Role
from skewcheck.ports.stamping import Checkout, Folder

CONTRACTS = "contracts/"
_MOST_TOLD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the build shall say. Without `contracts`, all of the repository's; without a `role`,
    a client's where there is HTML, else a server's."""

    commit: BuildSha | None = None
    contracts: tuple[str, ...] = ()
    role: Role | None = None
    allow_dirty: bool = False
    version: str = ""
    environment: str = ""
    source: str = ""
    build: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dist:
    """`within` is its path from the top of the checkout, empty where it lies elsewhere; `shown`
    is how its owner calls it."""

    folder: Folder
    shown: str
    within: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """The file `name` in that folder; `within` as for Dist."""

    folder: Folder
    name: str
    within: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """`files` holds the contracts where there is no checkout."""

    checkout: Checkout | None
    files: Folder
    dist: Dist | None = None
    module: Module | None = None


def commit_of(checkout: Checkout | None, given: BuildSha | None) -> BuildSha:
    """UsageError where nobody says, or where two say different things."""
    if checkout is None:
        if given is None:
            raise UsageError(
                "no git repository is here that could name the commit",
                hint="skewcheck stamp … --commit SHA, or --repo DIR with the checkout",
            )
        return given
    head = checkout.head()
    if given is not None and given != head:
        raise UsageError(
            f"--commit {given.short} is not what is checked out here, {head.short}",
            hint=f"git checkout {given} and build anew, or leave --commit out",
        )
    return head


def dirty_files(bench: Bench, role: Role) -> tuple[str, ...]:
    """What was built is no change of what it was built from. A server's folder may hold its very
    sources: of a folder that git tracks only our own files are left out."""
    if bench.checkout is None:
        return ()
    besides = [bench.module.within] if bench.module and bench.module.within else []
    if bench.dist and bench.dist.within:
        within = bench.dist.within
        holds_sources = role == "server" and bench.checkout.tracks(within)
        ours = [f"{within}/{VERSION_FILE}", f"{within}/{CONTRACTS_FILE}"]
        besides += ours if holds_sources else [within]
    return bench.checkout.changes(besides)


def refuse(commit: BuildSha, dirty: Sequence[str]) -> UsageError:
    return UsageError(
        f"this is not commit {commit.short} alone: changed or unknown to git: {_few(dirty)}",
        hint="git stash -u, or commit it (what a build writes belongs into .gitignore), then build"
        " anew; --allow-dirty stamps it as dirty",
    )


def contracts_of(
    bench: Bench, wanted: Wanted, commit: BuildSha, dirty: Sequence[str]
) -> tuple[tuple[Contract, ...], tuple[str, ...]]:
    """As the commit has them, because it is there that everybody else looks; and notes."""
    named = wanted.contracts
    files = named or tuple(CONTRACTS + name for name in _names(bench) if name.endswith(".yaml"))
    _require_committed(files if named else (*files, CONTRACTS), commit, dirty)
    found = [Found(file, _read(bench, commit, file)) for file in files]
    chosen = require_one_each(found) if named else choose_contracts(found)
    return tuple(each.contract for each in chosen), tuple(_notes(bench, found, chosen))


def _names(bench: Bench) -> Iterable[str]:
    folder = CONTRACTS.rstrip("/")
    if bench.checkout is not None:
        return bench.checkout.files_in(folder)
    names = (file.removeprefix(CONTRACTS) for file in bench.files.files(folder))
    return (name for name in names if "/" not in name)


def _require_committed(files: Iterable[str], commit: BuildSha, dirty: Sequence[str]) -> None:
    """A dirty build may be stamped, a contract that nobody else can read may not."""
    wanted = tuple(files)
    wrong = [
        file
        for file in dirty
        if file in wanted or (CONTRACTS in wanted and file.startswith(CONTRACTS))
    ]
    if wrong:
        raise UsageError(
            f"{_few(wrong)}: not as commit {commit.short} has it, where the gate will read it",
            hint=f"git add {wrong[0]} && git commit, then build anew",
        )


def _read(bench: Bench, commit: BuildSha, file: str) -> Contract:
    if bench.checkout is None:
        content, where = bench.files.read(file), "here"
    else:
        content, where = bench.checkout.committed(file), f"in commit {commit.short}"
    if content is None:
        raise UsageError(f"{file}: no such file {where}", hint=f"git add {file} && git commit")
    return parse_contract(content, file=file)


def _notes(bench: Bench, found: Sequence[Found], chosen: Sequence[Found]) -> Iterable[str]:
    if bench.checkout is None:
        yield "not held against git: there is no checkout, so the commit is believed"
    if not found:
        yield f"there is no contract in {CONTRACTS}, so nothing is said of protocols"
    for each in found:
        if each not in chosen:
            name = each.contract.protocol
            yield f"{each.file} is left out: {CONTRACTS}{name}.yaml is the contract of {name}"


def _few(files: Sequence[str]) -> str:
    more = f" and {len(files) - _MOST_TOLD} more" if len(files) > _MOST_TOLD else ""
    return ", ".join(files[:_MOST_TOLD]) + more
