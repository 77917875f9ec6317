"""Working fakes for what `init` and `doctor` ask of a project, held to the adapters' contracts in
tests/adapters/test_adoption.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from skewcheck.core.load_balancing import Backend, HostRoute, UrlMap
from skewcheck.core.reading import Unreadable
from skewcheck.ports import CloudRunService

PROJECT, REGION = "acme-staging", "us-central1"


@dataclass
class FakeCloudRunDirectory:
    """Services by project; `refusal` is what every question gets instead."""

    known: list[CloudRunService] = field(default_factory=list)
    refusal: Unreadable | None = None

    def add(self, *names: str, region: str = REGION, project: str = PROJECT) -> None:
        self.known += [CloudRunService(project, region, name) for name in names]

    def services(self, project: str) -> tuple[CloudRunService, ...] | Unreadable:
        if self.refusal is not None:
            return self.refusal
        found = (each for each in self.known if each.project == project)
        return tuple(sorted(found, key=lambda each: (each.service, each.region)))


@dataclass
class FakeLoadBalancers:
    """URL maps by project; `refusal` is what every question gets instead."""

    known: list[UrlMap] = field(default_factory=list)
    refusal: Unreadable | None = None
    project: str = PROJECT

    def route(
        self, host: str, backend: Backend, *, path: str = "/*", name: str = "acme-web"
    ) -> None:
        """One more route at the end of that map, which is made where it is not there."""
        mine = [each for each in self.known if each.name == name]
        routes = mine[0].routes if mine else ()
        route = HostRoute(host=host, path=path, backend=backend)
        changed = UrlMap(project=self.project, name=name, routes=(*routes, route))
        self.known = [*(each for each in self.known if each not in mine), changed]

    def url_maps(self, project: str) -> tuple[UrlMap, ...] | Unreadable:
        if self.refusal is not None:
            return self.refusal
        found = (each for each in self.known if each.project == project)
        return tuple(sorted(found, key=lambda each: each.name))


def serverless(*services: str, region: str = REGION, cdn: bool = False) -> Backend:
    """A backend in front of those Cloud Run services."""
    pairs: Iterable[tuple[str, str]] = ((region, each) for each in services)
    return Backend(name=f"{services[0]}-backend", cloud_run=tuple(pairs), cdn=cdn)
