"""The ways to a server past its edge, and the places that may be sent the token."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.live import named_build, readable_planes, serving
from skewcheck.core.manifest import Link, Manifest
from skewcheck.core.survey import ServiceSurvey, Survey
from skewcheck.core.wire.script import Target

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """`no_origin` is why there is nothing past the edge on purpose; `no_way` why it is out of
    reach from here."""

    directs: tuple[Target, ...] = ()
    no_origin: str = ""
    no_way: str = ""


def ways_past_the_edge(survey: Survey, link: Link) -> Ways:
    """Direct targets; else why there are none."""
    name, service = link.server, survey.services[link.server]
    if survey.manifest.services[name].cloud_run is None:
        return Ways(no_origin=f"{name} is static: it has no origin that we know")
    if "origin" in service.undeclared:
        return Ways(no_origin=f"services.{name}.witnesses names no origin")
    planes = readable_planes(service)
    if not planes:
        return Ways(no_way=f"Cloud Run did not say where {name} can be reached directly")
    if all(plane.internal for plane in planes):
        return Ways(no_way=f"ingress of {name} is internal: no way there from here")
    found = [each for plane in planes if not plane.internal
             for each in _directs(survey, service, plane, link.path)]  # fmt: skip
    if not found:
        return Ways(no_way=f"no revision of {name} that gets traffic has a URL of its own")
    return Ways(directs=tuple(found))


def _directs(
    survey: Survey, service: ServiceSurvey, plane: ControlPlane, path: str
) -> Iterator[Target]:
    """A sole revision is reached by the service's own URL; of a split, each by its tag's."""
    serves = {target.revision: revision for target, revision in serving(plane)}
    tags = {each.revision: each.url for each in reversed(plane.targets) if each.url}
    urls = {name: tags[name] for name in serves if name in tags}
    if len(serves) == 1 and plane.url:
        urls = dict.fromkeys(serves, plane.url)
    if not urls and serves and plane.url:
        yield Target(place="direct", url=plane.url.rstrip("/") + path)
    for name, url in urls.items():
        build = named_build(survey, service.name, serves[name])
        where = url.rstrip("/") + path
        yield Target(place="direct", url=where, revision=name, build=str(build or ""))


def trusted_origins(survey: Survey, rules: Manifest, name: str, link: Link) -> frozenset[str]:
    """Places that the manifest names for the link's server, at the policy ref too: a change under
    review must not send the token elsewhere, nor to another server than it was meant for."""
    ruling, server = rules.links.get(name), link.server
    if ruling is None or ruling.server != server:
        return frozenset()
    mine, meant = survey.manifest.services[server].url, rules.services[server].url
    urls = [mine] if mine == meant else []
    if survey.manifest.cloud_run_of(server) == rules.cloud_run_of(server):
        for plane in readable_planes(survey.services[server]):
            urls += [plane.url, *(target.url for target in plane.targets)]
    return frozenset(origin_of(url) for url in urls if url)


def only_trusted(ways: Ways, trusted: frozenset[str]) -> Ways:
    """Without the ways on which a token may not travel."""
    kept = tuple(each for each in ways.directs if origin_of(each.url) in trusted)
    if ways.directs and not kept:
        told = f"{origin_of(ways.directs[0].url)} may be sent no token: the manifest at the policy"
        return Ways(no_way=f"{told} ref names another Cloud Run service")
    return Ways(directs=kept, no_origin=ways.no_origin, no_way=ways.no_way)


def page_origin(url: str) -> str:
    """What a browser sends as Origin for a page at that address: no path, no default port."""
    parts = urlsplit(url)
    usual = f":{_PORTS[parts.scheme]}"
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(usual)}"


def origin_of(url: str) -> str:
    """Scheme, host and port, as browsers compare origins (RFC 6454 §4)."""
    parts = urlsplit(url)
    port = parts.port or _PORTS.get(parts.scheme, 0)
    return f"{parts.scheme}://{parts.hostname}:{port}"
