"""How a rollout lets go of a service: without its tag and lease, and following LATEST if it may."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from skewcheck.adapters.cloud_run_writes.edit import (
    Decision,
    Edit,
    split_of,
    to_latest,
    without,
    without_tag,
)
from skewcheck.adapters.cloud_run_writes.leases import held, standing_lease, was_moved_by_others
from skewcheck.adapters.cloud_run_writes.standing import Standing
from skewcheck.core.control_plane import Target
from skewcheck.core.rollout.lease import ANNOTATION, PIN_ANNOTATION, Lease, Pin, write_pin
from skewcheck.core.rollout.order import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What one call of `release` wants."""

    place: Place
    lease: Lease
    tag: str
    pin: Pin

    def decide(self, standing: Standing, is_ours: Callable[[str], bool]) -> Decision:
        """Over where our lease is not there and neither is the tag, whoever holds it by now."""
        current = standing_lease(standing)
        mine = current is not None and current.rollout == self.lease.rollout
        if not mine and not self._is_tagged(standing):
            return None
        current = held(self.place, standing, self.lease)
        if not standing.served:
            return Edit(annotations=without(standing, ANNOTATION))
        left_alone = was_moved_by_others(standing, current, is_ours) is not None
        if left_alone or follows_latest(standing.served):
            return self._edit(standing, without(standing, ANNOTATION))
        return self._ended(standing, current)

    def remarks(self, standing: Standing) -> tuple[str, ...]:
        """What is worth knowing of how it was left."""
        if PIN_ANNOTATION in standing.annotations:
            return ("traffic does not follow LATEST: the pin is written down on the service",)
        return ("traffic follows LATEST",) if follows_latest(standing.served) else ()

    def _ended(self, standing: Standing, current: Lease) -> Edit:
        followed = current.before.followed_latest or standing.is_pinned
        if followed and _latest_serves(standing):
            annotations = without(standing, ANNOTATION, PIN_ANNOTATION)
            tag = _tag_of_latest(current) if current.before.followed_latest else ""
            return Edit(annotations=annotations, traffic=to_latest(standing, but=self.tag, tag=tag))
        annotations = without(standing, ANNOTATION)
        if followed:
            annotations[PIN_ANNOTATION] = write_pin(self.pin)
        return self._edit(standing, annotations)

    def _edit(self, standing: Standing, annotations: dict[str, str]) -> Edit:
        """Traffic is not touched where the tag is gone: less to go wrong."""
        if not self._is_tagged(standing):
            return Edit(annotations=annotations)
        return Edit(annotations=annotations, traffic=without_tag(standing, self.tag))

    def _is_tagged(self, standing: Standing) -> bool:
        targets = (*standing.asked, *standing.served)
        return bool(self.tag) and any(each.tag == self.tag for each in targets)


def unpin(standing: Standing) -> Edit | None:
    """Traffic follows LATEST, and no pin says otherwise."""
    both = follows_latest(standing.served) and follows_latest(standing.asked)
    if both and not standing.is_pinned:
        return None
    traffic = None if both else to_latest(standing)
    return Edit(annotations=without(standing, PIN_ANNOTATION), traffic=traffic)


def follows_latest(targets: Iterable[Target]) -> bool:
    """Whether all of it goes to whatever is the latest."""
    return any(each.follows_latest and each.percent == 100 for each in targets)


def _latest_serves(standing: Standing) -> bool:
    """Also that nothing newer is about to get ready or has failed: LATEST would go there, or the
    platform would refuse it."""
    latest = standing.latest_ready
    return latest == standing.latest_created and split_of(standing.served) == {latest: 100}


def _tag_of_latest(lease: Lease) -> str:
    """The tag that followed LATEST together with the traffic."""
    return next((share.tag for share in lease.before.shares if share.percent == 100), "")
