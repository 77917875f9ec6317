"""A real browser opens the page of the incident: what matters is in sight, nothing is refused,
nobody is kept out, and a live page keeps itself up to date."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from skewcheck.core.findings import Verdict
from skewcheck.render.page import render_page
from skewcheck.render.page.view import EnvironmentView, PageView
from tests.browser.chromium import Browser, browser
from tests.browser.looking import (
    DESKTOP,
    PHONE,
    barriers,
    box,
    complaints,
    open_page,
    overflow,
)
from tests.browser.streaming import serving_page
from tests.builders import NOW
from tests.processes import waited_for
from tests.render import worlds
from tests.render.page import views
from tests.render.rollout import worlds as rollouts
from tests.software.installed import axe_core
from tests.system.stage import staged

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
SCHEMES = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])


@dataclass(frozen=True)
class Shown:
    """`file` is what `skewcheck status --format page` wrote, `full` a page with everything."""

    chromium: Browser
    file: str
    full: str


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    home = tmp_path_factory.mktemp("page")
    with browser(home) as chromium:
        yield Shown(chromium, _incident(home), _everything(home))


def _incident(home: Path) -> str:
    """The incident on the sandbox, as the program writes it into a file."""
    with staged(home / "cloud") as stage:
        stage.world.prime_edge()
        stage.world.deploy_new_frontend()
        stage.world.deploy_new_backend()
        ended = stage.run("status", "--format", "page")
    assert (ended.code, ended.err) == (10, "")
    file = home / "report.html"
    file.write_text(ended.out, encoding="utf-8")
    return file.as_uri()


def _everything(home: Path) -> str:
    skewed = views.snapshot(Verdict.BLOCK, pairs=(views.SKEW,))
    history = (views.stretch(30, 20), views.stretch(12, 6), views.stretch(5, 1, skewed))
    past = (rollouts.waiting(), rollouts.stuck(), rollouts.succeeded())
    seen = (
        views.view(rollouts=past, history=history),
        views.view(worlds.unknown(), name="production", trouble="the survey is late"),
        views.view(worlds.overridden(), name="preview"),
        views.view(worlds.production(), name="green"),
        views.unseen(name="new"),
    )
    file = home / "full.html"
    html = views.html(*seen).replace("<details ", "<details open ")
    file.write_text(html, encoding="utf-8")
    return file.as_uri()


@SIZES
@SCHEMES
def test_the_matrix_the_stale_hop_and_the_fix_are_in_sight(
    shown: Shown, size: tuple[int, int], *, dark: bool
) -> None:
    page = shown.chromium.page
    open_page(page, shown.file, size, dark=dark)
    for selector in (
        ".grid .cell.block", ".grid .cell.pass", ".said.stale", ".finding .command",
        ".head .verdict.block", ".bars .part",
    ):  # fmt: skip
        found = box(page, selector)
        assert found["left"] >= 0, selector
        assert found["right"] <= size[0], selector
    assert overflow(page) == 0
    assert complaints(page) == []


def test_the_colours_follow_the_scheme(shown: Shown) -> None:
    page, grounds = shown.chromium.page, []
    for dark in (False, True):
        open_page(page, shown.file, dark=dark)
        grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(set(grounds)) == 2


@SIZES
@SCHEMES
def test_nobody_is_kept_out(shown: Shown, size: tuple[int, int], *, dark: bool) -> None:
    axe = axe_core()
    for url in (shown.file, shown.full):
        open_page(shown.chromium.page, url, size, dark=dark)
        assert overflow(shown.chromium.page) == 0
        assert barriers(shown.chromium.page, axe) == []


def test_the_keyboard_skips_to_the_content(shown: Shown) -> None:
    page = shown.chromium.page
    open_page(page, shown.file)
    for kind in ("keyDown", "keyUp"):
        page.call("Input.dispatchKeyEvent", type=kind, key="Tab", windowsVirtualKeyCode=9)
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert box(page, ".skip:focus")["left"] >= 0


def _live(version: str, view: EnvironmentView | None = None) -> str:
    at = NOW + timedelta(minutes=int(version))
    return render_page(
        PageView(at=at, environments=(view or views.view(),), live=True, version=version)
    )


def test_a_live_page_updates_by_itself_and_keeps_what_was_opened_and_focused(
    shown: Shown,
) -> None:
    page = shown.chromium.page
    running = views.view(rollouts=(rollouts.waiting(), rollouts.succeeded()))
    taken = replace(rollouts.waiting(), entries=(rollouts.entry("observe in wave 1"),))
    after = views.view(rollouts=(taken, rollouts.succeeded()))
    with serving_page(_live("1", running)) as server:
        open_page(page, server.url, PHONE)
        assert server.listening.wait(10)
        page.evaluate("document.querySelector('#e0-past > summary').click()")
        page.evaluate("document.querySelector('#e0-past > summary').focus()")
        page.evaluate("scrollTo({top: 300, behavior: 'instant'})")
        server.html = _live("2", after)
        server.tell("2")
        assert waited_for(lambda: page.evaluate("document.documentElement.dataset.version") == "2")
        assert "22:10:05" in page.evaluate("document.querySelector('.steps').textContent")
        assert page.evaluate("document.querySelector('#e0-past').open") is True
        assert page.evaluate("document.activeElement.parentElement.id") == "e0-past"
        assert page.evaluate("scrollY") == 300
        assert "BLOCK" in page.evaluate("document.querySelector('#told').textContent")
        assert complaints(page) == []


def test_a_version_that_is_shown_already_is_not_fetched_again(shown: Shown) -> None:
    page = shown.chromium.page
    with serving_page(_live("1")) as server:
        open_page(page, server.url)
        assert server.listening.wait(10)
        server.tell("1")
        server.html = _live("2")
        server.tell("2")
        assert waited_for(lambda: page.evaluate("document.documentElement.dataset.version") == "2")
        assert server.fetched == 2


def test_a_page_that_lost_its_server_says_so_and_looks_it_until_it_is_back(shown: Shown) -> None:
    page = shown.chromium.page

    def has(script: str) -> bool:
        return waited_for(lambda: bool(page.evaluate(script)))

    def colour() -> str:
        return str(page.evaluate("getComputedStyle(document.querySelector('.verdict')).background"))

    with serving_page(_live("1")) as server:
        open_page(page, server.url)
        assert server.listening.wait(10)
        fresh = colour()
        server.down = True
        server.hang_up()
        lost = "Connection lost: not updated since 2026-11-23 22:11 UTC"
        for line in ("#shown", "#told"):
            assert has(f"document.querySelector('{line}').textContent === {json.dumps(lost)}")
        assert colour() != fresh
        assert box(page, "#shown")["height"] > 0


def test_a_page_that_is_connected_again_catches_up(shown: Shown) -> None:
    page = shown.chromium.page
    with serving_page(_live("1")) as server:
        open_page(page, server.url)
        assert server.listening.wait(10)
        server.html = _live("2")
        server.hang_up()  # and it answers at once when it is asked again
        assert waited_for(lambda: page.evaluate("document.documentElement.dataset.version") == "2")
        assert waited_for(lambda: not page.evaluate("document.documentElement.className"))
