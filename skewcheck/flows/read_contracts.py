"""Asks git what the builds that were seen are: their commits, their relations, their contracts."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from skewcheck.core.build import Build, BuildSha, OpaqueId
from skewcheck.core.compatibility import terms_of_contract
from skewcheck.core.documents import DocumentError, parse_contract
from skewcheck.core.git_questions import (
    builds_to_relate,
    changes_to_blame,
    contracts_to_read,
    names_to_identify,
)
from skewcheck.core.history import Commit, NotInHistory, Relation, RelationKind
from skewcheck.core.manifest import Link, Manifest
from skewcheck.core.question import Sources
from skewcheck.core.survey import (
    ContractAbsent,
    ContractBroken,
    ContractKnown,
    ContractReading,
    Promise,
    Side,
    Survey,
)
from skewcheck.flows.doors import Doors
from skewcheck.flows.read_history import open_history
from skewcheck.ports import History

_MOST_COMMITS_TOLD = 5
_Contracts: TypeAlias = dict[tuple[str, Side, Build], ContractReading]


def identify_builds(doors: Doors, survey: Survey) -> Survey:
    """Every commit name that was read, expanded by git to the one commit it stands for."""
    known: dict[tuple[str, Build], Build | NotInHistory] = {}
    for name, service in survey.services.items():
        names = names_to_identify(service, survey.candidates.get(name))
        history = open_history(doors, survey.manifest, name) if names else None
        for build in names:
            if history is not None and not isinstance(build, OpaqueId):
                known[name, build] = history.expand(build.value)
    return replace(survey, builds=known)


def relate_builds(doors: Doors, survey: Survey) -> Survey:
    """How every build that runs, or is about to, stands to its service's promise."""
    relations: dict[tuple[str, BuildSha], Relation] = {}
    between: dict[tuple[str, BuildSha], tuple[Commit, ...]] = {}
    for name, build in sorted(builds_to_relate(survey), key=str):
        promise = survey.services[name].promise
        if isinstance(promise, Promise):
            history = open_history(doors, survey.manifest, name)
            relation = history.relation(build, promise.build)
            relations[name, build] = relation
            between[name, build] = _between(history, relation, build, promise.build)
    return replace(survey, relations=relations, between=between)


def _between(
    history: History, relation: Relation, build: BuildSha, promised: BuildSha
) -> tuple[Commit, ...]:
    if relation.kind in {RelationKind.BEHIND, RelationKind.DIVERGED}:
        return history.commits_between(build, promised, limit=_MOST_COMMITS_TOLD)
    if relation.kind is RelationKind.AHEAD:
        return history.commits_between(promised, build, limit=_MOST_COMMITS_TOLD)
    return ()


def read_contracts(doors: Doors, survey: Survey, sources: Sources) -> Survey:
    """The contract at every live build of every link, and the commits that made them differ."""
    wanted = contracts_to_read(survey)
    read: _Contracts = {
        key: _read(doors, survey.manifest, sources, *key) for key in _ordered(wanted)
    }
    told = replace(survey, contracts=read)
    blamed: _Contracts = {
        key: _blame(doors, told, *key) for key in _ordered(changes_to_blame(told))
    }
    return replace(told, contracts={**read, **blamed})


def with_contracts_of(
    doors: Doors, survey: Survey, sources: Sources, builds: Mapping[str, BuildSha]
) -> Survey:
    """Also the contracts of builds, one a service, that may not be live yet."""
    wanted = {
        (name, side, builds[party])
        for name, link in survey.manifest.links.items()
        for side, party in _sides(link)
        if party in builds
    }
    read: _Contracts = {
        key: _read(doors, survey.manifest, sources, *key)
        for key in _ordered(wanted)
        if key not in survey.contracts
    }
    return replace(survey, contracts={**survey.contracts, **read})


def _sides(link: Link) -> tuple[tuple[Side, str], tuple[Side, str]]:
    return ("client", link.client), ("server", link.server)


def _ordered(
    keys: Iterable[tuple[str, Side, BuildSha]],
) -> list[tuple[str, Side, BuildSha]]:
    return sorted(keys, key=lambda key: (key[0], key[1], key[2].value))


def _party(link: Link, side: Side) -> str:
    return link.client if side == "client" else link.server


def _read(
    doors: Doors, manifest: Manifest, sources: Sources, name: str, side: Side, build: BuildSha
) -> ContractReading:
    link = manifest.links[name]
    history = open_history(doors, manifest, _party(link, side))
    path = link.contract_path(side)
    content = history.file_at(build, path)
    if isinstance(content, NotInHistory):
        return ContractAbsent(why=content.why, fix=content.fix)
    if content is None:
        return _assumed(doors, history, sources, link, path, build)
    return _parse(content, f"{path}@{build.short}")


def _parse(content: bytes, file: str, *, assumed: str = "") -> ContractReading:
    try:
        contract = parse_contract(content, file=file)
        terms = terms_of_contract(contract)
    except DocumentError as error:
        first = str(error).splitlines()[0]
        return ContractBroken(why=first, fix="mend the contract; builds made from it stay unknown")
    return ContractKnown(terms=terms, contract=contract, assumed=assumed)


def _assumed(
    doors: Doors, history: History, sources: Sources, link: Link, path: str, build: BuildSha
) -> ContractReading:
    """`assume` stands for builds from *before* the contract existed, not after its removal."""
    touched = history.last_touch(str(build), [path])
    if isinstance(touched, Commit):
        why = f"{path} was removed by {touched.sha.short} {touched.subject!r}"
        return ContractAbsent(why=why, fix=f"restore {path}")
    if sources.commit is None and link.assume is not None:
        why = f"there is no {path} at {build.short}, and {link.assume} is read at a git ref only"
        return ContractAbsent(why=why, fix="name a ref instead of a file: --ref, no --manifest")
    if link.assume is None or sources.commit is None:
        why = f"there is no {path} at {build.short}"
        return ContractAbsent(why=why, fix="name a stand-in: links.….assume: contracts/before.yaml")
    content = doors.histories.open(".").file_at(sources.commit, link.assume)
    if not isinstance(content, bytes):
        why = f"there is no {path} at {build.short}, nor {link.assume} at the manifest's ref"
        return ContractAbsent(why=why, fix=f"commit {link.assume}")
    return _parse(content, f"{link.assume}@{sources.commit.short}", assumed=link.assume)


def _blame(doors: Doors, survey: Survey, name: str, side: Side, build: BuildSha) -> ContractReading:
    reading = survey.contracts[name, side, build]
    if not isinstance(reading, ContractKnown) or reading.assumed:
        return reading
    link = survey.manifest.links[name]
    history = open_history(doors, survey.manifest, _party(link, side))
    touched = history.last_touch(str(build), [link.contract_path(side)])
    return replace(reading, changed=touched) if isinstance(touched, Commit) else reading
