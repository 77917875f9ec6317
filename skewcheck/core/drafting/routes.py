"""Which lines of a project's URL maps lead to a service, and the clients that are only a bucket."""

import re
from collections.abc import Iterable, Iterator

from skewcheck.core.drafting.facts import Route
from skewcheck.core.drafting.fits import as_name
from skewcheck.core.load_balancing import Backend, UrlMap

_EVERYTHING = "/*"
_SERVICE = "<service>"


def routes_to(service: str, regions: Iterable[str], maps: Iterable[UrlMap]) -> tuple[Route, ...]:
    """In the order of the maps; the same line of two regions is one."""
    pairs = {(region, service) for region in regions}
    found = (each for each in _all(maps) if _leads(each, service, pairs))
    return tuple(dict.fromkeys(found))


def buckets(maps: Iterable[UrlMap]) -> dict[str, tuple[Route, ...]]:
    """Routes to buckets that get all paths of a host, by a name for each."""
    found: dict[str, tuple[Route, ...]] = {}
    for route in _all(maps):
        backend = route.to.backend
        if backend.bucket and route.to.path == _EVERYTHING:
            name = as_name(backend.name, instead="static")
            found[name] = (*found.get(name, ()), route)
    return found


def is_whole_host(route: Route) -> bool:
    """One named host, all of whose paths go there unless another rule says otherwise."""
    return "*" not in route.to.host and route.to.path == _EVERYTHING


def is_part_of_host(route: Route) -> bool:
    """One named host, some of whose paths go there."""
    return "*" not in route.to.host and route.to.path != _EVERYTHING


def _all(maps: Iterable[UrlMap]) -> Iterator[Route]:
    return (Route(url_map=each.name, to=to) for each in maps for to in each.routes)


def _leads(route: Route, service: str, pairs: set[tuple[str, str]]) -> bool:
    backend = route.to.backend
    return bool(pairs & set(backend.cloud_run)) or _masked(backend, route.to.host) == service


def _masked(backend: Backend, host: str) -> str:
    """The service that a URL mask means at that host, where the host alone says it
    (Cloud Load Balancing, "URL masks": `<service>.example.com`)."""
    mask = backend.url_mask.partition("/")[0]
    if _SERVICE not in mask or "*" in host:
        return ""
    pattern = re.escape(mask).replace(re.escape(_SERVICE), "([a-z0-9-]+)", 1)
    found = re.fullmatch(re.sub(r"<[a-z]+>", "[a-z0-9-]+", pattern), host)
    return found[1] if found else ""
