"""Holds two surveys side by side, with what git said about the builds in them. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from skewcheck.core.comparing.comparison import (
    Between,
    Comparison,
    ContractComparison,
    LinkComparison,
    NotLearnt,
    ServiceComparison,
    Standing,
)
from skewcheck.core.comparing.questions import (
    Builds,
    ContractPair,
    Worlds,
    builds_of,
    contract_pairs,
    live_of,
    readings_of,
    terms_differ,
)
from skewcheck.core.compatibility import Terms, brief, write_range
from skewcheck.core.history import Commit, RelationKind
from skewcheck.core.live import Live
from skewcheck.core.question import Sources
from skewcheck.core.reading import Unreadable
from skewcheck.core.survey import ContractKnown, PromiseUnreadable, Survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What git said: by service and builds, and who changed which contract."""

    between: Mapping[tuple[str, Builds], Between]
    changes: Mapping[ContractPair, tuple[Commit, ...]]


def compare_worlds(
    worlds: Worlds, answers: Answers, sources: tuple[Sources, Sources]
) -> Comparison:
    services = tuple(_service(worlds, answers, name) for name in _names(worlds, "services"))
    links = tuple(_links(worlds, answers))
    return Comparison(
        first=worlds.first.environment,
        second=worlds.second.environment,
        at=worlds.second.at,
        looked=worlds.looked,
        sources=sources,
        services=services,
        links=links,
        unknown=tuple(
            dict.fromkeys(chain(*(_unlearnt(worlds, s) for s in services), _gaps(worlds, links)))
        ),
    )


def _names(worlds: Worlds, what: str) -> tuple[str, ...]:
    """In the order of the first manifest, then what only the second has."""
    return tuple(dict.fromkeys(name for each in worlds for name in getattr(each.manifest, what)))


def _owner(worlds: Worlds, name: str) -> str:
    owners = (survey.manifest.owner_of(name) for survey in worlds)
    return ", ".join(dict.fromkeys(owner for owner in owners if owner))


def _service(worlds: Worlds, answers: Answers, name: str) -> ServiceComparison:
    first, second = (_standing(worlds, survey, name) for survey in worlds)
    between: dict[str, Between] = {}
    if first is not None and second is not None:
        pairs = builds_of(worlds, name, name)
        between = {
            when: answers.between[name, builds]
            for when, builds in pairs.items()
            if (name, builds) in answers.between
        }
    return ServiceComparison(
        name=name, owner=_owner(worlds, name), first=first, second=second, between=between
    )


def _standing(worlds: Worlds, survey: Survey, name: str) -> Standing | None:
    if name not in survey.services:
        return None
    live = live_of(survey, name) if worlds.looked else None
    return Standing(promise=survey.services[name].promise, live=live)


def _links(worlds: Worlds, answers: Answers) -> Iterator[LinkComparison]:
    contracts: dict[str, list[ContractComparison]] = {}
    for pair in contract_pairs(worlds):
        contracts.setdefault(pair.link, []).append(_contract(worlds, answers, pair))
    for name in _names(worlds, "links"):
        has = [survey.environment for survey in worlds if name in survey.manifest.links]
        yield LinkComparison(
            name=name,
            owner=_owner(worlds, name),
            only_in=has[0] if len(has) == 1 else "",
            contracts=tuple(contracts.get(name, ())),
        )


def _contract(worlds: Worlds, answers: Answers, pair: ContractPair) -> ContractComparison:
    first, second = readings_of(worlds, pair)
    told: tuple[str, ...] = ()
    if isinstance(first, ContractKnown) and isinstance(second, ContractKnown):
        told = tuple(_differences(first.terms, second.terms))
    elif isinstance(first, ContractKnown) or isinstance(second, ContractKnown):
        told = ("only one of them has a contract that can be read",)
    commits = answers.changes.get(pair, ()) if terms_differ(first, second) else ()
    return ContractComparison(pair=pair, first=first, second=second, told=told, commits=commits)


def _differences(first: Terms, second: Terms) -> Iterator[str]:
    facts = {
        "protocol": (first.protocol, second.protocol),
        "version": (str(first.version), str(second.version)),
        "accepts": (_accepts(first), _accepts(second)),
        "format": (brief(first.fingerprint), brief(second.fingerprint)),
    }
    for name, (one, other) in facts.items():
        if one != other:
            yield f"{name} {one} → {other}"


def _accepts(terms: Terms) -> str:
    return write_range(terms.accepts) if terms.accepts is not None else "nothing"


def _unlearnt(worlds: Worlds, service: ServiceComparison) -> Iterator[NotLearnt]:
    for survey, standing in zip(worlds, (service.first, service.second), strict=True):
        if standing is None:
            continue
        where = f"{service.name} in {survey.environment}"
        if isinstance(standing.promise, PromiseUnreadable):
            yield NotLearnt(where, standing.promise.why, standing.promise.fix)
        if standing.live is not None:
            yield from _unlearnt_live(survey, service.name, where, standing.live)
    for between in service.between.values():
        if between.relation.kind is RelationKind.UNKNOWN:
            yield NotLearnt(service.name, between.relation.why, between.relation.fix)


def _unlearnt_live(
    survey: Survey, service: str, where: str, lives: tuple[Live, ...]
) -> Iterator[NotLearnt]:
    """What a control plane does not tell others may; it stays untold whether they are right."""
    fix = f"skewcheck status {survey.environment}"
    for plane in survey.services[service].planes:
        if isinstance(plane, Unreadable):
            yield NotLearnt(where, plane.detail, plane.fix)
    if not lives:
        yield NotLearnt(where, "no witness tells which build runs", fix)
    for live in lives:
        if live.build is None:
            revisions = ", ".join(live.revisions)
            yield NotLearnt(where, f"{revisions} ({live.why}) names no known build", fix)


def _gaps(worlds: Worlds, links: tuple[LinkComparison, ...]) -> Iterator[NotLearnt]:
    for link in links:
        for contract in link.contracts:
            readings = (contract.first, contract.second)
            for survey, reading in zip(worlds, readings, strict=True):
                if not isinstance(reading, ContractKnown):
                    where = f"{link.name} in {survey.environment}"
                    yield NotLearnt(where, reading.why, reading.fix)
