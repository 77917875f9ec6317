"""The past as a picture: what was live when, where it did not fit, and when nobody looked."""

from datetime import timedelta

from skewcheck.render.page.timeline import Timeline, timeline_of
from tests.builders import NEW, NEXT, NOW, OLD
from tests.render.page.views import (
    SKEW,
    page,
    seen,
    snapshot,
    stretch,
    view,
)


def line(*stretches: object, since_h: float | None = None) -> Timeline:
    since = None if since_h is None else NOW - timedelta(hours=since_h)
    found = timeline_of(stretches, until=NOW, since=since)  # type: ignore[arg-type]
    assert found is not None
    return found


def places(segments: object) -> list[tuple[float, float]]:
    return [(each.x, each.width) for each in segments]  # type: ignore[attr-defined]


def test_places_are_shares_of_the_time_that_is_shown() -> None:
    found = line(stretch(10, 5), stretch(5, 0, snapshot(pairs=(SKEW,))))
    assert places(found.verdicts.segments) == [(0.0, 50.0), (50.0, 50.0)]
    assert [each.label for each in found.verdicts.segments] == ["✓ pass", "✗ skew"]
    assert found.gaps == ()
    assert (found.since, found.until) == ("2026-11-23 12:10 UTC", "2026-11-23 22:10 UTC")


def test_when_nobody_looked_is_a_gap_before_between_and_after() -> None:
    found = line(stretch(8, 6), stretch(4, 2), since_h=10)
    assert places(found.gaps) == [(0.0, 20.0), (40.0, 20.0), (80.0, 20.0)]
    assert all(each.title.startswith("nobody looked, ") for each in found.gaps)


def test_what_began_earlier_is_cut_and_what_was_over_is_left_out() -> None:
    found = line(stretch(40, 30), stretch(20, 5), since_h=10)
    assert places(found.verdicts.segments) == [(0.0, 50.0)]


def test_a_look_that_lasted_no_time_is_wide_enough_to_be_seen_even_at_the_end() -> None:
    found = line(stretch(1000, 1000), stretch(0, 0))
    assert places(found.verdicts.segments) == [(0.0, 0.3), (99.7, 0.3)]
    assert places(line(stretch(0, 0)).verdicts.segments) == [(0.0, 0.3)]


def test_nothing_to_show_is_no_picture() -> None:
    assert timeline_of((), until=NOW) is None
    assert timeline_of((stretch(9, 8),), until=NOW, since=NOW) is None
    assert timeline_of((stretch(-1, -2),), until=NOW) is None
    assert "History" not in page(view()).text


def test_a_build_keeps_its_row_and_its_colour_while_it_is_live() -> None:
    both = snapshot(
        services={"backend": (seen(NEW.value, percent=90), seen(OLD.value, percent=10))}
    )
    after = snapshot(services={"backend": (seen(NEXT.value), seen(NEW.value))})
    only = snapshot(services={"backend": (seen(OLD.value),)})
    (lane,) = line(stretch(9, 6, only), stretch(6, 3, both), stretch(3, 0, after)).lanes
    rows = {(each.x, each.label.split()[0]): (each.row, each.kind) for each in lane.segments}
    assert rows[0.0, OLD.short] == rows[33.333, OLD.short] == (0, "b0")
    assert rows[33.333, NEW.short] == rows[66.667, NEW.short] == (1, "b1")
    assert rows[66.667, NEXT.short] == (0, "b2")
    assert lane.height == 40


def test_labels_tell_the_share_and_how_it_is_live() -> None:
    what = snapshot(
        services={
            "frontend": (
                seen(NEW.value, "traffic", "edge", percent=100),
                seen(OLD.value, "may linger"),
                seen("", percent=5),
            ),
            "idle": (),
        }
    )
    frontend, idle = line(stretch(2, 0, what)).lanes
    assert [(each.label, each.kind) for each in frontend.segments] == [
        (f"{NEW.short} 100% (traffic, edge)", "b0"),
        (f"{OLD.short} (may linger)", "b1 lingers"),
        ("? not known 5% (traffic)", "unnamed"),
    ]
    assert (idle.segments, idle.height) == ((), 20)
    assert idle.top == frontend.top + frontend.height + 22


def test_a_build_has_the_same_colour_in_every_lane() -> None:
    frontend, backend = line(stretch(2, 0)).lanes
    assert frontend.segments[0].kind == backend.segments[0].kind


def test_a_service_that_came_later_has_nothing_before() -> None:
    one = snapshot(services={"frontend": (seen(),)})
    found = line(stretch(9, 5, one), stretch(5, 0))
    assert found.services == ("frontend", "backend")
    assert places(found.lanes[1].segments) == [(44.444, 55.556)]


def test_a_picture_without_a_service_shows_the_verdicts() -> None:
    assert line(stretch(2, 0, snapshot(services={}))).height == 42


def test_the_picture_has_a_name_and_colours_the_windows_of_skew() -> None:
    root = page(view(history=(stretch(9, 5), stretch(3, 1, snapshot(pairs=(SKEW,))))))
    picture = root.one("", "timeline").all("svg")[0]
    assert picture.attributes["role"] == "img"
    assert root.by_id(picture.attributes["aria-labelledby"]).text.startswith("Which builds were")
    assert len(picture.all("rect", "window")) == 1
    assert len(picture.all("text", "lane")) == 3
    hatched = [each for each in picture.all("rect") if each.attributes.get("fill")]
    assert {each.attributes["fill"] for each in hatched} == {"url(#e0-time-gap)"}
    assert len(hatched) == 2 * 3
