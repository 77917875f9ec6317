"""Lets traffic follow LATEST again, where that changes nothing for anybody.

Rule of this file: LATEST must be what serves already. Where it is another revision, such as the
candidate of a rollout that went back, nothing short of a redeploy makes that safe.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.documents.near_miss import did_you_mean
from skewcheck.core.errors import UsageError
from skewcheck.core.live import serving
from skewcheck.core.manifest import Manifest
from skewcheck.core.reading import Unreadable
from skewcheck.core.rollout.lease import Lease
from skewcheck.core.rollout.order import Place
from skewcheck.core.rollout.permission import Refusal
from skewcheck.flows.doors import Doors
from skewcheck.ports import CloudRunService
from skewcheck.ports.rollout import PlatformWrites


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpinned:
    """What was done to one place, or why nothing was; `unknown` where nobody knows what serves."""

    place: Place
    told: str
    refusal: Refusal | None = None
    unknown: bool = False


def unpin(
    doors: Doors, writes: PlatformWrites, manifest: Manifest, services: tuple[str, ...]
) -> Iterator[Unpinned]:
    """One answer for each place. ActionFailedError where the platform refuses."""
    for name in services:
        for address in manifest.cloud_run_of(name):
            asked = CloudRunService(*address)
            place = Place(project=asked.project, region=asked.region, service=asked.service)
            plane = doors.platform.observe([asked])[asked]
            refusal = _refusal(doors, manifest, plane)
            if refusal is not None:
                unknown = isinstance(plane, Unreadable)
                yield Unpinned(place=place, told="", refusal=refusal, unknown=unknown)
            elif _follows(plane):
                yield Unpinned(place=place, told=f"{place} follows LATEST")
            else:
                writes.follow_latest(place)
                yield Unpinned(place=place, told=f"{place} follows LATEST again")


def services_on_cloud_run(manifest: Manifest, service: str | None, file: str) -> tuple[str, ...]:
    """The one asked for, or all. UsageError where there is none."""
    known = [name for name in manifest.services if manifest.cloud_run_of(name)]
    if service is None and known:
        return tuple(known)
    if service in known:
        return (service,)
    meant = did_you_mean(service or "", known)
    told = f"no service {service!r} on Cloud Run" if service else "no service on Cloud Run"
    raise UsageError(f"{file}: {told}; it has {', '.join(known) or 'none'}{meant}",
                     hint="name one of those")  # fmt: skip


def _follows(plane: ControlPlane | Unreadable) -> bool:
    if isinstance(plane, Unreadable):
        return False
    return plane.pin is None and all(target.follows_latest for target, _ in serving(plane))


def _refusal(doors: Doors, manifest: Manifest, plane: ControlPlane | Unreadable) -> Refusal | None:
    if isinstance(plane, Unreadable):
        return Refusal(why=plane.detail, fix=plane.fix)
    if plane.lease is not None and not _is_over(plane, doors):
        held = f"{plane.service} is held by a rollout"
        return Refusal(why=held, fix=f"skewcheck rollouts list {manifest.environment}")
    serves = {target.revision for target, _ in serving(plane)}
    if serves != {plane.latest_ready}:
        told = f"LATEST of {plane.service} is {plane.latest_ready}, and what serves is "
        return Refusal(
            why=told + (", ".join(sorted(serves)) or "nothing"),
            fix=f"skewcheck redeploy {manifest.environment}: it ends with traffic on LATEST",
        )
    if not plane.settled:
        return Refusal(why=f"{plane.service} is still changing", fix="run it again in a minute")
    return None


def _is_over(plane: ControlPlane, doors: Doors) -> bool:
    return isinstance(plane.lease, Lease) and not plane.lease.is_live(doors.clock.now())
