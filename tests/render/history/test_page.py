"""The pages of the past: whole documents without scripts, in which nothing remote is obeyed."""

from dataclasses import replace
from html.parser import HTMLParser

from skewcheck.core.chronicle.account import account_of
from skewcheck.core.chronicle.snapshot import SeenBuild
from skewcheck.core.chronicle.then import live_at
from skewcheck.render.history.page import render_history_page, render_report_page
from tests.core.chronicle.looks import after, snapshot, stretch
from tests.render.history import pasts
from tests.render.rollout import worlds

HOSTILE = "</style><script>alert(1)</script>\u202e"


class Parsed(HTMLParser):
    """The elements by name, and all text outside of style."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self._style = False
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self._style = tag == "style"
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_endtag(self, tag: str) -> None:
        self._style = self._style and tag != "style"

    def handle_data(self, data: str) -> None:
        self.text += "" if self._style else data


def at(hour: float) -> Parsed:
    past = pasts.past()
    moment = after(hour)
    page = render_history_page(past, at=moment, then=live_at(past.stretches, moment))
    return Parsed(page)


def test_a_history_is_a_picture_and_a_table_and_needs_no_script() -> None:
    page = Parsed(render_history_page(pasts.past()))
    assert {"html", "main", "svg", "table", "h1"} <= set(page.names)
    assert "script" not in page.names
    assert "nobody looked" in page.text
    assert "redeploy r-20261123-7f3a1b SUCCEEDED" in page.text
    assert all(link.startswith(("#", "data:")) for link in page.links)


def test_an_empty_history_is_not_known_and_says_what_to_do() -> None:
    page = Parsed(render_history_page(pasts.nothing()))
    assert "? not known: nobody looked in this time" in page.text
    assert "skewcheck status staging" in page.text
    assert "none was ordered in this time" in page.text


def test_a_moment_stands_above_the_rest() -> None:
    page = at(4)
    assert "At 2026-11-23 16:00 UTC" in page.text
    assert "block, skew seen by every look" in page.text
    assert "chat: 01d001d → 9e399e3 DOES NOT FIT" in page.text
    assert "nobody looked then" not in page.text


def test_a_moment_that_nobody_saw_is_not_known() -> None:
    page = at(4.5)
    assert "? not known: nobody looked then" in page.text
    assert "block, skew the last look before it" in page.text
    assert "pass the first look after it" in page.text
    assert "the first look" not in at(30).text


def test_a_report_has_its_sums_and_tables() -> None:
    page = Parsed(render_report_page([pasts.account(), account_of(pasts.nothing())]))
    assert page.names.count("section") == 2 + 3
    assert page.names.count("table") == 3
    assert "script" not in page.names
    assert "mended by a rollout r-20261123-7f3a1b" in page.text
    assert "? not known: nobody looked, and no gate was asked" in page.text


def test_what_others_wrote_is_shown_and_never_obeyed() -> None:
    seen = snapshot(services={"frontend": (SeenBuild(build=HOSTILE),)})
    order = worlds.order(who=HOSTILE, at=after(1))
    past = pasts.past(stretch(0, 1, seen), rollouts=(worlds.succeeded(order=order),))
    then = live_at(past.stretches, after(1))
    blocks = [replace(each, candidates={HOSTILE: HOSTILE}) for each in pasts.BLOCKS]
    for document in (
        render_history_page(past, at=after(1), then=then),
        render_report_page([pasts.account(blocks=tuple(blocks), environment=HOSTILE)]),
    ):
        assert "script" not in Parsed(document).names
        assert document.count("</style>") == 1
        assert "\u202e" not in document
        assert "\\u202e" in document
