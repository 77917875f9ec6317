"""The records of Cloud Run: services, revisions and which template each revision came from."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from skewcheck.sandbox.documents import Json, last, parent, project, region
from skewcheck.sandbox.errors import invalid, not_found
from skewcheck.sandbox.run import revisions

_LARGEST_PAGE = 100


@dataclass(slots=True)
class Store:
    """Documents by resource name; whoever changes them holds the lock of CloudRun."""

    services: dict[str, Json] = field(default_factory=dict)
    revisions: dict[str, Json] = field(default_factory=dict)
    configurations: dict[str, Json] = field(default_factory=dict)

    def service(self, name: str) -> Json:
        """The service, or Google's 404."""
        try:
            return self.services[name]
        except KeyError:
            raise not_found(_missing(name)) from None

    def revision(self, name: str) -> Json:
        """The revision, or Google's 404."""
        try:
            return self.revisions[name]
        except KeyError:
            raise not_found(f"Revision '{last(name)}' not found.") from None

    def revisions_of(self, service: str) -> list[Json]:
        """Newest first; `…/services/-` means those of every service in the region."""
        if last(service) == "-":
            wanted = [r for r in list(self.revisions.values()) if _region(r) == parent(service)]
        else:
            wanted = [r for r in list(self.revisions.values()) if r["service"] == service]
        return wanted[::-1]

    def short_names(self, service: str) -> set[str]:
        """The short names of a service's revisions."""
        return {last(revision["name"]) for revision in self.revisions_of(service)}

    def add_revision(self, service: Json, revision: Json) -> None:
        """Keep the revision and the configuration that it stands for."""
        self.revisions[revision["name"]] = revision
        self.configurations[revision["name"]] = revisions.configuration(service["template"])

    def forget(self, service: str) -> list[str]:
        """Drop a service with its revisions; the names of those."""
        del self.services[service]
        gone = [revision["name"] for revision in self.revisions_of(service)]
        for name in gone:
            del self.revisions[name], self.configurations[name]
        return gone


def page(items: Iterable[Json], size: str, token: str) -> tuple[list[Json], str]:
    """One page and the token of the next; an empty token is the end."""
    everything = list(items)
    if not (size or "0").isdecimal() or not (token or "0").isdecimal():
        raise invalid("page_size and page_token must be what the API gave out.")
    length = int(size or 0) or _LARGEST_PAGE
    start = int(token or 0)
    end = start + min(length, _LARGEST_PAGE)
    return everything[start:end], str(end) if end < len(everything) else ""


def _region(revision: Json) -> str:
    return parent(revision["service"])


def _missing(name: str) -> str:
    return (
        f"Resource '{last(name)}' of kind 'SERVICE' in region '{region(name)}' "
        f"in project '{project(name)}' does not exist."
    )
