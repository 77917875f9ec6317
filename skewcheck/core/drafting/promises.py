"""What a service should run: the ref, and the folders of the repository that it is built from."""

import re
from collections.abc import Iterator

from skewcheck.core.drafting.draft import Field, Gap, Item
from skewcheck.core.drafting.facts import Facts, LiveBuild, ServiceFacts
from skewcheck.core.drafting.fits import is_ref, is_repository_path


def promise_of(service: ServiceFacts, facts: Facts) -> Iterator[Item]:
    """`ref`, `paths` and `repository`, as far as there is something to say."""
    stranger = next((each for each in service.live if each.stranger), None)
    if stranger is not None:
        yield Gap(
            key="repository",
            what="the repository that it is built from",
            how=f"{stranger.stranger}; a path or a git URL",
            example="https://github.com/ORGANISATION/REPOSITORY.git",
            optional=True,
        )
    yield _ref(facts, elsewhere=stranger is not None)
    if stranger is None and facts.ref:
        yield from _paths(service, facts)


def _ref(facts: Facts, *, elsewhere: bool) -> Item:
    if is_ref(facts.ref) and not elsewhere:
        return Field(key="ref", value=facts.ref, guess=f"{facts.ref_why}; or build: SHA")
    return Gap(
        key="ref",
        what="the branch that it is deployed from",
        how="or `build:` with the 40 digits of the commit that should run",
        example="main",
    )


def folder_of(service: ServiceFacts, facts: Facts) -> tuple[str, str]:
    """The folder that it is built from and what shows it; two empty texts where nothing does.

    Every build that serves must be that folder's last change; of several such folders the one that
    the service is named after is taken, where the repository builds other services too.
    """
    shared = [set(each.folders) for each in service.live]
    folders = sorted(filter(is_repository_path, set.intersection(*shared) if shared else ()))
    why = f"what serves is the last commit on {facts.ref} that touched"
    if len(folders) == 1 and not any(each.is_tip for each in service.live):
        return folders[0], f"{why} {folders[0]}/"
    words = re.split(r"[._-]", service.name)
    alike = [folder for folder in folders if folder in words]
    if len(alike) == 1 and len(facts.services) > 1:
        return alike[0], f"by its name; {why} {alike[0]}/"
    return "", ""


def is_behind(service: ServiceFacts, facts: Facts) -> tuple[LiveBuild, ...]:
    """What serves, is known here, and is neither the newest commit nor a folder's last change."""
    if folder_of(service, facts)[0]:
        return ()
    known = (each for each in service.live if each.build and not each.stranger)
    return tuple(each for each in known if not each.is_tip)


def _paths(service: ServiceFacts, facts: Facts) -> Iterator[Field]:
    folder, why = folder_of(service, facts)
    if folder:
        globs = (f"{folder}/**", *_contracts_beside(folder, facts))
        also = "; and what it speaks" if len(globs) > 1 else ""
        yield Field(key="paths", value=globs, guess=f"{why}{also}")


def _contracts_beside(folder: str, facts: Facts) -> tuple[str, ...]:
    """The folders of contracts: a commit that changes only those changes what a build of it says
    it speaks, so it is one that should run."""
    found = (each.path.rpartition("/")[0] for each in facts.contracts if each.contract is not None)
    outside = sorted({each for each in found if not f"{each}/".startswith(f"{folder}/")})
    return tuple(f"{each}/**" for each in outside if is_repository_path(each))
