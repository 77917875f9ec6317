"""Compares two environments: surveys both at once, then asks git what lies between. It changes
nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from skewcheck.core.build import BuildSha
from skewcheck.core.comparing.compare import Answers, compare_worlds
from skewcheck.core.comparing.comparison import Between, Commits, Comparison
from skewcheck.core.comparing.questions import (
    Builds,
    ContractPair,
    Worlds,
    builds_to_relate,
    contract_pairs,
    paths_of,
    readings_of,
    terms_differ,
)
from skewcheck.core.history import Commit, RelationKind
from skewcheck.core.survey import Promise, ServiceSurvey, Survey
from skewcheck.flows.doors import Doors
from skewcheck.flows.load import Loaded
from skewcheck.flows.pool import reading
from skewcheck.flows.read_contracts import with_contracts_of
from skewcheck.flows.read_history import open_history, read_promise
from skewcheck.flows.survey import take_survey
from skewcheck.ports import History

_MOST_COUNTED = 1000
_MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Room:
    """One of the two environments, opened."""

    doors: Doors
    loaded: Loaded


def compare(first: Room, second: Room, *, look: bool) -> Comparison:
    """Without `look` nothing but git is asked. Raises UsageError for what people wrote."""
    seen = _look(first, second) if look else (_promises(first), _promises(second))
    one, other = (
        _with_promised_contracts(room, survey)
        for room, survey in zip((first, second), seen, strict=True)
    )
    worlds = Worlds(one, other, look)
    answers = Answers(
        between=dict(_between(first.doors, worlds)), changes=dict(_changes(first.doors, worlds))
    )
    return compare_worlds(worlds, answers, (first.loaded.sources, second.loaded.sources))


def _look(first: Room, second: Room) -> tuple[Survey, Survey]:
    with reading(2) as pool:
        asked = [pool.submit(take_survey, room.doors, room.loaded) for room in (first, second)]
        one, other = (each.result() for each in asked)
        return one, other


def _promises(room: Room) -> Survey:
    manifest, at = room.loaded.manifest, room.doors.clock.now()
    services = {
        name: ServiceSurvey(
            name=name,
            promise=read_promise(room.doors, manifest, (), name, at),
            witnesses=frozenset(),
        )
        for name in manifest.services
    }
    return Survey(environment=manifest.environment, at=at, manifest=manifest, services=services)


def _with_promised_contracts(room: Room, survey: Survey) -> Survey:
    promises = {name: service.promise for name, service in survey.services.items()}
    builds = {
        name: promise.build for name, promise in promises.items() if isinstance(promise, Promise)
    }
    return with_contracts_of(room.doors, survey, room.loaded.sources, builds)


def _between(doors: Doors, worlds: Worlds) -> Iterator[tuple[tuple[str, Builds], Between]]:
    for name, builds in sorted(builds_to_relate(worlds), key=str):
        history = open_history(doors, worlds.first.manifest, name)
        yield (name, builds), _what_lies_between(history, builds, paths_of(worlds, name))


def _what_lies_between(history: History, builds: Builds, paths: tuple[str, ...]) -> Between:
    relation = history.relation(builds.first, builds.second)
    if relation.kind is RelationKind.UNKNOWN:
        return Between(builds=builds, relation=relation, paths=paths)
    return Between(
        builds=builds,
        relation=relation,
        only_first=_only(history, builds.second, builds.first, paths),
        only_second=_only(history, builds.first, builds.second, paths),
        paths=paths,
    )


def _only(history: History, older: BuildSha, newer: BuildSha, paths: tuple[str, ...]) -> Commits:
    found = history.commits_between(older, newer, limit=_MOST_COUNTED, paths=paths)
    return Commits(count=len(found), more=len(found) == _MOST_COUNTED, newest=found[:_MOST_TOLD])


def _changes(doors: Doors, worlds: Worlds) -> Iterator[tuple[ContractPair, tuple[Commit, ...]]]:
    """Who changed a contract: all commits between the builds that touched its file."""
    for pair in contract_pairs(worlds):
        if terms_differ(*readings_of(worlds, pair)):
            yield pair, _touching(doors, worlds, pair)


def _touching(doors: Doors, worlds: Worlds, pair: ContractPair) -> tuple[Commit, ...]:
    links = [survey.manifest.links[pair.link] for survey in worlds]
    party = links[0].client if pair.side == "client" else links[0].server
    history = open_history(doors, worlds.first.manifest, party)
    paths = tuple(dict.fromkeys(link.contract_path(pair.side) for link in links))
    one, other = pair.builds.first, pair.builds.second
    found = {
        commit
        for older, newer in ((one, other), (other, one))
        for commit in history.commits_between(older, newer, limit=_MOST_TOLD, paths=paths)
    }
    return tuple(sorted(found, key=lambda commit: commit.at, reverse=True))[:_MOST_TOLD]
