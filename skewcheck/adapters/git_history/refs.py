"""Finds the commit that a ref names: branches, tags, remote branches, whole and short SHAs."""

from skewcheck.adapters.git_history.command import OFFLINE
from skewcheck.adapters.git_history.names import checked_ref, is_sha_prefix
from skewcheck.adapters.git_history.repository import Repository
from skewcheck.core.build import BuildSha
from skewcheck.core.errors import UsageError
from skewcheck.core.history import NotInHistory


def find_ref(repository: Repository, ref: str) -> BuildSha | None:
    """A branch or a tag here, else origin's branch; UsageError where it is two things."""
    checked_ref(ref)
    if ref == "HEAD" or ref.startswith("refs/"):
        return peeled(repository, ref)
    here = {
        full: build
        for full in (f"refs/heads/{ref}", f"refs/tags/{ref}", f"refs/remotes/{ref}")
        if (build := peeled(repository, full))
    }
    if len(set(here.values())) > 1:
        raise UsageError(
            f"{ref!r} is ambiguous in {repository.name}: {' and '.join(here)} differ",
            hint=f"write {next(iter(here))}",
        )
    return next(iter(here.values()), None) or _origins(repository, ref)


def _origins(repository: Repository, ref: str) -> BuildSha | None:
    """A mirror keeps origin's branches as its own; a clone keeps them apart."""
    if repository.bare:
        return peeled(repository, f"refs/heads/{ref.removeprefix('origin/')}")
    return peeled(repository, f"refs/remotes/origin/{ref}")


def peeled(repository: Repository, name: str) -> BuildSha | None:
    """The commit that a full ref name or a full SHA leads to, through annotated tags."""
    answer = repository.ask(
        "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}",
        environment=OFFLINE,
    )  # fmt: skip
    return BuildSha(answer.text) if answer.status == 0 else None


def expand_here(repository: Repository, prefix: str) -> BuildSha | NotInHistory:
    """Asks the object store, because a branch may be called like a SHA."""
    if not is_sha_prefix(prefix):
        return NotInHistory(f"{prefix!r} is not a SHA", fix="name the build by its full SHA")
    found = repository.ask("rev-parse", f"--disambiguate={prefix}", environment=OFFLINE)
    names = [name for name in found.text.split() if _is_commit(repository, name)]
    if len(names) == 1:
        return BuildSha(names[0])
    if names:
        return NotInHistory(
            f"{prefix} is the beginning of {len(names)} commits of {repository.name}",
            fix="name the build by its full SHA",
        )
    return NotInHistory(f"{prefix} is in no branch of {repository.name}", fix="git fetch --all")


def _is_commit(repository: Repository, name: str) -> bool:
    return repository.ask("cat-file", "-t", name, environment=OFFLINE).text == "commit"


def not_found(repository: Repository, ref: str) -> UsageError:
    if peeled(repository, "HEAD") is None and ref == "HEAD":
        return UsageError(
            f"{repository.name} has no commits yet", hint='git commit -m "first commit"'
        )
    branch = ref.removeprefix("refs/heads/").removeprefix("origin/")
    return UsageError(
        f"{repository.name} has no branch, tag or commit {ref!r}",
        hint=f"git fetch origin +refs/heads/{branch}:refs/remotes/origin/{branch}",
    )


def default_branch(repository: Repository) -> str | None:
    """As the remote said when it was cloned; a bare repository's own HEAD otherwise."""
    answer = repository.ask("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD")
    if answer.status != 0 and repository.bare:
        answer = repository.ask("symbolic-ref", "--quiet", "HEAD")
    if answer.status != 0 or peeled(repository, answer.text) is None:
        return None
    return answer.text.removeprefix("refs/remotes/").removeprefix("refs/heads/")
