"""The table beside the picture tells the same."""

from datetime import timedelta

from skewcheck.core.findings import Verdict
from skewcheck.render.page.timeline import Timeline, timeline_of
from tests.builders import NEW, NOW, OLD
from tests.render.page.views import (
    DOUBT,
    SKEW,
    STALE,
    page,
    snapshot,
    stretch,
    view,
)


def line(*stretches: object, since_h: float | None = None) -> Timeline:
    since = None if since_h is None else NOW - timedelta(hours=since_h)
    found = timeline_of(stretches, until=NOW, since=since)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_the_table_tells_the_same_the_newest_first() -> None:
    found = line(
        stretch(9, 6),
        stretch(3, 2, snapshot(Verdict.BLOCK, pairs=(SKEW, DOUBT))),
        stretch(1.95, 0.05, snapshot(Verdict.BLOCK, causes=(STALE,))),
    )
    assert [(each.word, each.gap, each.lasted) for each in found.told] == [
        ("✗ block", False, "1 h 54 min"),
        ("✗ skew", False, "1 h"),
        ("", True, "3 h"),
        ("✓ pass", False, "3 h"),
    ]
    block, skew, _, _ = found.told
    assert block.why == ("stale-edge on frontend",)
    assert skew.why == (
        f"chat: {OLD.short} → {NEW.short} does not fit, 12.5% of new meetings",
        f"chat: ? → {NEW.short} not known",
    )
    assert skew.builds == (f"{NEW.short} 100% (traffic)",) * 2


def test_a_build_list_that_is_empty_is_not_known() -> None:
    assert line(stretch(2, 0, snapshot(services={"api": ()}))).told[0].builds == ("? not known",)


def test_a_long_past_is_told_in_part_and_says_so() -> None:
    found = line(*(stretch(n + 1, n + 0.95) for n in range(80)))
    assert len(found.told) == 100
    assert found.left_out == 60
    root = page(view(history=tuple(stretch(n + 1, n + 0.95) for n in range(80))))
    assert "and 60 earlier rows" in root.text


def test_the_table_of_the_picture_is_folded_and_whole() -> None:
    root = page(view(history=(stretch(9, 5), stretch(3, 1, snapshot(pairs=(SKEW,))))))
    rows = root.by_id("e0-time-table").one("tbody").all("tr")
    assert ["nobody looked" in each.text for each in rows] == [True, False, True, False]
    assert "does not fit" in rows[1].text
