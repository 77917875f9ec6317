"""Reports as a page in a file."""

from dataclasses import replace
from datetime import timedelta

from skewcheck.render.page import render_reports
from tests.builders import NOW
from tests.render import worlds
from tests.render.page.markup import read_page


def test_each_report_is_an_environment_as_of_the_newest() -> None:
    later = replace(worlds.production(), at=NOW + timedelta(minutes=5))
    root = read_page(render_reports([worlds.incident(), later]))
    assert [each.text for each in root.all("h2")] == [
        "All environments",
        "BLOCK staging",
        f"PASS {later.environment}",
    ]
    assert root.one("main").attributes["data-at"] == "2026-11-23 22:15 UTC"
    assert not root.all("script")
