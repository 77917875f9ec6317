"""What a write may decide after it has read the service, and the targets that it asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from skewcheck.adapters.cloud_run_writes.standing import Standing
from skewcheck.core.control_plane import Target
from skewcheck.core.rollout.lease import ANNOTATION, Lease, write_lease

Split: TypeAlias = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRevision:
    """What sets the revision to make apart from the present template."""

    name: str
    image: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One update; what is None is left alone. `annotations` are all that the service is to have."""

    annotations: Mapping[str, str] | None = None
    traffic: tuple[Target, ...] | None = None
    template: NewRevision | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing is left to ask for, but it has not come about yet: why."""

    why: str


# None where the wish is true already.
Decision: TypeAlias = Edit | Later | None


def split_of(targets: Iterable[Target]) -> dict[str, int]:
    """Percentages by revision, LATEST resolved."""
    found: dict[str, int] = {}
    for each in targets:
        if each.percent:
            found[each.revision] = found.get(each.revision, 0) + each.percent
    return found


def split_before(lease: Lease) -> dict[str, int]:
    """The split to go back to, in the same form."""
    return split_of(_to(each.revision, each.percent, each.tag) for each in lease.before.shares)


def shows(standing: Standing, split: Split) -> bool:
    """Whether traffic is split like that, and was asked to be: both, for an update that failed
    leaves a wish behind that the next deploy would make true."""
    return split_of(standing.served) == split == split_of(standing.asked)


def pinned(standing: Standing) -> tuple[Target, ...]:
    """The targets that serve now, each naming its revision."""
    return tuple(_to(each.revision, each.percent, each.tag) for each in standing.served)


def moved(standing: Standing, split: Split) -> tuple[Target, ...]:
    """That split, and every present tag where it is."""
    shares = tuple(_to(revision, percent, "") for revision, percent in split.items())
    tags = tuple(_to(each.revision, 0, each.tag) for each in standing.served if each.tag)
    return shares + tags


def to_latest(standing: Standing, *, but: str = "", tag: str = "") -> tuple[Target, ...]:
    """All traffic to LATEST, at `tag` too if it is one; every other tag but `but` stays."""
    latest = Target(revision="", percent=100, tag=tag, follows_latest=True)
    tags = [each for each in standing.served if each.tag and each.tag not in {but, tag}]
    return (latest, *(_as_it_is(each, 0) for each in tags))


def without_tag(standing: Standing, tag: str) -> tuple[Target, ...]:
    """The targets as they are, but for the tag; its share of traffic stays."""
    rest = [
        Target(
            revision=each.revision,
            percent=each.percent,
            tag="" if each.tag == tag else each.tag,
            follows_latest=each.follows_latest,
        )
        for each in standing.served
    ]
    return tuple(each for each in rest if each.percent or each.tag)


def with_lease(standing: Standing, lease: Lease) -> dict[str, str]:
    return {**standing.annotations, ANNOTATION: write_lease(lease)}


def without(standing: Standing, *annotations: str) -> dict[str, str]:
    return {name: value for name, value in standing.annotations.items() if name not in annotations}


def _to(revision: str, percent: int, tag: str) -> Target:
    return Target(revision=revision, percent=percent, tag=tag)


def _as_it_is(target: Target, percent: int) -> Target:
    return Target(
        revision=target.revision,
        percent=percent,
        tag=target.tag,
        follows_latest=target.follows_latest,
    )
