"""Which of a project's load balancers stand between users and a service."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from skewcheck.core.checkup.facts import EnvironmentFacts
from skewcheck.core.load_balancing import Backend, HostRoute, UrlMap
from skewcheck.core.manifest import Manifest, host_of
from skewcheck.core.reading import Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A backend that a service's users may come through, and the URL map that leads there."""

    project: str
    url_map: str
    backend: Backend


def projects_to_ask(manifest: Manifest) -> tuple[str, ...]:
    """Where a load balancer may be that matters: of servers of sockets and of declared edges."""
    found: dict[str, None] = {}
    for name in manifest.services:
        cdn = manifest.cloud_cdn_of(name)
        if cdn is not None:
            found[cdn.project] = None
        if serves_sockets(manifest, name):
            found |= dict.fromkeys(project for project, _, _ in manifest.cloud_run_of(name))
    return tuple(found)


def serves_sockets(manifest: Manifest, name: str) -> bool:
    return any(
        link.server == name and link.transport == "websocket" for link in manifest.links.values()
    )


def behind(facts: EnvironmentFacts, name: str) -> tuple[Behind, ...]:
    """Each backend once, in the order of the maps."""
    found = (
        Behind(project=url_map.project, url_map=url_map.name, backend=route.backend)
        for url_map in _maps(facts, name)
        for route in _routes(facts.survey.manifest, name, url_map)
    )
    return tuple(dict.fromkeys(found))


def unreadable_maps(facts: EnvironmentFacts, name: str) -> Unreadable | None:
    """Why nobody knows what stands before that service."""
    for project in _projects(facts.survey.manifest, name):
        read = facts.url_maps.get(project)
        if isinstance(read, Unreadable):
            return read
    return None


def _maps(facts: EnvironmentFacts, name: str) -> Iterator[UrlMap]:
    for project in _projects(facts.survey.manifest, name):
        read = facts.url_maps.get(project, ())
        if not isinstance(read, Unreadable):
            yield from read


def _projects(manifest: Manifest, name: str) -> tuple[str, ...]:
    cdn = manifest.cloud_cdn_of(name)
    places = [project for project, _, _ in manifest.cloud_run_of(name)]
    return tuple(dict.fromkeys([*([cdn.project] if cdn is not None else []), *places]))


def _routes(manifest: Manifest, name: str, url_map: UrlMap) -> Iterator[HostRoute]:
    """By the service behind it, or else by the most telling host."""
    places = {(region, service) for _, region, service in manifest.cloud_run_of(name)}
    cdn = manifest.cloud_cdn_of(name)
    hosts = {host_of(manifest.services[name].url)} | ({cdn.host.lower()} if cdn else set())
    of_host = {
        route.host for route in url_map.routes if any(_takes(route.host, host) for host in hosts)
    }
    of_host = of_host - {"*"} or of_host
    for route in url_map.routes:
        by_host = route.host in of_host and not route.backend.cloud_run
        if by_host or places & set(route.backend.cloud_run):
            yield route


def _takes(pattern: str, host: str) -> bool:
    """`*.acme.example` takes every name under it (Compute Engine, "URL maps", host rules)."""
    return fnmatchcase(host, pattern.lower())
