"""Traffic targets: what may be asked for, how it is reported back, and who gets a request.

As Google does it, a LATEST target is reported with an empty `revision`: whoever wants to know
which revision that is must look at `latestReadyRevision`.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from skewcheck.sandbox.documents import Json, last
from skewcheck.sandbox.errors import invalid

LATEST = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
REVISION = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"
_LONGEST_TAG_AND_SERVICE = 46
_TAG = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Share:
    """A revision (short name) and the percentage of requests that it gets."""

    revision: str
    percent: int


def to_latest() -> Json:
    """The target of a service that nobody has pinned."""
    return {"type": LATEST, "percent": 100}


def to_revision(revision: str, percent: int = 0, tag: str = "") -> Json:
    """A target that names its revision."""
    target: Json = {"type": REVISION, "revision": revision}
    return target | ({"percent": percent} if percent else {}) | ({"tag": tag} if tag else {})


def check(service_id: str, traffic: list[Json], known: Collection[str]) -> None:
    """Refuse what Cloud Run refuses; `known` are the short names of existing revisions."""
    total = sum(target.get("percent", 0) for target in traffic)
    if total != 100:
        raise invalid(f"spec.traffic: Traffic percentages must sum to 100; got {total}.")
    for target in traffic:
        _check_revision(target, known)
    tags = [target["tag"] for target in traffic if target.get("tag")]
    for tag in tags:
        _check_tag(service_id, tag)
    if len(tags) != len(set(tags)):
        raise invalid("spec.traffic.tag: traffic tags must be unique within a service.")


def statuses(traffic: Iterable[Json], tag_uri: Callable[[str], str]) -> list[Json]:
    """The targets as `trafficStatuses`, with the address of each tag."""
    return [
        target | ({"uri": tag_uri(target["tag"])} if target.get("tag") else {})
        for target in traffic
    ]


def shares(service: Json) -> list[Share]:
    """Who serves now: the statuses with a percentage, LATEST resolved."""
    return [
        Share(_resolve(service, status), status["percent"])
        for status in service.get("trafficStatuses", ())
        if status.get("percent") and _resolve(service, status)
    ]


def tagged(service: Json, tag: str) -> list[Share]:
    """Who answers at the tag's own address."""
    return [
        Share(_resolve(service, status), 100)
        for status in service.get("trafficStatuses", ())
        if status.get("tag") == tag and _resolve(service, status)
    ]


def pinned(service: Json) -> list[Json]:
    """The present targets with every LATEST replaced by the revision that it means now."""
    return [
        to_revision(_resolve(service, status), status.get("percent", 0), status.get("tag", ""))
        for status in service.get("trafficStatuses", ())
    ]


def _resolve(service: Json, target: Json) -> str:
    if target.get("type") == LATEST:
        return last(service.get("latestReadyRevision", ""))
    return str(target.get("revision", ""))


def _check_revision(target: Json, known: Collection[str]) -> None:
    if target.get("type") == LATEST:
        if target.get("revision"):
            raise invalid("spec.traffic: a target of type LATEST must not name a revision.")
    elif target.get("type") != REVISION:
        raise invalid("spec.traffic: each target needs a type.")
    elif not target.get("revision"):
        raise invalid("spec.traffic: a target of type REVISION must name a revision.")
    elif target["revision"] not in known:
        raise invalid(f"spec.traffic.revisionName: Revision {target['revision']} not found.")


def _check_tag(service_id: str, tag: str) -> None:
    if len(tag) < 3 or not _TAG.fullmatch(tag):
        raise invalid(
            f"spec.traffic.tag: traffic tag '{tag}' is invalid. Traffic tags must be at least 3 "
            "characters of lowercase letters, digits and '-', and start with a letter."
        )
    if len(tag) + len(service_id) > _LONGEST_TAG_AND_SERVICE:
        raise invalid(
            f"spec.traffic.tag: traffic tag '{tag}' and service name '{service_id}' together are "
            "too long. Combined traffic tag and service name cannot exceed 46 characters."
        )
