"""What git must still be asked about two environments: builds to relate, contracts to hold side by
side. Pure: it looks at both surveys and says what is missing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from skewcheck.core.build import BuildSha
from skewcheck.core.compatibility import Terms
from skewcheck.core.judge.drift import running
from skewcheck.core.live import Live, Presence, live_clients
from skewcheck.core.survey import (
    ContractAbsent,
    ContractKnown,
    ContractReading,
    Promise,
    Side,
    Survey,
)

When: TypeAlias = Literal["promised", "live"]
_SIDES: tuple[Side, Side] = ("client", "server")


@dataclass(frozen=True, slots=True)
class Worlds:
    """Both surveys; `looked` is False where only promises were read, and nothing live."""

    first: Survey
    second: Survey
    looked: bool

    def __iter__(self) -> Iterator[Survey]:
        return iter((self.first, self.second))


@dataclass(frozen=True, slots=True)
class Builds:
    """What one service is at in the one environment and in the other."""

    first: BuildSha
    second: BuildSha


@dataclass(frozen=True, slots=True)
class ContractPair:
    """The contracts of one side of a link at two builds, `first` in the first environment."""

    link: str
    side: Side
    when: When
    builds: Builds


def live_of(survey: Survey, service: str) -> tuple[Live, ...]:
    """What runs now, a nameless part of split traffic included."""
    named = running(survey, survey.services[service])
    if not any(Presence.TRAFFIC in live.presences for live in named):
        return named
    every = live_clients(survey, service)
    return (*named, *(live for live in every if live.build is None and live.revisions))


def sole_build(lives: tuple[Live, ...]) -> BuildSha | None:
    """The one commit that is live; None where there are several, or one has no known name."""
    builds = {live.build for live in lives}
    build = builds.pop() if len(builds) == 1 else None
    return build if isinstance(build, BuildSha) else None


def builds_of(worlds: Worlds, first: str, second: str) -> Mapping[When, Builds]:
    """Of a party that goes by these names in the two environments. What is live as promised in
    both is not told twice."""
    found: dict[When, Builds] = {}
    promised = (_promised(worlds.first, first), _promised(worlds.second, second))
    if promised[0] is not None and promised[1] is not None:
        found["promised"] = Builds(promised[0], promised[1])
    if not worlds.looked:
        return found
    live = sole_build(live_of(worlds.first, first)), sole_build(live_of(worlds.second, second))
    if live[0] is not None and live[1] is not None and live != promised:
        found["live"] = Builds(live[0], live[1])
    return found


def _promised(survey: Survey, service: str) -> BuildSha | None:
    promise = survey.services[service].promise
    return promise.build if isinstance(promise, Promise) else None


def builds_to_relate(worlds: Worlds) -> frozenset[tuple[str, Builds]]:
    """Of services that both have."""
    return frozenset(
        (name, builds)
        for name in worlds.first.services.keys() & worlds.second.services.keys()
        for builds in builds_of(worlds, name, name).values()
        if builds.first != builds.second
    )


def paths_of(worlds: Worlds, service: str) -> tuple[str, ...]:
    """What the manifests narrow a service to; where one of them pins a build, the other's word."""
    narrowed = (survey.manifest.services[service].paths for survey in worlds)
    return tuple(dict.fromkeys(path for paths in narrowed for path in paths))


def contract_pairs(worlds: Worlds) -> Iterator[ContractPair]:
    """Of links that both have, where builds or the contract's path differ."""
    for name, link in worlds.first.manifest.links.items():
        other = worlds.second.manifest.links.get(name)
        if other is None:
            continue
        for side in _SIDES:
            parties = (
                (link.client, other.client) if side == "client" else (link.server, other.server)
            )
            same_path = link.contract_path(side) == other.contract_path(side)
            for when, builds in builds_of(worlds, *parties).items():
                if builds.first != builds.second or not same_path:
                    yield ContractPair(name, side, when, builds)


def readings_of(worlds: Worlds, pair: ContractPair) -> tuple[ContractReading, ContractReading]:
    builds = (pair.builds.first, pair.builds.second)
    first, second = (
        survey.contracts.get((pair.link, pair.side, build), _unread(build))
        for survey, build in zip(worlds, builds, strict=True)
    )
    return first, second


def terms_differ(first: ContractReading, second: ContractReading) -> bool:
    if not isinstance(first, ContractKnown) or not isinstance(second, ContractKnown):
        return False
    return _told(first.terms) != _told(second.terms)


def _told(terms: Terms) -> tuple[object, ...]:
    return terms.protocol, terms.version, terms.accepts, terms.fingerprint


def _unread(build: BuildSha) -> ContractAbsent:
    return ContractAbsent(why=f"no contract was read for {build.short}", fix="run it again")
