"""The sandbox as its callers see it: one object that starts, deploys, breaks and cleans up.

Rule of this file: what it does to Cloud Run goes through the very functions that the API calls.
"""

import random
import shutil
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from skewcheck.sandbox import deploying, exports
from skewcheck.sandbox.api.cloud_build import CloudBuild
from skewcheck.sandbox.api.cloud_run_v1 import CloudRunV1
from skewcheck.sandbox.api.cloud_run_v2 import CloudRunV2
from skewcheck.sandbox.api.compute import Compute
from skewcheck.sandbox.api.faults import Faults
from skewcheck.sandbox.api.http import ControlPlane, Routes
from skewcheck.sandbox.api.iam import Permissions
from skewcheck.sandbox.api.logging import Logging
from skewcheck.sandbox.builds import Builds
from skewcheck.sandbox.clock import Now, system_now
from skewcheck.sandbox.documents import Json, last
from skewcheck.sandbox.edges.edge import Edge
from skewcheck.sandbox.edges.router import Router
from skewcheck.sandbox.errors import SandboxError
from skewcheck.sandbox.images import Catalogue
from skewcheck.sandbox.logbook import Logbook
from skewcheck.sandbox.processes import Fleet, Process
from skewcheck.sandbox.run import revisions
from skewcheck.sandbox.run import traffic as targets
from skewcheck.sandbox.run.cloud_run import Change, CloudRun
from skewcheck.sandbox.run.traffic import Share
from skewcheck.sandbox.url_maps import UrlMaps

_DEPLOY_WITHIN_S = 60.0


