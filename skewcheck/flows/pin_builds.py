"""Which build somebody means by a commit, a branch, `live` or `@ENVIRONMENT`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from skewcheck.core.build import BuildSha
from skewcheck.core.errors import SkewcheckError, UsageError
from skewcheck.core.history import NotInHistory
from skewcheck.core.judge.drift import running
from skewcheck.core.survey import Promise, Survey
from skewcheck.flows.doors import Doors
from skewcheck.flows.load import Loaded, load_manifest
from skewcheck.flows.named import require_services
from skewcheck.flows.read_history import open_history, read_promise

LIVE = "live"
_AS_IN = "@"


@dataclass(frozen=True, slots=True, kw_only=True)
class PinWanted:
    """`named` is a commit, short or full, a branch, a tag, `live`, or `@ENVIRONMENT`."""

    service: str
    named: str

    def __str__(self) -> str:
        return f"{self.service}={self.named}"


def builds_wanted(
    doors: Doors, loaded: Loaded, wanted: Sequence[PinWanted], look: Callable[[], Survey]
) -> dict[str, BuildSha]:
    """UsageError for what git does not know; `look` is called only where somebody says `live`."""
    hint = "skewcheck pin ENVIRONMENT SERVICE=SHA with a service of the manifest"
    require_services(loaded, [each.service for each in wanted], hint=hint)
    return {each.service: _build(doors, loaded, each, look) for each in wanted}


def _build(doors: Doors, loaded: Loaded, wanted: PinWanted, look: Callable[[], Survey]) -> BuildSha:
    try:
        build = _named(doors, loaded, wanted, look)
    except SkewcheckError as error:
        raise UsageError(f"{wanted}: {error}", hint=error.hint) from error
    commit = open_history(doors, loaded.manifest, wanted.service).commit(build)
    if isinstance(commit, NotInHistory):
        raise UsageError(f"{wanted}: {commit.why}", hint=commit.fix)
    return build


def _named(doors: Doors, loaded: Loaded, wanted: PinWanted, look: Callable[[], Survey]) -> BuildSha:
    if wanted.named == LIVE:
        return _live(look(), wanted.service)
    if wanted.named.startswith(_AS_IN):
        return _promised(doors, loaded, wanted.service, wanted.named.removeprefix(_AS_IN))
    return open_history(doors, loaded.manifest, wanted.service).resolve(wanted.named.strip())


def _live(survey: Survey, service: str) -> BuildSha:
    lives = running(survey, survey.services[service])
    builds = {live.build for live in lives}
    build = builds.pop() if len(builds) == 1 else None
    if isinstance(build, BuildSha):
        return build
    told = ", ".join(f"{live} ({live.why})" for live in lives) or "nothing is known to serve"
    raise UsageError(
        f"{service} does not serve one known build: {told}",
        hint=f"skewcheck status {survey.environment}, then name the build",
    )


def _promised(doors: Doors, loaded: Loaded, service: str, environment: str) -> BuildSha:
    """At the very commit that the manifest comes from."""
    history, ref = doors.histories.open("."), str(loaded.sources.commit)
    other = load_manifest(history, environment, ref=ref, policy_ref=ref)
    require_services(other, [service], hint=f"skewcheck diff {environment} …")
    promise = read_promise(doors, other.manifest, (), service, doors.clock.now())
    if isinstance(promise, Promise):
        return promise.build
    raise UsageError(promise.why, hint=promise.fix)
