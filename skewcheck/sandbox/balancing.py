"""What Compute Engine says of load balancers: backend services and what stands behind them."""

from dataclasses import dataclass

from skewcheck.sandbox.documents import Json, last, region

_API = "https://www.googleapis.com/compute/v1"


@dataclass(slots=True, kw_only=True)
class BackendSettings:
    """The backend service of one edge; every field may be changed while it runs.

    `cloud_run` is the full name of the service behind a serverless network endpoint group; where
    it is empty the backend is a group of machines, of which this API does not tell more.
    `timeout_s` counts for machines only: Compute Engine shows 30 for serverless ones as well.
    """

    cloud_run: str = ""
    cdn: bool = True
    timeout_s: int = 30
    protocol: str = "HTTPS"
    affinity: str = "NONE"


def global_place(project: str) -> str:
    """Where global resources of a project are."""
    return f"{_API}/projects/{project}/global"


def label(host: str) -> str:
    """Names of resources have no dots (RFC 1035 labels)."""
    return host.replace(".", "-").replace("*", "any")


def service_url(project: str, host: str) -> str:
    """The backend service of a host."""
    return f"{global_place(project)}/backendServices/{label(host)}"


def backend_service(project: str, host: str, settings: BackendSettings) -> Json:
    """As the API lists it."""
    machines = f"{_API}/projects/{project}/zones/us-central1-a/instanceGroups/{label(host)}"
    group = endpoint_group(project, settings.cloud_run)["selfLink"] if settings.cloud_run else ""
    return {
        "kind": "compute#backendService",
        "name": label(host),
        "selfLink": service_url(project, host),
        "backends": [{"group": group or machines, "balancingMode": "UTILIZATION"}],
        "loadBalancingScheme": "EXTERNAL_MANAGED",
        "enableCDN": settings.cdn,
        "timeoutSec": settings.timeout_s,
        "protocol": settings.protocol,
        "sessionAffinity": settings.affinity,
    }


def endpoint_group(project: str, service: str) -> Json:
    """The serverless network endpoint group of a Cloud Run service."""
    base = f"{_API}/projects/{project}/regions/{region(service)}"
    name = f"{last(service)}-neg"
    return {
        "kind": "compute#networkEndpointGroup",
        "name": name,
        "selfLink": f"{base}/networkEndpointGroups/{name}",
        "region": base,
        "networkEndpointType": "SERVERLESS",
        "cloudRun": {"service": last(service)},
    }
