"""Cloud Run documents as the Admin API v2 sends them, with boring defaults."""

from typing import Any

Json = dict[str, Any]

OLD = "1a" * 20
NEW = "2b" * 20
REGION = "projects/acme/locations/us-central1"
SUCCEEDED: Json = {"type": "Ready", "state": "CONDITION_SUCCEEDED"}


def service(name: str = "backend", **fields: Any) -> Json:
    """A settled service whose traffic follows LATEST."""
    full = f"{REGION}/services/{name}"
    return {
        "name": full,
        "uid": "0b5c2d0a-0000-4000-8000-000000000001",
        "generation": "7",
        "observedGeneration": "7",
        "labels": {"commit-sha": NEW},
        "ingress": "INGRESS_TRAFFIC_ALL",
        "launchStage": "GA",
        "template": {"labels": {"commit-sha": NEW}, "containers": [{"image": f"r/{name}:{NEW}"}]},
        "traffic": [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}],
        "terminalCondition": SUCCEEDED,
        "latestReadyRevision": f"{full}/revisions/{name}-00002",
        "latestCreatedRevision": f"{full}/revisions/{name}-00002",
        "trafficStatuses": [latest(100)],
        "uri": f"https://{name}-hash-uc.a.run.app",
        "urls": [f"https://{name}-123.us-central1.run.app", f"https://{name}-hash-uc.a.run.app"],
        "etag": '"CJ"',
    } | fields


def revision(name: str = "backend-00002", *, of: str = "backend", **fields: Any) -> Json:
    """A ready revision that names its commit by label."""
    return {
        "name": f"{REGION}/services/{of}/revisions/{name}",
        "service": f"{REGION}/services/{of}",
        "generation": "1",
        "labels": {"commit-sha": NEW},
        "createTime": "2026-03-02T10:00:00.123456789Z",
        "containers": [container()],
        "conditions": [SUCCEEDED, {"type": "Active", "state": "CONDITION_SUCCEEDED"}],
    } | fields


def container(image: str = "us-docker.pkg.dev/acme/api/backend:latest", **env: str) -> Json:
    """The container that answers requests; keywords become its environment."""
    return {
        "image": image,
        "env": [{"name": name, "value": value} for name, value in env.items()],
        "ports": [{"name": "http1", "containerPort": 8080}],
    }


def latest(percent: int = 0, **fields: Any) -> Json:
    """Cloud Run leaves percent out where it is 0, and the revision where it is the latest."""
    share = {"percent": percent} if percent else {}
    return {"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", **share, **fields}


def pinned(name: str, percent: int = 0, **fields: Any) -> Json:
    share = {"percent": percent} if percent else {}
    kind = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"
    return {"type": kind, "revision": name, **share, **fields}
