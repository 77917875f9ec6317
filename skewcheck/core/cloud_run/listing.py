"""Which services a project has, as the v1 (Knative) API lists them: the only one of Cloud Run's
that answers for all regions at once.
"""

from collections.abc import Iterable
from datetime import datetime

from skewcheck.core.cloud_run.fields import (
    Document,
    MalformedError,
    document,
    documents,
    inner,
    text,
    texts,
)
from skewcheck.core.findings import Code
from skewcheck.core.reading import Unreadable

_LOCATION = "cloud.googleapis.com/location"


def read_services(
    pages: Iterable[object], *, url: str, read_at: datetime
) -> tuple[tuple[str, str], ...] | Unreadable:
    """(region, service) pairs, sorted by service; a list with holes is none."""
    found: set[tuple[str, str]] = set()
    silent: set[str] = set()
    try:
        for each in pages:
            page = document(each, "a page")
            silent |= set(texts(page, "unreachable"))
            found |= {_place(item) for item in documents(page, "items")}
    except MalformedError as error:
        detail = f"Cloud Run's list of services breaks its own schema: {error}"
        fix = f"curl -sS -i {url}"
        return Unreadable(url=url, cause=Code.NOT_JSON, detail=detail, fix=fix, read_at=read_at)
    if silent:
        regions = ", ".join(sorted(silent))
        detail = f"Cloud Run could not reach {regions}, so its list of services has holes"
        fix = "run again in a minute; https://status.cloud.google.com tells of outages"
        return Unreadable(url=url, cause=Code.UNREACHABLE, detail=detail, fix=fix, read_at=read_at)
    return tuple(sorted(found, key=lambda pair: (pair[1], pair[0])))


def _place(item: Document) -> tuple[str, str]:
    metadata = inner(item, "metadata")
    name, region = text(metadata, "name"), text(inner(metadata, "labels"), _LOCATION)
    if not name or not region:
        raise MalformedError("a service without a name or a location")
    return region, name
