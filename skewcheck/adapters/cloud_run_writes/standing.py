"""A service and its revisions as the typed client reads them, as values that can be judged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from skewcheck.core.control_plane import Target
from skewcheck.core.rollout.lease import ANNOTATION, PIN_ANNOTATION, BrokenLease, Lease, read_lease

if TYPE_CHECKING:
    from google.cloud import run_v2

ROLLOUT_LABEL = "skewcheck-rollout"
BUILD_LABEL = "commit-sha"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A service at one moment: what was `asked` of it, and how traffic is `served`.

    `said` is the platform's own word on the last update, `problem` where it failed; `template` is
    for copying only.
    """

    etag: str
    annotations: Mapping[str, str]
    asked: tuple[Target, ...]
    served: tuple[Target, ...]
    latest_ready: str
    latest_created: str
    settled: bool
    said: str
    problem: str
    template: "run_v2.RevisionTemplate"

    @property
    def lease(self) -> Lease | BrokenLease | None:
        return read_lease(self.annotations.get(ANNOTATION, ""))

    @property
    def is_pinned(self) -> bool:
        """Whether a rollout wrote down that it keeps traffic from following LATEST."""
        return PIN_ANNOTATION in self.annotations

    def address(self, tag: str) -> str:
        return next((each.url for each in self.served if each.tag == tag), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A revision; `rollout` is the one that made it. `failure` is the platform's own word, and
    `waits_for` is as well, while it is neither ready nor failed."""

    name: str
    rollout: str
    created: datetime
    image: str
    ready: bool
    failure: str = ""
    waits_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A long-running operation by its full name; `problem` is why it failed."""

    name: str
    done: bool
    problem: str = ""


def read_service(service: "run_v2.Service") -> Standing:
    condition = service.terminal_condition
    latest_ready = short(service.latest_ready_revision)
    return Standing(
        etag=service.etag,
        annotations=dict(service.annotations),
        asked=_targets(service.traffic, latest_ready),
        served=_targets(service.traffic_statuses, latest_ready),
        latest_ready=latest_ready,
        latest_created=short(service.latest_created_revision),
        settled=not service.reconciling and service.observed_generation == service.generation,
        said=str(condition.message),
        problem=_words(condition) if condition.state.name == "CONDITION_FAILED" else "",
        template=service.template,
    )


def read_revision(revision: "run_v2.Revision") -> Made:
    ready = [each for each in revision.conditions if each.type_ == "Ready"]
    states = {each.state.name: _words(each) for each in ready}
    failure = states.get("CONDITION_FAILED", "")
    return Made(
        name=short(revision.name),
        rollout=revision.labels.get(ROLLOUT_LABEL, ""),
        created=revision.create_time,
        image=revision.containers[main_container(revision.containers)].image,
        ready="CONDITION_SUCCEEDED" in states,
        failure=failure,
        waits_for="" if failure else next(iter(states.values()), ""),
    )


def main_container(containers: Iterable[Any]) -> int:
    """Which of them serves requests: the one with a port (Admin API v2, "Container.ports": only
    one may have any), or the first where none says so."""
    with_ports = (index for index, each in enumerate(containers) if each.ports)
    return next(with_ports, 0)


def short(resource: str) -> str:
    return resource.rpartition("/")[2]


def _targets(targets: Iterable[Any], latest_ready: str) -> tuple[Target, ...]:
    """Cloud Run leaves `revision` empty where traffic follows LATEST."""
    return tuple(
        Target(
            revision=short(each.revision) or latest_ready,
            percent=each.percent,
            tag=each.tag,
            url=getattr(each, "uri", ""),
            follows_latest=each.type_.name == "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST",
        )
        for each in targets
    )


def _words(condition: Any) -> str:
    return str(condition.message) or "the platform does not say why"
