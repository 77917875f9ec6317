"""How a service looks while an update is on its way, and after it has ended, well or badly."""

import hashlib
from collections.abc import Callable, Mapping

from skewcheck.sandbox.documents import Json, last
from skewcheck.sandbox.errors import ApiError
from skewcheck.sandbox.run import revisions, traffic


def blank(name: str, uri: str, created: str) -> Json:
    """A service that nobody has said anything about yet."""
    return {
        "name": name,
        "uid": "svc-" + hashlib.sha256(name.encode()).hexdigest()[:12],
        "createTime": created,
        "uri": uri,
        "urls": [uri],
        "ingress": "INGRESS_TRAFFIC_ALL",
        "launchStage": "GA",
    }


def begun(wanted: Json, generation: int, *, revision: str, at: str) -> Json:
    """The new desired state, observed by nobody yet; the old traffic goes on."""
    changed: Json = {
        "generation": str(generation),
        "updateTime": at,
        "reconciling": True,
        "etag": _etag(wanted["name"], generation),
        "terminalCondition": revisions.condition("Ready", revisions.RECONCILING, at),
    }
    if revision:
        changed["latestCreatedRevision"] = f"{wanted['name']}/revisions/{revision}"
    return wanted | changed


def ended(
    service: Json,
    own: Mapping[str, Json],
    named: str,
    *,
    at: str,
    tag_uri: Callable[[str], str],
    forced: str = "",
) -> tuple[Json, str | None]:
    """The service with its traffic moved; or with the old traffic, and the reason.

    `named` is the revision that this update made: it must come up even if nobody sends it traffic.
    `forced` is a reason of the platform's own to fail.
    """
    created = own[last(service["latestCreatedRevision"])]
    result = service | {"observedGeneration": service["generation"], "reconciling": False}
    if _ready(created):
        result["latestReadyRevision"] = created["name"]
    failure = forced or _failure(service, own, named)
    if failure is None:
        result["trafficStatuses"] = traffic.statuses(service["traffic"], tag_uri)
    state = revisions.FAILED if failure else revisions.SUCCEEDED
    result["terminalCondition"] = revisions.condition("Ready", state, at, failure or "")
    kinds = ("RoutesReady", "ConfigurationsReady")
    result["conditions"] = [revisions.condition(kind, state, at, failure or "") for kind in kinds]
    return result, failure


def check_unused(service: Json, revision: Json) -> None:
    """Refuse to delete a revision that the service still refers to."""
    newest = (service.get("latestCreatedRevision"), service.get("latestReadyRevision"))
    named = [target.get("revision") for target in service["traffic"]]
    if revision["name"] in newest or last(revision["name"]) in named:
        raise ApiError(
            400,
            "FAILED_PRECONDITION",
            f"Revision '{last(revision['name'])}' is the latest or a traffic target of its "
            "service and cannot be deleted.",
        )


def _failure(service: Json, own: Mapping[str, Json], named: str) -> str | None:
    latest = last(service["latestCreatedRevision"])
    targets = [target.get("revision") or latest for target in service["traffic"]]
    for name in [named, *targets]:
        if name in own and not _ready(own[name]):
            reason = own[name]["conditions"][0].get("message", "")
            return f"Revision '{name}' is not ready and cannot serve traffic. {reason}".rstrip()
    return None


def _ready(revision: Json) -> bool:
    return revisions.state(revision) == revisions.SUCCEEDED


def _etag(name: str, generation: int) -> str:
    return '"' + hashlib.sha256(f"{name}@{generation}".encode()).hexdigest()[:16] + '"'
