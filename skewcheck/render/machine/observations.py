"""Every observation with its time, as JSON values: what each witness said, or why it did not."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from skewcheck.core.build import BuildName
from skewcheck.core.control_plane import ControlPlane, Revision, Target
from skewcheck.core.history import Commit, NotInHistory
from skewcheck.core.live import identify_reading
from skewcheck.core.reading import Page, ProtocolClaim, Unreadable, VersionDocument
from skewcheck.core.survey import (
    Candidate,
    Lingering,
    Promise,
    PromiseUnreadable,
    ServiceSurvey,
    Survey,
)

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"


def rfc3339(at: datetime | None) -> str | None:
    """In UTC with `Z`; fractions of a second only where there are any."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def observation(survey: Survey, service: ServiceSurvey) -> Json:
    return {
        "owner": survey.manifest.owner_of(service.name),
        "promise": _promise(service.promise),
        "witnesses": sorted(service.witnesses),
        "undeclared": list(service.undeclared),
        "control_plane": [_plane(plane) for plane in service.planes],
        "origins": [
            {"revision": each.revision, **_reading(survey, service, each.reading)}
            for each in service.origins
        ],
        "edge": _or_none(survey, service, service.edge),
        "beyond": _or_none(survey, service, service.beyond),
        "page": _or_none(survey, service, service.page),
        "lingering": [_lingering(each) for each in service.lingering],
    }


def candidate(each: Candidate) -> Json:
    known = not isinstance(each.build, NotInHistory)
    return {
        "service": each.service,
        "named": each.named,
        "build": str(each.build) if known else None,
        "url": each.url,
        "read": None if each.reading is None else _said(each.reading),
    }


def _promise(promise: Promise | PromiseUnreadable | None) -> Json:
    if promise is None:
        return None
    if isinstance(promise, PromiseUnreadable):
        return {"build": None, "why": promise.why, "fix": promise.fix}
    return {
        "build": str(promise.build),
        "since": rfc3339(promise.since),
        "commit": _commit(promise.commit),
    }


def _commit(commit: Commit | None) -> Json:
    if commit is None:
        return None
    return {
        "sha": str(commit.sha),
        "subject": commit.subject,
        "author": commit.author,
        "at": rfc3339(commit.at),
    }


def _plane(plane: ControlPlane | Unreadable) -> Json:
    if isinstance(plane, Unreadable):
        return unreadable(plane)
    return {
        "read_at": rfc3339(plane.read_at),
        "url": plane.url,
        "service": plane.service,
        "region": plane.region,
        "settled": plane.settled,
        "problem": plane.problem,
        "internal": plane.internal,
        "session_affinity": plane.session_affinity,
        "latest_ready": plane.latest_ready,
        "targets": [_target(target) for target in plane.targets],
        "revisions": [_revision(revision) for revision in plane.revisions],
    }


def _target(target: Target) -> Json:
    return {
        "revision": target.revision,
        "percent": target.percent,
        "tag": target.tag,
        "url": target.url,
        "follows_latest": target.follows_latest,
    }


def _revision(revision: Revision) -> Json:
    return {
        "name": revision.name,
        "created": rfc3339(revision.created),
        **_named(revision.build),
        "named_by": revision.named_by,
        "image": revision.image,
        "ready": revision.ready,
    }


def _named(name: BuildName | None) -> dict[str, Json]:
    if name is None:
        return {"build": None, "dirty": False}
    return {"build": str(name.build), "dirty": name.dirty}


_Reading: TypeAlias = VersionDocument | Page | Unreadable


def _or_none(survey: Survey, service: ServiceSurvey, reading: _Reading | None) -> Json:
    return None if reading is None else _reading(survey, service, reading)


def _reading(survey: Survey, service: ServiceSurvey, reading: _Reading) -> dict[str, Json]:
    """`build` is the name as it was said, `identified` the commit that git knows by it."""
    said = _said(reading)
    if isinstance(reading, Unreadable):
        return said
    build = reading.build and identify_reading(survey, service, reading.build)
    return {**said, "identified": None if build is None else str(build)}


def _said(reading: _Reading) -> dict[str, Json]:
    if isinstance(reading, Unreadable):
        return unreadable(reading)
    return _document(reading) if isinstance(reading, VersionDocument) else _page(reading)


def unreadable(reading: Unreadable) -> dict[str, Json]:
    """Why nothing came back."""
    return {
        "read_at": rfc3339(reading.read_at),
        "url": reading.url,
        "cause": str(reading.cause),
        "detail": reading.detail,
        "fix": reading.fix,
    }


def _document(document: VersionDocument) -> dict[str, Json]:
    return {
        "read_at": rfc3339(document.read_at),
        "url": document.url,
        **_named(document.build),
        "convention": document.convention,
        "version": document.version,
        "environment": document.environment,
        "protocols": [_claim(claim) for claim in document.protocols],
        "cacheable": document.cacheable,
        "age_s": document.age_s,
    }


def _claim(claim: ProtocolClaim) -> Json:
    return {
        "name": claim.name,
        "role": claim.role,
        "version": claim.version,
        "accepts": claim.accepts,
        "fingerprint": claim.fingerprint,
    }


def _page(page: Page) -> dict[str, Json]:
    return {
        "read_at": rfc3339(page.read_at),
        "url": page.url,
        **_named(page.build),
        "why_no_build": page.why_no_build,
        "required": list(page.required),
        "missing": list(page.missing),
        "gone": list(page.gone),
        "unread": list(page.unread),
        "age_s": page.age_s,
        "fresh_for_s": page.fresh_for_s,
    }


def _lingering(old: Lingering) -> Json:
    return {"build": str(old.build), "why": old.why, "until": rfc3339(old.until)}
