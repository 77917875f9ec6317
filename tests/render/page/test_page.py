"""The whole page: its landmarks and headings, one environment, several, and none."""

from collections import Counter
from itertools import pairwise

import pytest

from skewcheck.render.page.view import EnvironmentView
from tests.builders import NEW, OLD
from tests.render import worlds
from tests.render.page import views
from tests.render.page.markup import Element
from tests.render.page.views import page, unseen, view
from tests.render.probe_worlds import incident_probed
from tests.render.rollout import worlds as rollouts


def everything() -> EnvironmentView:
    return view(
        incident_probed(),
        rollouts=(rollouts.waiting(), rollouts.stuck(), rollouts.succeeded()),
        history=(views.stretch(9, 5), views.stretch(4, 1, views.snapshot(pairs=(views.SKEW,)))),
    )


def headings(root: Element) -> list[int]:
    return [int(each.tag[1]) for each in root.walk() if each.tag in {"h1", "h2", "h3", "h4"}]


@pytest.mark.parametrize("number", [1, 2])
def test_headings_go_down_one_by_one_from_a_single_first(number: int) -> None:
    levels = headings(page(*[everything()] * number))
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_id_is_given_once_and_every_reference_leads_somewhere() -> None:
    root = page(everything(), everything(), live=True)
    ids = Counter(each.attributes["id"] for each in root.walk() if "id" in each.attributes)
    assert set(ids.values()) == {1}
    named = {each.attributes["aria-labelledby"] for each in root.walk() if _is_named(each)}
    links = {a.attributes["href"].removeprefix("#") for a in root.all("a")}
    assert named | links <= set(ids)


def _is_named(element: Element) -> bool:
    return "aria-labelledby" in element.attributes


def test_the_page_has_its_landmarks_a_language_and_a_way_past_its_head() -> None:
    root = page()
    assert root.one("html").attributes["lang"] == "en"
    assert {root.one(tag).tag for tag in ("header", "main", "footer")} == {
        "header",
        "main",
        "footer",
    }
    assert root.one("a", "skip").attributes["href"] == "#" + root.one("main").attributes["id"]


def test_every_table_has_a_caption_and_says_what_its_heads_are_for() -> None:
    root = page(everything(), everything())
    assert all(table.all("caption") for table in root.all("table"))
    assert {head.attributes["scope"] for head in root.all("th")} == {"col", "row"}


def test_what_scrolls_can_be_reached_by_the_keyboard_and_has_a_name() -> None:
    for each in (*page(everything()).all("", "box"), *page().all("", "command")):
        assert each.attributes["tabindex"] == "0"
        assert each.attributes.get("aria-label") or each.attributes.get("aria-labelledby")


def test_nothing_comes_from_elsewhere_and_no_style_or_handler_stands_in_an_element() -> None:
    root = page(everything(), live=True)
    for each in root.walk():
        told = each.attributes
        assert "style" not in told
        assert not any(name.startswith("on") for name in told)
        assert told.get("src") is None
        assert told.get("href", "#").startswith(("#", "data:"))


def test_the_incident_shows_its_verdict_the_stale_hop_the_skew_and_the_fix() -> None:
    root = page()
    assert root.one("h2").text == "BLOCK staging"
    assert root.one("title").text == "BLOCK staging · skewcheck"
    assert {each.text for each in root.one("main").all("", "said", "stale") if each.all("", "mono")}
    assert root.all("td", "cell", "block")
    assert any("invalidate-cdn-cache" in each.text for each in root.all("", "command"))


def test_one_environment_has_no_overview() -> None:
    assert not page().all("", "overview")


def test_several_stand_in_a_table_first_with_what_each_service_runs() -> None:
    root = page(view(), view(worlds.production(), name="production"))
    table = root.one("", "overview")
    rows = [[each.text for each in row.all()] for row in table.all("tr")]
    heads = [each.text for each in table.all("th")]
    assert heads[:5] == ["environment", "verdict", "surveyed", "frontend", "backend"]
    assert any("BLOCK" in cell for cell in rows[1])
    assert any(OLD.short in cell for cell in rows[1])
    assert any(NEW.short in cell for cell in rows[2])
    assert table.one("tbody").all("a")[1].attributes["href"] == "#e1"


def test_a_service_that_an_environment_lacks_is_told_apart_from_one_that_nobody_saw() -> None:
    root = page(view(), view(worlds.urls(), name="urls"), unseen())
    texts = [row.text for row in root.one("", "overview").all("tr")]
    assert "no such service" in texts[2]
    assert "no such service" not in texts[3]
    assert "? not known" in texts[3]


def test_the_icon_has_the_colour_of_the_gravest_verdict() -> None:
    def icon(*seen: EnvironmentView) -> str:
        (found,) = (e for e in page(*seen).all("link") if e.attributes["rel"] == "icon")
        return found.attributes["href"]

    passes = view(worlds.production())
    assert icon(passes) != icon(view(worlds.unknown())) != icon(view())
    assert icon(passes, view()) == icon(view())
    assert icon(passes, unseen()) == icon(unseen())


def test_a_page_of_nothing_says_so() -> None:
    root = page(environments=())
    assert "There is no environment" in root.one("main").text
    assert root.one("title").text == "no environment · skewcheck"


def test_notes_are_told_once() -> None:
    root = page(view(), view(), notes=("nobody logs in here: it binds to loopback only",))
    assert root.one("main").text.count("binds to loopback only") == 1


def test_a_live_page_follows_its_stream_and_a_file_has_no_script() -> None:
    live, file = page(live=True, version="42"), page()
    assert 'EventSource("events")' in live.one("script").text
    assert live.one("html").attributes["data-version"] == "42"
    assert live.one("noscript").one("meta").attributes == {"http-equiv": "refresh", "content": "30"}
    assert not file.all("script")
    assert not file.all("noscript")


def test_what_is_announced_names_every_verdict() -> None:
    told = page(view(), view(worlds.production(), name="production")).one("main").attributes
    assert told["data-told"].startswith("staging: BLOCK, ")
    assert "; production: PASS, " in told["data-told"]
    assert told["data-at"] == "2026-11-23 22:13 UTC"
