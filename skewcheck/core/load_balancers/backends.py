"""What stands behind a URL map: backend services with their network endpoint groups, and buckets.

Rules of this file: a resource is known by its path behind `projects/`, never by its bare name,
which other projects and regions use too; one that was not listed is a backend of which only the
name is known.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from skewcheck.core.cloud_run.fields import (
    Document,
    MalformedError,
    document,
    documents,
    flag,
    inner,
    last_segment,
    number,
    text,
)
from skewcheck.core.load_balancing import Backend

_SERVERLESS = "SERVERLESS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The pages of the four lists, as they came."""

    url_maps: Sequence[Document]
    services: Sequence[Document]
    buckets: Sequence[Document]
    groups: Sequence[Document]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """One network endpoint group; only a serverless one names a service or a mask."""

    serverless: bool
    cloud_run: tuple[str, str] | None = None
    url_mask: str = ""


def resource(url: str) -> str:
    """`acme/global/backendServices/web` of a full or a partial URL of that resource."""
    return url.rpartition("projects/")[2]


def read_backends(listed: Listed) -> Mapping[str, Backend]:
    """By the path of the resource."""
    groups = dict(_groups(listed.groups))
    found: dict[str, Backend] = {}
    for page in listed.services:
        for each in documents(page, "items"):
            found[_own(each)] = _service(each, groups)
    for page in listed.buckets:
        for each in documents(page, "items"):
            found[_own(each)] = Backend(
                name=text(each, "name"),
                bucket=text(each, "bucketName"),
                cdn=flag(each, "enableCdn"),
            )
    return found


def _groups(pages: Sequence[Document]) -> Iterator[tuple[str, _Group]]:
    """An aggregated list has one entry for each region and zone, most of them without any."""
    for page in pages:
        for scope, held in inner(page, "items").items():
            for each in documents(document(held, scope), "networkEndpointGroups"):
                yield _own(each), _group(each)


def _group(fields: Document) -> _Group:
    if text(fields, "networkEndpointType") != _SERVERLESS:
        return _Group(serverless=False)
    cloud_run = inner(fields, "cloudRun")
    service, region = text(cloud_run, "service"), last_segment(text(fields, "region"))
    return _Group(
        serverless=True,
        cloud_run=(region, service) if service and region else None,
        url_mask=text(cloud_run, "urlMask"),
    )


def _service(fields: Document, groups: Mapping[str, _Group]) -> Backend:
    named = [resource(text(each, "group")) for each in documents(fields, "backends")]
    known = [groups[each] for each in named if each in groups]
    return Backend(
        name=text(fields, "name"),
        cloud_run=tuple(each.cloud_run for each in known if each.cloud_run),
        url_mask=next((each.url_mask for each in known if each.url_mask), ""),
        cdn=flag(fields, "enableCDN"),
        timeout_s=_timeout_s(fields, known, of=len(named)),
        affinity=text(fields, "sessionAffinity") or "NONE",
        protocol=text(fields, "protocol"),
    )


def _timeout_s(fields: Document, known: Sequence[_Group], *, of: int) -> int | None:
    """None for serverless backends: the API shows its default of 30 seconds there too, and
    refuses to set another ("Timeout sec is not supported for a backend service with Serverless
    network endpoint groups"), for Cloud Run's own request timeout is what counts."""
    if of and len(known) == of and all(each.serverless for each in known):
        return None
    return number(fields, "timeoutSec") or None


def _own(fields: Document) -> str:
    link = text(fields, "selfLink")
    if not link or not text(fields, "name"):
        raise MalformedError("a resource without a name or a selfLink")
    return resource(link)
