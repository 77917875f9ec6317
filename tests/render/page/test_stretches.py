"""Stretches of time in words."""

from datetime import timedelta

import pytest

from skewcheck.core.chronicle.snapshot import SeenBuild, Snapshot
from skewcheck.core.findings import Verdict
from skewcheck.render.page.stretches import build_label, kind_of, unseen
from tests.builders import NEW, NOW
from tests.render.page.views import (
    DOUBT,
    SKEW,
    STALE,
    seen,
    snapshot,
    stretch,
)


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        (snapshot(), "pass"),
        (snapshot(Verdict.BLOCK, causes=(STALE,)), "block"),
        (snapshot(Verdict.INCONCLUSIVE), "doubt"),
        (snapshot(pairs=(DOUBT,)), "doubt"),
        (snapshot(Verdict.BLOCK, pairs=(SKEW, DOUBT)), "skew"),
        (snapshot(pairs=(SKEW,)), "skew"),
    ],
)
def test_a_pair_that_does_not_fit_is_skew_whatever_the_verdict(what: Snapshot, kind: str) -> None:
    assert kind_of(what) == kind


def test_a_build_is_told_with_its_share_and_how_it_is_live() -> None:
    assert build_label(seen(NEW.value, "traffic", "edge", percent=90)) == (
        f"{NEW.short} 90% (traffic, edge)"
    )
    assert build_label(SeenBuild(build="")) == "? not known"


def test_what_was_not_seen_lies_between_two_stretches_and_after_the_last() -> None:
    looks = (stretch(9, 6), stretch(4, 2))
    lengths = [(again - left) / timedelta(hours=1) for left, again in unseen(looks, NOW)]
    assert lengths == [2, 2]
