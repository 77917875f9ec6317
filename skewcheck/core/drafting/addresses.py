"""Where users reach a service, and which edge stands before it."""

from dataclasses import dataclass

from skewcheck.core.drafting.draft import Field, Gap, Item
from skewcheck.core.drafting.facts import Facts, Route, ServiceFacts
from skewcheck.core.drafting.fits import is_web_address
from skewcheck.core.drafting.routes import is_part_of_host, is_whole_host

_EXAMPLE = "https://app.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The edge before a service; `host` is empty where the URL map does not name one. `shared` is
    one whose other paths are another service's, so that documents there are not ours."""

    url_map: str
    host: str
    cdn: bool
    shared: bool = False


def front_of(service: ServiceFacts) -> Front | None:
    """The first that gives it a whole host, else part of one, else every host there is."""
    for fits in (is_whole_host, is_part_of_host, lambda _: True):
        for route in service.routes:
            if fits(route):
                return _front(route)
    return None


def address_of(service: ServiceFacts, given: str, facts: Facts) -> Item:
    """`url` as the manifest wants it: how users reach the service."""
    if given:
        return Field(key="url", value=given)
    front = front_of(service)
    if front is not None:
        return _behind(front, service)
    own = next((each for each in service.readable if not each.internal), None)
    if own is not None and is_web_address(own.url):
        why = "no URL map sends anything here" if facts.blind is None else "load balancers unread"
        return Field(key="url", value=own.url, guess=f"Cloud Run's own address, {why}")
    return _gap("no URL map leads to it, and its own address is closed or unknown")


def reachable(service: ServiceFacts, given: str, facts: Facts) -> str:
    """The address to ask for documents, empty where none is known or it is not ours alone."""
    front = front_of(service)
    if not given and front is not None and front.shared:
        return ""
    item = address_of(service, given, facts)
    return str(item.value) if isinstance(item, Field) else ""


def _behind(front: Front, service: ServiceFacts) -> Item:
    url = f"https://{front.host}"
    if not front.host or not is_web_address(url):
        return _gap(f"URL map {front.url_map} sends every other host here")
    others = sorted({r.to.host for r in service.routes if "*" not in r.to.host} - {front.host})
    also = f"; also {', '.join(others)}" if others else ""
    part = f"{front.host}{_paths(service, front)}" if front.shared else front.host
    return Field(key="url", value=url, guess=f"URL map {front.url_map} sends {part} here{also}")


def _paths(service: ServiceFacts, front: Front) -> str:
    paths = [route.to.path for route in service.routes if route.to.host == front.host]
    return ", ".join(paths)


def _front(route: Route) -> Front:
    named = "*" not in route.to.host
    return Front(
        url_map=route.url_map,
        host=route.to.host if named else "",
        cdn=route.to.backend.cdn,
        shared=is_part_of_host(route),
    )


def _gap(why: str) -> Gap:
    return Gap(
        key="url",
        what="the address by which users reach it",
        how=f"{why}; ask who set up its domain",
        example=_EXAMPLE,
        ask="url",
    )
