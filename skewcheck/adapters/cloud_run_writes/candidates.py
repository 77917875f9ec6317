"""Revisions that a rollout makes, ready and tagged but without traffic, and their removal."""

from collections.abc import Callable
from dataclasses import dataclass

from skewcheck.adapters.cloud_run_writes.client import Client
from skewcheck.adapters.cloud_run_writes.edit import (
    Decision,
    Edit,
    Later,
    NewRevision,
    pinned,
    with_lease,
)
from skewcheck.adapters.cloud_run_writes.leases import (
    held,
    may_be_needed,
    renewed,
    standing_lease,
)
from skewcheck.adapters.cloud_run_writes.names import check_names
from skewcheck.adapters.cloud_run_writes.standing import Made, Standing, main_container
from skewcheck.adapters.cloud_run_writes.writer import Writer, look
from skewcheck.core.control_plane import Target
from skewcheck.core.errors import ActionFailedError
from skewcheck.core.rollout.lease import Lease
from skewcheck.core.rollout.order import Place
from skewcheck.google_api.patience import Patience
from skewcheck.google_api.refusal import Refusal, one_line
from skewcheck.ports.rollout import Revise, Revised


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """The revision that one call of `create` wants, and what it is judged by."""

    place: Place
    lease: Lease
    wanted: Revise
    labels: dict[str, str]

    def decide(
        self, standing: Standing, found: Made | None, present: Callable[[str], Made | None]
    ) -> Decision:
        """`found` is the revision of that name, `present` looks any other up."""
        current = held(self.place, standing, self.lease)
        if not standing.served:
            told = f"{self.place} serves nothing yet: there is no traffic to keep or to go back to"
            raise ActionFailedError(told, hint=look(self.place))
        if found is None:
            return self._new(standing, current, present)
        self._check(found)
        if not found.ready:
            return Later(f"the revision {found.name} is not ready ({one_line(found.waits_for)})")
        return self._tagged(standing, current, found)

    def _tagged(self, standing: Standing, current: Lease, found: Made) -> Decision:
        is_asked, is_served = (
            _has(targets, self.wanted.tag, found.name)
            for targets in (standing.asked, standing.served)
        )
        if is_asked and is_served:
            return None
        if is_asked and not standing.problem:
            return Later(f"the platform does not show the tag {self.wanted.tag} yet")
        return Edit(
            annotations=self._annotations(standing, current), traffic=self._traffic(standing)
        )

    def _new(
        self, standing: Standing, current: Lease, present: Callable[[str], Made | None]
    ) -> Edit:
        return Edit(
            annotations=self._annotations(standing, current),
            traffic=self._traffic(standing),
            template=NewRevision(
                name=self.wanted.revision,
                image=_image(standing, self.wanted.image, present),
                labels=self.labels,
            ),
        )

    def _check(self, found: Made) -> None:
        if found.rollout != self.lease.rollout:
            whose = f"of rollout {found.rollout}" if found.rollout else "that no rollout made"
            told = f"{self.place} has a revision {found.name} already, {whose}"
            raise ActionFailedError(told, hint="roll out again: a new rollout takes a new name")
        if found.failure:
            told = f"{self.place}: the revision {found.name} did not get ready"
            raise ActionFailedError(
                f"{told}: {one_line(found.failure)}", hint=_logs(self.place, found)
            )

    def _annotations(self, standing: Standing, current: Lease) -> dict[str, str]:
        return with_lease(standing, renewed(current, self.lease))

    def _traffic(self, standing: Standing) -> tuple[Target, ...]:
        """Everything where it is, each target naming its revision: whoever deploys next, or this
        very update, would otherwise move what follows LATEST."""
        tag = Target(revision=self.wanted.revision, percent=0, tag=self.wanted.tag)
        kept = tuple(each for each in pinned(standing) if each.tag != self.wanted.tag)
        return (*kept, tag)


def create(client: Client, writer: Writer, patience: Patience, candidate: Candidate) -> Revised:
    """The candidate's revision, made or adopted, once it is ready."""

    def look_up(name: str) -> Made | None:
        return writer.read(patience, lambda: client.revision(candidate.place, name))

    def decide(standing: Standing) -> Decision:
        return candidate.decide(standing, look_up(candidate.wanted.revision), look_up)

    written = writer.write(patience, decide)
    made = look_up(candidate.wanted.revision)
    return Revised(
        revision=candidate.wanted.revision,
        url=written.standing.address(candidate.wanted.tag),
        image=made.image if made else candidate.wanted.image,
        evidence=written.operations,
        adopted=not written.operations,
    )


def candidate(place: Place, lease: Lease, wanted: Revise) -> Candidate:
    """ActionFailedError where Cloud Run would refuse one of the names."""
    labels = check_names(place, wanted, lease.rollout)
    return Candidate(place=place, lease=lease, wanted=wanted, labels=labels)


def unused(standing: Standing, revisions: tuple[Made, ...], *, keep: int) -> tuple[Made, ...]:
    """What rollouts made and nobody needs, all but the newest `keep`, the oldest first."""
    named = {each.revision for each in (*standing.served, *standing.asked)}
    named |= {standing.latest_ready, standing.latest_created}
    lease = standing_lease(standing)
    if lease:  # a rollout is under way
        named |= may_be_needed(lease)
    made = [each for each in revisions if each.rollout and each.name not in named]
    made.sort(key=lambda each: (each.created, each.name))
    return tuple(made[: max(0, len(made) - keep)])


def delete(client: Client, writer: Writer, patience: Patience, name: str) -> bool:
    """Whether it is gone by us; somebody else's deletion is none of ours."""
    sent = False
    while isinstance(answer := client.delete(writer.place, name), Refusal):
        if answer.status == 404:
            return sent
        sent = True
        patience.bear(answer)
    ended = writer.finish(patience, answer)
    if ended.problem or not ended.done:
        why = one_line(ended.problem) or f"{ended.name} has not ended after {patience.limit}"
        patience.give_up(f"{name} is not deleted: {why}", hint=client.look(ended.name))
    return True


def _image(standing: Standing, wanted: str, present: Callable[[str], Made | None]) -> str:
    """By digest where the present revision was made from the same reference and was pinned then:
    no registry is asked here, and the same tag must not mean two images within one rollout."""
    containers = standing.template.containers
    if containers[main_container(containers)].image != wanted:
        return wanted
    made = present(standing.latest_created)
    return made.image if made and "@sha256:" in made.image else wanted


def _has(targets: tuple[Target, ...], tag: str, revision: str) -> bool:
    return any(each.tag == tag and each.revision == revision for each in targets)


def _logs(place: Place, made: Made) -> str:
    told = (
        f'resource.type="cloud_run_revision" AND resource.labels.service_name="{place.service}" '
        f'AND resource.labels.revision_name="{made.name}"'
    )
    return f"gcloud logging read '{told}' --project={place.project} --limit=50"
