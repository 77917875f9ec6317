"""From a survey to what the planner plans over: who is live, where each is to go, what fits.

A build that nobody could name becomes a name of its own that fits with nothing for certain; it is
never left out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from skewcheck.core.build import Build, BuildSha, OpaqueId
from skewcheck.core.compatibility import Compatibility, Fit
from skewcheck.core.errors import UsageError
from skewcheck.core.live import Live, Presence, live_clients, live_servers, readable_planes
from skewcheck.core.manifest import Manifest
from skewcheck.core.matrix import compare_pair
from skewcheck.core.plan.facts import BuildId, Channel, Party, PlanWorld
from skewcheck.core.survey import Promise, PromiseUnreadable, ServiceSurvey, Survey

_SERVES = (Presence.TRAFFIC, Presence.ORIGIN)
_AT_EDGE = frozenset({Presence.EDGE, Presence.PAGE})
# How long it takes where nobody has measured it: a new revision, and a whole build.
_SHIFT_S, _BUILD_S = 60.0, 600.0


def observe_world(survey: Survey, *, stays: bool = False) -> PlanWorld:
    """Targets are the candidates and else the promises; UsageError where neither is known. Where
    everything `stays`, a service's target is what it serves, and nothing need be promised."""
    manifest = survey.manifest
    return PlanWorld(
        parties={name: _party(survey, name, stays=stays) for name in manifest.services},
        channels=tuple(
            Channel(name=name, client=link.client, server=link.server)
            for name, link in manifest.links.items()
        ),
    )


def target_of(survey: Survey, name: str) -> BuildSha:
    """Where the service is to go. UsageError where that cannot be known."""
    candidate = survey.candidates.get(name)
    if candidate is not None:
        if isinstance(candidate.build, BuildSha):
            return candidate.build
        raise UsageError(f"{name}: {candidate.named}: {candidate.build.why}",
                         hint=candidate.build.fix)  # fmt: skip
    match survey.services[name].promise:
        case Promise(build=build):
            return build
        case PromiseUnreadable(why=why, fix=fix):
            raise UsageError(f"{name}: what should run is not known: {why}", hint=fix)
        case None:
            told = f"{name}: nothing is promised in manifests/{survey.environment}.yaml"
            raise UsageError(told, hint=f"promise a build of {name}")
        case _:
            assert_never(survey.services[name].promise)


@dataclass(frozen=True, slots=True)
class SurveyFits:
    """The `Fits` of a survey: what git says of the contracts at both builds."""

    survey: Survey

    def __call__(self, link: str, client: BuildId, server: BuildId) -> Fit:
        return self.compare(link, client, server).fit

    def compare(self, link: str, client: BuildId, server: BuildId) -> Compatibility:
        """With the sentence that says why."""
        both = (_live(client), _live(server))
        return compare_pair(self.survey, link, *both).compatibility


def _live(build: BuildId) -> Live:
    named = None if is_unknown(build) else build_of(build)
    return Live(build=named, presences=(), why="nobody could name it")


def build_of(name: BuildId) -> Build:
    """What is no commit is an id that compares by equality only."""
    try:
        return BuildSha(name)
    except ValueError:
        return OpaqueId(name)


def is_unknown(build: BuildId) -> bool:
    return build.startswith("?")


def _party(survey: Survey, name: str, *, stays: bool) -> Party:
    service = survey.services[name]
    lingers_s = _lingers_s(survey.manifest, name)
    serving = _serving(survey, service)
    clients = [live for live in live_clients(survey, name) if name in survey.manifest.clients()]
    at_edge = _names(name, (live for live in clients if _AT_EDGE & {*live.presences}))
    alive = _names(name, clients)
    return Party(
        name=name,
        serving=serving,
        target=serving[0] if stays else target_of(survey, name).value,
        lingering=tuple(build for build in alive if build not in serving),
        client_linger_s=lingers_s,
        server_linger_s=_affinity_s(survey.manifest, service),
        shift_s=_shift_s(survey.manifest, name),
        behind_edge=survey.manifest.cloud_cdn_of(name) is not None,
        at_edge=at_edge,
    )


def _serving(survey: Survey, service: ServiceSurvey) -> tuple[BuildId, ...]:
    """By traffic and origin; what session affinity holds is not served, it lingers. Without any of
    them by the edge, also where that is only a page."""
    lives = live_servers(survey, service.name)
    if not service.planes and not service.origins and not lives:
        clients = live_clients(survey, service.name)
        lives = tuple(live for live in clients if _AT_EDGE & {*live.presences})
    chosen = [live for live in lives if {*_SERVES} & {*live.presences}]
    return _names(service.name, chosen or lives) or (f"?{service.name}: nothing serves",)


def _names(service: str, lives: Iterable[Live]) -> tuple[BuildId, ...]:
    return tuple(dict.fromkeys(_named(service, lives)))


def _named(service: str, lives: Iterable[Live]) -> Iterator[BuildId]:
    for live in lives:
        yield f"?{service}: {live.why}" if live.build is None else str(live.build)


def _lingers_s(manifest: Manifest, name: str) -> float:
    return manifest.lingers_of(name).total_seconds() if name in manifest.clients() else 0.0


def _affinity_s(manifest: Manifest, service: ServiceSurvey) -> float:
    """Cookies lead back to drained revisions for as long as its clients may live."""
    held = any(plane.session_affinity for plane in readable_planes(service))
    return manifest.lingers_of(service.name).total_seconds() if held else 0.0


def _shift_s(manifest: Manifest, name: str) -> float:
    deploy = manifest.services[name].deploy
    return _BUILD_S if deploy is not None and deploy.cloud_build_trigger else _SHIFT_S
