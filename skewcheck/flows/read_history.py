"""Asks git about promises: what should run, since when, and what was promised before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from skewcheck.core.build import BuildSha
from skewcheck.core.documents import DocumentError, parse_manifest
from skewcheck.core.errors import SkewcheckError, UsageError
from skewcheck.core.history import Commit, FileVersion, NotInHistory
from skewcheck.core.manifest import Manifest
from skewcheck.core.survey import Lingering, Promise, PromiseUnreadable
from skewcheck.flows.doors import Doors
from skewcheck.flows.load import Loaded
from skewcheck.ports import History


@dataclass(frozen=True, slots=True)
class PastManifest:
    """The manifest as it stood from one commit on; None where it was absent or broken then."""

    commit: Commit
    manifest: Manifest | None


def past_manifests(doors: Doors, loaded: Loaded, at: datetime) -> tuple[PastManifest, ...]:
    """Every state that git promised within the longest window in force, newest first; a proposed
    one before them, as if it had just been committed."""
    manifest, sources = loaded.manifest, loaded.sources
    if sources.commit is None:
        return ()
    history = doors.histories.open(".")
    since = at - _longest_window(manifest)
    versions = history.versions(sources.file, ref=str(sources.commit), since=since)
    past = tuple(_parsed(version, sources.file) for version in versions)
    if not loaded.proposed:
        return past
    proposal = Commit(sha=sources.commit, subject="proposed", author="", at=at)
    return (PastManifest(proposal, manifest), *past)


def _longest_window(manifest: Manifest) -> timedelta:
    return max([manifest.policy.settle, *(manifest.lingers_of(name) for name in manifest.services)])


def _parsed(version: FileVersion, file: str) -> PastManifest:
    try:
        content = version.content
        return PastManifest(version.commit, parse_manifest(content, file=file) if content else None)
    except DocumentError:
        return PastManifest(version.commit, None)


def read_promise(
    doors: Doors, manifest: Manifest, past: tuple[PastManifest, ...], name: str, at: datetime
) -> Promise | PromiseUnreadable:
    """What should run, and since when git says so: a pinned build counts from its commit."""
    service = manifest.services[name]
    history = open_history(doors, manifest, name)
    if service.build is not None:
        build = BuildSha(service.build)
        since = _pinned_since(past, name, service.build) or at - _longest_window(manifest)
        commit = history.commit(build)
        if isinstance(commit, NotInHistory):
            told = f"the promised build {build.short} is unknown: {commit.why}"
            return PromiseUnreadable(why=told, fix=commit.fix)
        return Promise(build=build, since=since, commit=commit)
    try:
        touched = history.last_touch(str(history.resolve(service.ref or "")), service.paths)
    except UsageError as error:
        where = f"services.{name}.ref: {error}"
        raise UsageError(where, hint=error.hint) from error
    if isinstance(touched, NotInHistory):
        return PromiseUnreadable(why=f"ref {service.ref}: {touched.why}", fix=touched.fix)
    return Promise(build=touched.sha, since=touched.at, commit=touched)


def _pinned_since(past: tuple[PastManifest, ...], name: str, build: str) -> datetime | None:
    """The commit that began the unbroken run of versions which promise this build."""
    since = None
    for state in past:
        if _pinned(state, name) != build:
            break
        since = state.commit.at
    return since


def _pinned(state: PastManifest, name: str) -> str | None:
    service = state.manifest.services.get(name) if state.manifest else None
    return service.build if service else None


def promised_before(
    doors: Doors, manifest: Manifest, past: tuple[PastManifest, ...], name: str, at: datetime
) -> Iterator[Lingering]:
    """Builds that git promised within the window and no longer does: clients of them may live."""
    lingers = manifest.lingers_of(name)
    service = manifest.services[name]
    for newer, older in pairwise(past):
        pinned = _pinned(older, name)
        if pinned and pinned != service.build and newer.commit.at + lingers >= at:
            yield _promised(BuildSha(pinned), newer.commit.at, lingers)
    if service.ref is not None:
        history = doors.histories.open(service.repository)
        head = str(history.resolve(service.ref))
        touches = history.touches(head, service.paths, since=at - lingers)
        for newer_commit, older_commit in pairwise(touches):
            yield _promised(older_commit.sha, newer_commit.at, lingers)


def _promised(build: BuildSha, replaced: datetime, lingers: timedelta) -> Lingering:
    why = f"git promised it until {replaced:%Y-%m-%d %H:%M} UTC"
    return Lingering(build=build, why=why, until=replaced + lingers)


def open_history(doors: Doors, manifest: Manifest, service: str) -> History:
    """Raises UsageError with the place in the manifest: a repository is what somebody wrote."""
    place = manifest.services[service].repository
    try:
        return doors.histories.open(place)
    except SkewcheckError as error:
        if place == ".":
            raise
        raise UsageError(f"services.{service}.repository: {error}", hint=error.hint) from error
