"""Which permissions each deed takes, and on what they are held: the one list that the doctor asks
for, the documents tell and the example roles grant.

Every permission can be held on the project. Some can be held on less, and there they suffice.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

Deed: TypeAlias = Literal["read", "logs", "discover", "redeploy", "trigger", "invalidate", "probe"]
Kind: TypeAlias = Literal["project", "cloud-run-service", "url-map", "service-account"]

# `discover` is for `init` and `doctor` alone: what load balancers stand between users and services.
# `trigger` finds a trigger and its runs by listing, which Cloud Build counts as builds.
PERMISSIONS: Mapping[Deed, tuple[str, ...]] = {
    "read": (
        "run.services.get",
        "run.services.list",
        "run.revisions.get",
        "run.revisions.list",
    ),
    "logs": ("logging.logEntries.list",),
    "discover": (
        "compute.urlMaps.list",
        "compute.backendServices.list",
        "compute.backendBuckets.list",
        "compute.networkEndpointGroups.list",
        "compute.regionNetworkEndpointGroups.list",
    ),
    "redeploy": (
        "run.services.update",
        "run.operations.get",
        "run.revisions.delete",
        "iam.serviceAccounts.actAs",
    ),
    "trigger": (
        "cloudbuild.builds.create",
        "cloudbuild.builds.get",
        "cloudbuild.builds.list",
    ),
    "invalidate": (
        "compute.urlMaps.invalidateCache",
        "compute.urlMaps.get",
        "compute.globalOperations.get",
    ),
    "probe": ("run.routes.invoke",),
}

# Of the predefined roles the narrowest that suffices; those that say much more are told in
# docs/permissions.md, with roles of one's own.
ROLES: Mapping[Deed, str] = {
    "read": "roles/run.viewer",
    "logs": "roles/logging.viewer",
    "discover": "roles/compute.viewer",
    "redeploy": "roles/run.developer",
    "trigger": "roles/cloudbuild.builds.editor",
    "invalidate": "roles/compute.loadBalancerAdmin",
    "probe": "roles/run.invoker",
}

_HELD_ON: Mapping[str, Kind] = {
    "run.services.get": "cloud-run-service",
    "run.services.update": "cloud-run-service",
    "run.revisions.get": "cloud-run-service",
    "run.revisions.list": "cloud-run-service",
    "run.revisions.delete": "cloud-run-service",
    "run.routes.invoke": "cloud-run-service",
    "iam.serviceAccounts.actAs": "service-account",
    "compute.urlMaps.invalidateCache": "url-map",
    "compute.urlMaps.get": "url-map",
}
ACT_AS = "iam.serviceAccounts.actAs"
ACT_AS_ROLE = "roles/iam.serviceAccountUser"


def held_on(permission: str) -> Kind:
    """The least that it can be held on and suffice."""
    return _HELD_ON.get(permission, "project")


def role_for(deed: Deed, permission: str) -> str:
    """The predefined role that brings it."""
    return ACT_AS_ROLE if permission == ACT_AS else ROLES[deed]
