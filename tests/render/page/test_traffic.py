"""Traffic splits as bars."""

from skewcheck.render.page.traffic import bars
from tests.builders import NEW, OLD, backend, plane, report, revision, survey, target, unreadable
from tests.render.page.views import document_of, page, view

NAMED = (revision(), revision("acme-api-00001", OLD), revision("acme-api-00003", None))


def test_each_share_is_a_part_of_the_bar_and_one_without_traffic_a_tag() -> None:
    split = plane(
        *NAMED,
        targets=(
            target(percent=90),
            target("acme-api-00001", percent=10),
            target("acme-api-00003", percent=0, tag="next"),
            target("acme-api-00003", percent=0),
        ),
    )
    seen = report(survey(backend(planes=(split,))))
    (bar,) = bars(document_of(seen))
    assert [(each.x, each.percent, each.build) for each in bar.parts] == [
        (0.0, 90, NEW.short),
        (90.0, 10, OLD.short),
    ]
    assert bar.told == f"90% {NEW.short}, 10% {OLD.short}"
    assert bar.tagged == ("? not known tagged next",)
    shown = page(view(seen)).one("ul", "bars")
    assert [each.attributes["x"] for each in shown.all("rect", "part")] == ["0.0%", "90.0%"]
    assert f"90% {NEW.short}" in shown.text
    assert "0% ? not known tagged next" in shown.text


def test_no_traffic_is_told() -> None:
    seen = report(survey(backend(planes=(plane(targets=()),))))
    assert bars(document_of(seen))[0].told == "no traffic"
    assert "no traffic" in page(view(seen)).one("ul", "bars").text


def test_a_control_plane_that_could_not_be_read_has_no_bar() -> None:
    seen = report(survey(backend(planes=(unreadable(),))))
    assert bars(document_of(seen)) == ()
    assert not page(view(seen)).all("ul", "bars")
