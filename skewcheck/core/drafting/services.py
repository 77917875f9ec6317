"""One service of the draft: what serves it, where it is, how it is deployed, what caches it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from skewcheck.core.drafting.addresses import Front, address_of, front_of
from skewcheck.core.drafting.answers import Answers
from skewcheck.core.drafting.draft import Field, Item, Section, Value
from skewcheck.core.drafting.facts import Facts, LiveBuild, Look, ServiceFacts
from skewcheck.core.drafting.fits import is_path
from skewcheck.core.drafting.images import deploy_of
from skewcheck.core.drafting.promises import is_behind, promise_of
from skewcheck.core.exposed.html_page import PageHtml
from skewcheck.core.manifest import host_of
from skewcheck.core.reading import Unreadable, VersionDocument


def draft_service(
    service: ServiceFacts, answers: Answers, facts: Facts, regions: tuple[str, ...]
) -> Section:
    """`regions` are the defaults' own, which need not be said again."""
    url = address_of(service, answers.urls.get(service.name, ""), facts)
    address = str(url.value) if isinstance(url, Field) else ""
    items = [*promise_of(service, facts), url, *_version_path(service.look)]
    items += [_place(service, regions), deploy_of(service), *_edge(service, address)]
    items += [*_witnesses(service, front_of(service), address)]
    return Section(name=service.name, items=tuple(items), lead=tuple(_lead(service, facts)))


def version_path(look: Look | None) -> str:
    """Where the version document is, below the address; empty where there is none."""
    if look is None or not isinstance(look.document, VersionDocument):
        return ""
    base, at = look.url.rstrip("/"), look.document.url.partition("?")[0]
    path = at.removeprefix(base)
    return path if at.startswith(f"{base}/") and is_path(path) else ""


def _version_path(look: Look | None) -> Iterator[Field]:
    path = version_path(look)
    if path and look is not None:
        yield Field(key="version_path", value=path)


def _place(service: ServiceFacts, regions: tuple[str, ...]) -> Field:
    if service.is_static:
        strange = "" if service.backing else "Cloud Run does not run it"
        return Field(key="static", value={}, guess=strange, remark=service.backing)
    place: dict[str, Value] = {"service": service.name}
    if service.regions != regions:
        place |= _regions(service.regions)
    return Field(key="cloud_run", value=place)


def _regions(regions: tuple[str, ...]) -> dict[str, Value]:
    return {"regions": regions} if len(regions) > 1 else {"region": regions[0]}


def _edge(service: ServiceFacts, address: str) -> Iterator[Item]:
    front = front_of(service)
    if front is None or not front.cdn:
        return
    cdn: dict[str, Value] = {"url_map": front.url_map}
    if front.host and front.host != (host_of(address) if address else ""):
        cdn["host"] = front.host
    path = version_path(service.look)
    page = ("/", "/index.html") if service.is_page else ()
    cdn["invalidate"] = (*page, *([path] if path else [])) or ("/*",)
    why = f"Cloud CDN is on in {front.url_map}; what a deploy must make it forget"
    yield Field(key="edge", value={"cloud_cdn": cdn}, guess=why)


def _witnesses(service: ServiceFacts, front: Front | None, address: str) -> Iterator[Field]:
    """Only where not all that could exist does."""
    closed = bool(service.readable) and all(plane.internal for plane in service.readable)
    shared = front is not None and front.shared and host_of(address or "//") == front.host
    if service.is_static or not (closed or shared):
        return
    heard = ["control-plane", *([] if closed else ["origin"])]
    if not shared:
        heard += ["edge", *(["page"] if service.is_page else [])]
    why = ["ingress is internal, so its own address is closed"] if closed else []
    why += ["documents at that host are another service's"] if shared else []
    yield Field(key="witnesses", value=tuple(heard), remark="; ".join(why))


def _lead(service: ServiceFacts, facts: Facts) -> Iterator[str]:
    for each in service.live:
        yield _serves(each)
    for each in is_behind(service, facts):
        yield (
            f"{each.build[:7]} is not the newest commit on {facts.ref}: where one repository"
            " builds several services, say which folders are this one's, as in paths: [web/**]"
        )
    for unread in service.unread:
        yield f"Cloud Run could not be read: {unread.detail}. {unread.fix}"
    if service.silent is not None:
        yield f"{service.silent.url} did not answer from here: {service.silent.detail}"
    if service.look is not None:
        yield from _unproven(service.look)


def _serves(live: LiveBuild) -> str:
    share = f"{live.revision}, {live.percent} % of traffic"
    if not live.build:
        return f"serves {share}; nothing on the revision says which commit it is"
    return f"serves {live.build[:7]} ({share}; told by {live.named_by})"


def _unproven(look: Look) -> Iterator[str]:
    host = urlsplit(look.url).netloc
    if isinstance(look.document, Unreadable):
        yield (
            f"{host} has no version document ({look.document.detail}); skewcheck-expose serves"
            " one, skewcheck stamp writes one into a built frontend"
        )
    if isinstance(look.page, PageHtml) and look.page.build is None:
        yield f"its page does not say which build it is; skewcheck stamp adds that: {host}"
