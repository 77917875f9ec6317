"""The survey: every witness of every service is heard, and then git is asked about the answers.

It does I/O and decides nothing. What was live is left as a sighting for later surveys.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from skewcheck.core.build import BuildSha
from skewcheck.core.cloud_run.reading import may_have_served
from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.history import NotInHistory
from skewcheck.core.live import live_clients, named_build, readable_planes
from skewcheck.core.manifest import Manifest
from skewcheck.core.question import CandidateWanted
from skewcheck.core.survey import (
    Candidate,
    Lingering,
    Promise,
    PromiseUnreadable,
    ServiceSurvey,
    Survey,
)
from skewcheck.flows.ask import Answers, ask, hear
from skewcheck.flows.doors import Doors
from skewcheck.flows.load import Loaded
from skewcheck.flows.pool import reading
from skewcheck.flows.read_contracts import identify_builds, read_contracts, relate_builds
from skewcheck.flows.read_history import (
    PastManifest,
    open_history,
    past_manifests,
    promised_before,
    read_promise,
)
from skewcheck.flows.read_services import witnesses_of
from skewcheck.ports import Sighting

_HEX = re.compile(r"[0-9a-f]{7,40}")


def take_survey(doors: Doors, loaded: Loaded, wanted: tuple[CandidateWanted, ...] = ()) -> Survey:
    """`wanted` are the builds about to be deployed. Raises UsageError for what people wrote."""
    manifest, at = loaded.manifest, doors.clock.now()
    with reading(doors.at_once) as pool:
        asked = ask(doors, pool, manifest, wanted)
        past = past_manifests(doors, loaded, at)
        promises = {
            name: read_promise(doors, manifest, past, name, at) for name in manifest.services
        }
        answers = hear(doors, pool, manifest, asked, promises)
    survey = Survey(
        environment=manifest.environment,
        at=at,
        manifest=manifest,
        services={name: _service(manifest, name, promises, answers) for name in promises},
        candidates={each.service: _candidate(doors, manifest, each, answers) for each in wanted},
    )
    survey = _with_lingering(doors, identify_builds(doors, survey), past)
    survey = read_contracts(doors, relate_builds(doors, survey), loaded.sources)
    _leave_sightings(doors, survey)
    return replace(survey, doubts=_doubts(doors, survey))


def _doubts(doors: Doors, survey: Survey) -> dict[str, tuple[NotInHistory, ...]]:
    """Asked last: a history learns of its gaps by answering."""
    subjects: dict[str, str] = {}
    for name, service in survey.manifest.services.items():
        own = survey.environment if service.repository == "." else name
        subjects.setdefault(service.repository, own)
    doubts = {subject: doors.histories.open(place).doubts() for place, subject in subjects.items()}
    return {subject: each for subject, each in doubts.items() if each}


def _service(
    manifest: Manifest,
    name: str,
    promises: dict[str, Promise | PromiseUnreadable],
    answers: Answers,
) -> ServiceSurvey:
    witnesses, undeclared = witnesses_of(manifest, name)
    return ServiceSurvey(
        name=name,
        promise=promises[name],
        witnesses=witnesses,
        undeclared=undeclared,
        planes=answers.planes.get(name, ()),
        origins=answers.origins.get(name, ()),
        edge=answers.edges.get(name),
        beyond=answers.beyond.get(name),
        page=answers.pages.get(name),
    )


def _candidate(
    doors: Doors, manifest: Manifest, wanted: CandidateWanted, answers: Answers
) -> Candidate:
    history = open_history(doors, manifest, wanted.service)
    commit = _HEX.fullmatch(wanted.named.lower())
    build = history.expand(commit.group()) if commit else history.resolve(wanted.named)
    return Candidate(
        service=wanted.service,
        named=wanted.named,
        build=build,
        url=wanted.url,
        reading=answers.candidates.get(wanted.service),
    )


def _with_lingering(doors: Doors, survey: Survey, past: tuple[PastManifest, ...]) -> Survey:
    """Adds the client builds that may live on: sighted, served or promised within the window."""
    clients = survey.manifest.clients()
    window = max((survey.manifest.lingers_of(name) for name in clients), default=None)
    if window is None:
        return survey
    sightings = doors.sightings.since(doors.scope, survey.at - window)
    services = {
        name: replace(each, lingering=tuple(_lingering(doors, survey, each, past, sightings)))
        if name in clients
        else each
        for name, each in survey.services.items()
    }
    return replace(survey, services=services)


def _lingering(
    doors: Doors,
    survey: Survey,
    service: ServiceSurvey,
    past: tuple[PastManifest, ...],
    sightings: tuple[Sighting, ...],
) -> Iterator[Lingering]:
    lingers = survey.manifest.lingers_of(service.name)
    for seen in sightings:
        if seen.service == service.name and seen.last + lingers >= survey.at:
            why = f"seen live at {seen.last:%Y-%m-%d %H:%M} UTC"
            yield Lingering(build=seen.build, why=why, until=seen.last + lingers)
    for plane in readable_planes(service):
        yield from _served(survey, service, plane)
    yield from promised_before(doors, survey.manifest, past, service.name, survey.at)


def _served(survey: Survey, service: ServiceSurvey, plane: ControlPlane) -> Iterator[Lingering]:
    """Revisions that may have served in the window, until the next younger one took over."""
    lingers = survey.manifest.lingers_of(service.name)
    replaced_at = survey.at
    for revision in may_have_served(plane, survey.at - lingers):
        build = named_build(survey, service.name, revision)
        if isinstance(build, BuildSha):
            why = f"revision {revision.name} may have served it"
            yield Lingering(build=build, why=why, until=replaced_at + lingers)
        replaced_at = revision.created


def _leave_sightings(doors: Doors, survey: Survey) -> None:
    seen = {
        name: frozenset(
            live.build
            for live in live_clients(survey, name)
            if isinstance(live.build, BuildSha) and not live.only_may_linger
        )
        for name in survey.manifest.clients()
    }
    if any(seen.values()):
        doors.sightings.record(doors.scope, seen, survey.at)
