"""URL maps as Compute Engine's API lists them: which host and path goes to which backend.

Rules of this file: the order of a map is kept; where traffic is split by weight each backend that
gets any has a route of its own; redirects are no routes.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from skewcheck.core.cloud_run.fields import (
    Document,
    MalformedError,
    documents,
    inner,
    last_segment,
    number,
    text,
    texts,
)
from skewcheck.core.findings import Code
from skewcheck.core.load_balancers.backends import Listed, read_backends, resource
from skewcheck.core.load_balancing import Backend, HostRoute, UrlMap
from skewcheck.core.reading import Unreadable

_EVERYTHING = "/*"


def read_url_maps(
    listed: Listed, *, project: str, url: str, read_at: datetime
) -> tuple[UrlMap, ...] | Unreadable:
    """Sorted by name; `url` says where the documents came from."""
    try:
        backends = read_backends(listed)
        maps = [_map(each, project, backends) for p in listed.url_maps for each in _items(p)]
    except MalformedError as error:
        detail = f"Compute Engine's answer breaks its own schema: {error}"
        fix = f"gcloud compute url-maps list --project={project} --format=json"
        return Unreadable(url=url, cause=Code.NOT_JSON, detail=detail, fix=fix, read_at=read_at)
    return tuple(sorted(maps, key=lambda each: each.name))


def _items(page: Document) -> tuple[Document, ...]:
    return documents(page, "items")


def _map(fields: Document, project: str, backends: Mapping[str, Backend]) -> UrlMap:
    name = text(fields, "name")
    if not name:
        raise MalformedError("a URL map has no name")
    matchers = {text(each, "name"): each for each in documents(fields, "pathMatchers")}
    routes: list[HostRoute] = []
    for rule in documents(fields, "hostRules"):
        matcher = matchers.get(text(rule, "pathMatcher"))
        if matcher is None:
            raise MalformedError(f"a host rule of {name} names a path matcher that is not there")
        targets = tuple(_targets(matcher))
        routes += _routes(texts(rule, "hosts"), targets, backends)
    rest = [(_EVERYTHING, each) for each in _services(fields, "defaultService")]
    return UrlMap(project=project, name=name, routes=(*routes, *_routes(("*",), rest, backends)))


def _routes(
    hosts: Sequence[str], targets: Sequence[tuple[str, str]], backends: Mapping[str, Backend]
) -> list[HostRoute]:
    return [
        HostRoute(host=host.lower(), path=path, backend=_backend(service, backends))
        for host in hosts
        for path, service in targets
    ]


def _backend(service: str, backends: Mapping[str, Backend]) -> Backend:
    """One of another project, which we did not list, is known by its name only."""
    return backends.get(resource(service)) or Backend(name=last_segment(service))


def _targets(matcher: Document) -> Iterator[tuple[str, str]]:
    """(path, backend) in the order of the rules, the matcher's default last."""
    for rule in documents(matcher, "pathRules"):
        for path in texts(rule, "paths"):
            yield from ((path, each) for each in _services(rule, "service"))
    for rule in sorted(documents(matcher, "routeRules"), key=_priority):
        for path in _matched(rule):
            yield from ((path, each) for each in _services(rule, "service"))
    yield from ((_EVERYTHING, each) for each in _services(matcher, "defaultService"))


def _priority(rule: Document) -> int:
    return number(rule, "priority")


def _matched(rule: Document) -> Iterator[str]:
    """Paths only; a rule that looks at headers or at a pattern is told as it is written."""
    for match in documents(rule, "matchRules"):
        prefix = text(match, "prefixMatch")
        if prefix:
            yield f"{prefix.rstrip('/')}/*"
        whole = ("fullPathMatch", "pathTemplateMatch", "regexMatch")
        yield from (written for each in whole if (written := text(match, each)))


def _services(fields: Document, key: str) -> Iterator[str]:
    """The backend that is named outright, else those with weight (`weightedBackendServices`)."""
    if named := text(fields, key):
        yield named
        return
    action = inner(fields, "defaultRouteAction" if key == "defaultService" else "routeAction")
    for each in documents(action, "weightedBackendServices"):
        service = text(each, "backendService")
        if service and number(each, "weight") > 0:
            yield service
