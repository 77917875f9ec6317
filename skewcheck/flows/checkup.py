"""Looks at all that would make skewcheck fail or lie later: one survey, and what it does not show.

It does I/O and decides nothing, and it leaves nothing behind: no sighting, no probe.
"""

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime

from skewcheck.core.answer import HttpRead
from skewcheck.core.build import BuildSha
from skewcheck.core.checkup.balancers import projects_to_ask
from skewcheck.core.checkup.facts import EnvironmentFacts, Trouble, Wanted
from skewcheck.core.checkup.granted import Questions, of_projects, of_the_rest
from skewcheck.core.checkup.needs import needs_of
from skewcheck.core.checkup.resource import Resource
from skewcheck.core.exposed.health_document import Health, read_health
from skewcheck.core.load_balancing import UrlMap
from skewcheck.core.manifest import Manifest, Token
from skewcheck.core.reading import Unreadable, VersionDocument
from skewcheck.core.survey import Promise, Survey
from skewcheck.flows.doors import Doors
from skewcheck.flows.load import Loaded
from skewcheck.flows.pool import reading
from skewcheck.flows.read_contracts import with_contracts_of
from skewcheck.flows.survey import take_survey
from skewcheck.ports import NoToken, Sighting
from skewcheck.ports.adoption import Identity, LoadBalancers, Permissions


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruments:
    """What a checkup looks through besides the doors of a survey."""

    identity: Identity
    permissions: Permissions
    load_balancers: LoadBalancers


def on_google(manifest: Manifest) -> tuple[str, ...]:
    """The projects that anything of it is in."""
    found = [place[0] for name in manifest.services for place in manifest.cloud_run_of(name)]
    cdns = [manifest.cloud_cdn_of(name) for name in manifest.services]
    return tuple(dict.fromkeys([*found, *(cdn.project for cdn in cdns if cdn is not None)]))


def examine(
    doors: Doors,
    loaded: Loaded,
    instruments: Instruments,
    wanted: Wanted,
    *,
    policy_ref_given: bool = False,
) -> EnvironmentFacts:
    """Raises UsageError for what people wrote."""
    survey = _survey(doors, loaded)
    projects = on_google(survey.manifest)
    who = instruments.identity.who(projects[0]) if projects else ""
    with reading(doors.at_once) as pool:
        tokens = {
            name: pool.submit(doors.tokens.token, token) for name, token in _tokens(loaded).items()
        }
        aside = [pool.submit(doors.http.read, url, as_browser=False) for url in _urls(survey)]
        signed_in = isinstance(who, str)
        facts = EnvironmentFacts(
            survey=survey,
            sources=loaded.sources,
            policy_ref_given=policy_ref_given,
            is_on_google=bool(projects),
            member=who if isinstance(who, str) else "",
            no_sign_in=who if isinstance(who, Unreadable) else None,
            grants=_grants(pool, survey, instruments, wanted) if signed_in else {},
            url_maps=_url_maps(pool, survey, instruments) if signed_in else {},
            tokens={
                name: _trouble(survey.environment, each.result()) for name, each in tokens.items()
            },
        )
        answers = tuple(each.result() for each in aside)
    facts = replace(facts, health=_health(survey, answers), clocks=answers)
    return _of_repository(doors, facts) if loaded.sources.commit is not None else facts


def _survey(doors: Doors, loaded: Loaded) -> Survey:
    """With the contracts of what is promised and does not run yet."""
    survey = take_survey(replace(doors, sightings=_NothingSeen()), loaded)
    promised = {
        name: service.promise.build
        for name, service in survey.services.items()
        if isinstance(service.promise, Promise)
    }
    return with_contracts_of(doors, survey, loaded.sources, promised)


class _NothingSeen:
    """A `ports.Sightings` without a memory: the state may be what is broken."""

    def since(self, scope: str, moment: datetime) -> tuple[Sighting, ...]:
        del scope, moment
        return ()

    def record(self, scope: str, seen: Mapping[str, frozenset[BuildSha]], at: datetime) -> None:
        """Nothing is left behind."""


def _grants(
    pool: Executor, survey: Survey, instruments: Instruments, wanted: Wanted
) -> dict[Resource, frozenset[str] | Unreadable]:
    needs = needs_of(survey, wanted)
    granted = _asked(pool, instruments, of_projects(needs))
    return {**granted, **_asked(pool, instruments, of_the_rest(needs, granted))}


def _asked(
    pool: Executor, instruments: Instruments, questions: Questions
) -> dict[Resource, frozenset[str] | Unreadable]:
    answers = pool.map(lambda asked: instruments.permissions.granted(*asked), questions.items())
    return dict(zip(questions, answers, strict=True))


def _url_maps(
    pool: Executor, survey: Survey, instruments: Instruments
) -> dict[str, tuple[UrlMap, ...] | Unreadable]:
    projects = projects_to_ask(survey.manifest)
    answers = pool.map(instruments.load_balancers.url_maps, projects)
    return dict(zip(projects, answers, strict=True))


def _tokens(loaded: Loaded) -> dict[str, Token]:
    """Those of the policy ref, as probes get them."""
    named = {
        name: loaded.rules.links[name].token
        for name, link in loaded.manifest.links.items()
        if link.transport == "websocket" and name in loaded.rules.links
    }
    return {name: token for name, token in named.items() if token is not None}


def _trouble(environment: str, got: object) -> Trouble | None:
    """Of the token itself nothing is kept. What was not tried may well work."""
    if not isinstance(got, NoToken):
        return None
    if got.fix == "--allow-commands":
        fix = f"skewcheck doctor {environment} --allow-commands"
        return Trouble(got.why, fix, undecided=True)
    return Trouble(got.why, got.fix, undecided=got.fix == "unset SKEWCHECK_GCP_ENDPOINT")


def _urls(survey: Survey) -> list[str]:
    """Health documents, in the order of the manifest; and one document more, whose answer may
    carry a date, where there is none."""
    services = survey.manifest.services.values()
    health = [each.url + each.health.path for each in services if each.health is not None]
    read = (service.edge for service in survey.services.values())
    return health or [each.url for each in read if isinstance(each, VersionDocument)][:1]


def _health(survey: Survey, answers: tuple[HttpRead, ...]) -> dict[str, Health | Unreadable]:
    named = {name: each for name, each in survey.manifest.services.items() if each.health}
    return {
        name: read_health(answer, each.health.requires if each.health else ())
        for (name, each), answer in zip(named.items(), answers, strict=False)
    }


def _of_repository(doors: Doors, facts: EnvironmentFacts) -> EnvironmentFacts:
    history = doors.histories.open(".")
    return replace(facts, remote=history.remote(), default_branch=history.default_branch())