class Sandbox:
    """A small Google Cloud on loopback, alive until `close`.

    `operations_take` is how many seconds a long-running operation takes, `seed` decides the
    traffic split, `inherit` is the environment that processes may see parts of (PATH and locale).
    While `behind` is set, what is created in Cloud Run is that much older than it is.
    """

    def __init__(
        self,
        project: str = "acme-staging",
        region: str = "us-central1",
        *,
        operations_take: float = 0.1,
        seed: int = 1,
        now: Now = system_now,
        inherit: Mapping[str, str] | None = None,
    ) -> None:
        self.project = project
        self.inherit = dict(inherit or {})
        self.region = region
        self.behind = timedelta(0)
        self.images = Catalogue()
        self.denied_permissions: set[str] = set()
        self.faults = Faults()
        self.log = Logbook(now)
        self.url_maps = UrlMaps(takes=operations_take)
        self.builds = Builds(takes=operations_take, now=now)
        self._chance = random.Random(seed)  # noqa: S311  names, not secrets
        self._fleet = Fleet(self.images, self.inherit, self.log.printed)
        self._router = Router(
            shares=self._shares, port_of=self._port_of, on_served=self.log.served, seed=seed
        )
        self.cloud_run = CloudRun(
            self._fleet,
            self._router,
            now=lambda: now() - self.behind,
            takes=operations_take,
            seed=seed,
        )
        self.control_plane = ControlPlane(self._routes(), self.faults)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    @cached_property
    def directory(self) -> Path:
        """A place for files that live as long as the sandbox, made when first needed."""
        return Path(tempfile.mkdtemp(prefix="skewcheck-sandbox-"))

    @property
    def endpoint(self) -> str:
        """Where the control plane answers, for adapters that are told an endpoint."""
        return self.control_plane.url

    def name_of(self, service: str) -> str:
        """The full resource name of a service."""
        return f"projects/{self.project}/locations/{self.region}/services/{service}"

    def url(self, service: str, tag: str = "") -> str:
        """The address of a service or of one of its tags; the same before and after deploys."""
        name = self.name_of(service)
        return self._router.tag_uri(name, tag) if tag else self._router.service_uri(name)

    def service(self, service: str) -> Json:
        """The service as the v2 API shows it."""
        return self.cloud_run.store.service(self.name_of(service))

    def serving(self, service: str) -> dict[str, int]:
        """Revisions (short names) and their percentages, LATEST resolved."""
        return {share.revision: share.percent for share in targets.shares(self.service(service))}

    def deploy(
        self,
        service: str,
        image: str,
        *,
        env: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
        traffic: Literal["latest", "none"] = "latest",
        tag: str = "",
    ) -> str:
        """Deploy the image and wait until it is ready; the short name of its revision."""
        current = self.cloud_run.store.services.get(self.name_of(service))
        generation = int(current["generation"]) + 1 if current else 1
        named = revisions.generated_name(service, generation, self._chance) if tag else ""
        body = deploying.body(image, env or {}, labels or {}, named)
        body["traffic"] = deploying.traffic(current, traffic, named, tag)
        self.update(service, body, mask="template,traffic,labels")
        return last(self.service(service)["latestCreatedRevision"])

    def set_traffic(self, service: str, percents: Mapping[str, int] | Literal["latest"]) -> None:
        """Split traffic over revisions, or give all of it to the latest; tags stay."""
        tags = [
            targets.to_revision(status["revision"], 0, status["tag"])
            for status in targets.pinned(self.service(service))
            if status.get("tag")
        ]
        split = (
            [targets.to_latest()]
            if percents == "latest"
            else [targets.to_revision(name, percent) for name, percent in percents.items()]
        )
        self.update(service, {"traffic": split + tags}, mask="traffic")

    def update(self, service: str, body: Json, *, mask: str) -> Json:
        """Any update, waited for; the service afterwards."""
        change = Change(mask=mask, allow_missing=True)
        started = self.cloud_run.update(self.name_of(service), body, change)
        ended = self.cloud_run.operations.wait(started["name"], _DEPLOY_WITHIN_S)
        if "error" in ended or not ended["done"]:
            raise SandboxError(ended.get("error", {}).get("message", "took too long"))
        return self.service(service)

    def edge(
        self,
        host: str,
        service: str,
        url_map: str = "acme-web",
        *,
        include_query_string: bool = False,
    ) -> Edge:
        """A new edge in front of a service."""
        name = self.name_of(service)
        edge = Edge(
            host,
            url_map,
            lambda: self._router.service_port(name),
            include_query_string=include_query_string,
            on_served=lambda request: self.log.balanced(self.project, request),
        )
        self.url_maps.add(edge, cloud_run=name)
        return edge

    def process(self, service: str, revision: str) -> Process | None:
        """The running process of a revision."""
        return self._fleet.process(f"{self.name_of(service)}/revisions/{revision}")

    def tell(self, service: str, settings: Json) -> None:
        """Change settings of all running revisions of a service, such as `dependencies`."""
        for name in self.cloud_run.store.short_names(self.name_of(service)):
            process = self.process(service, name)
            if process:
                process.tell(settings)

    def exports(self) -> dict[str, str]:
        """The environment in which skewcheck and gcloud speak to this sandbox."""
        where = exports.Where(
            self.project, self.region, self.control_plane.port, self.directory / "gcloud"
        )
        return exports.for_skewcheck(where) | exports.for_gcloud(where)

    def close(self) -> None:
        """End every process, connection and thread, and remove the files."""
        self.builds.close()
        self._fleet.close()  # first: Cloud Run waits for what is still starting
        self.cloud_run.close()
        self._router.close()
        self.url_maps.close()
        self.control_plane.close()
        if "directory" in vars(self):
            shutil.rmtree(self.directory, ignore_errors=True)

    def _routes(self) -> Routes:
        return (
            *CloudRunV2(self.cloud_run).routes(),
            *CloudRunV1(self.cloud_run, self.region).routes(),
            *CloudBuild(self.builds).routes(),
            *Logging(self.log).routes(),
            *Compute(self.url_maps).routes(),
            *Permissions(self.denied_permissions).routes(),
        )

    def _shares(self, service: str, tag: str) -> list[Share]:
        document = self.cloud_run.store.services.get(service, {})
        return targets.tagged(document, tag) if tag else targets.shares(document)

    def _port_of(self, revision: str) -> int | None:
        process = self._fleet.process(revision)
        return process.port if process else None
