"""What stands between users and services: the URL maps of a load balancer and its backends."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """One backend service or bucket of a load balancer.

    `cloud_run` are the (region, service) pairs behind it; a bucket or anything we do not know has
    none. `timeout_s` is the backend service's timeout, None where it has none (a bucket, or a
    serverless backend that leaves it to the platform). `affinity` is its session affinity as the
    API spells it, `NONE` included; `protocol` likewise. `url_mask` is set where one backend stands
    for many services and the URL decides.
    """

    name: str
    cloud_run: tuple[tuple[str, str], ...] = ()
    bucket: str = ""
    url_mask: str = ""
    cdn: bool = False
    timeout_s: int | None = None
    affinity: str = "NONE"
    protocol: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRoute:
    """Where a URL map sends a host's path; `*` is every host, `/*` every path."""

    host: str
    path: str
    backend: Backend


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlMap:
    """One URL map of a project; `routes` in the order in which the map says them."""

    project: str
    name: str
    routes: tuple[HostRoute, ...]
