"""A small cloud in which what is asked for comes about, and is then observed.

The web client stands behind an edge, which holds its old page until it is told to forget.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from skewcheck.core.answer import Answer, HttpRead
from skewcheck.core.build import BuildSha
from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.reading import Unreadable
from skewcheck.core.rollout.order import EdgeOrder
from skewcheck.ports import CloudRunService
from skewcheck.ports.rollout import Trigger
from tests.fakes import FakeWorld, Reply
from tests.flows.worlds import API, APP, page, version_document
from tests.rollout_fakes import FakePlatformWrites, FakeRevision, FakeService


@dataclass
class Cloud:
    """What runs, as the reading ports see it. `frozen` edges forget nothing; `answers` are what
    URLs say instead, empty for nothing, `pages` what stands on them; `spoil` is what becomes of
    each control plane."""

    world: FakeWorld
    writes: FakePlatformWrites
    bucket: BuildSha | None
    edge: str = ""
    frozen: bool = False
    unreadable: dict[str, Unreadable] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    spoil: Callable[[ControlPlane], ControlPlane] = lambda plane: plane
    reads: list[str] = field(default_factory=list)

    def observe(
        self, wanted: Sequence[CloudRunService]
    ) -> Mapping[CloudRunService, ControlPlane | Unreadable]:
        return {
            each: self.unreadable.get(each.service) or self.spoil(self.writes.plane(each))
            for each in wanted
        }

    def read(self, url: str, *, as_browser: bool, accept: str = "*/*") -> HttpRead:
        """The web by its edge, everything else from where it serves."""
        del as_browser, accept
        self.reads.append(url)
        build = self.answers.get(url, self._serves(url))
        reply = page(build) if url == f"{APP}/" else version_document(build)
        if url in self.pages or url.endswith(".js"):
            reply = _nameless(self.pages.get(url, "missing"))
        headers = {name.lower(): value for name, value in reply.headers.items()}
        now = self.world.clock.now()
        return Answer(url=url, status=reply.status, headers=headers, body=reply.body, read_at=now)

    def forget(self, edge: EdgeOrder) -> None:
        del edge
        if not self.frozen:
            self.edge = self.behind("web")

    def deploy(self, trigger: Trigger, commit: str) -> str:
        """What the service's own build does: files into the bucket, or a revision."""
        name = trigger.name.removeprefix("deploy-")
        if name == "web" and self.bucket is not None:
            self.bucket = BuildSha(commit)
        for where, service in self.writes.services.items():
            if where.service == name:
                number = len(service.revisions) + 1
                service.deploy(FakeRevision(name=f"{name}-{number:05}", build=commit))
        return ""

    def behind(self, name: str) -> str:
        """The build that most of that service's traffic meets, in its first region."""
        if name == "web" and self.bucket is not None:
            return self.bucket.value
        service = self._regions(name)[0]
        return _build(service, max(service.split, key=lambda revision: service.split[revision]))

    def _serves(self, url: str) -> str:
        if url.startswith(APP):
            return self.edge
        name = "api" if url.startswith(API) else url.removeprefix("https://").partition(".test")[0]
        tag, _, tagged = name.partition("---")
        if not tagged:
            return self.behind(name)
        return next(
            _build(service, target.revision)
            for service in self._regions(tagged)
            for target in service.targets
            if target.tag == tag
        )

    def _regions(self, name: str) -> list[FakeService]:
        return [each for where, each in self.writes.services.items() if where.service == name]


def _build(service: FakeService, revision: str) -> str:
    found = service.revision(revision)
    assert found is not None
    return found.build


def _nameless(text: str) -> Reply:
    """A page without a build, or none at all; one that is `gone` loads a script that is."""
    if text == "missing":
        return Reply(status=404)
    script = '<script src="/gone.js"></script>' if text == "gone" else ""
    html = f"<!doctype html><title>Acme</title>{script}<p>{text}"
    return Reply(body=html.encode(), headers={"Content-Type": "text/html"})
