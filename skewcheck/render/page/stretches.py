"""Stretches of time in the words that the picture and its table share."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from skewcheck.core.chronicle.snapshot import SeenBuild, Snapshot, Stretch
from skewcheck.core.findings import Verdict
from skewcheck.render.page.words import when
from skewcheck.render.plan.words import short

KIND_WORDS = {"skew": "✗ skew", "block": "✗ block", "doubt": "? not known", "pass": "✓ pass"}


def kind_of(snapshot: Snapshot) -> str:
    """skew where a pair does not fit, else block, doubt or pass."""
    fits = {pair.fit for pair in snapshot.pairs}
    if "no" in fits:
        return "skew"
    if snapshot.verdict is Verdict.BLOCK:
        return "block"
    return "doubt" if fits or snapshot.verdict is Verdict.INCONCLUSIVE else "pass"


def period(first: datetime, last: datetime) -> str:
    return f"{when(first)} to {when(last)}"


def build_label(build: SeenBuild) -> str:
    """`9e39e39 90% (traffic, edge)`."""
    named = short(build.build) if build.build else "? not known"
    share = "" if build.percent is None else f" {build.percent}%"
    presences = f" ({', '.join(build.presences)})" if build.presences else ""
    return f"{named}{share}{presences}"


def unseen(seen: Sequence[Stretch], until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """After each stretch: when it was last seen, and when anybody looked again."""
    for each, after in zip(seen, [*(other.first for other in seen[1:]), until], strict=True):
        yield each.last, after
