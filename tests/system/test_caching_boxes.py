"""Real caches that serve an old page: the reader sees it, whatever the cache says of itself."""

from collections.abc import Iterator

import pytest
import requests

from skewcheck.adapters.clock import SystemClock
from skewcheck.adapters.http_reader import RequestsReader
from skewcheck.core.build import BuildSha
from skewcheck.core.exposed.html_page import PageHtml
from skewcheck.flows.read_services import read_html
from tests.boxes.backend import NEW, OLD
from tests.boxes.world import Boxes, boxes
from tests.builders import BACKEND, FRONTEND, manifest


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Boxes]:
    with boxes(tmp_path_factory.mktemp("boxes")) as world:
        yield world


@pytest.fixture
def http() -> RequestsReader:
    return RequestsReader(frozenset({"127.0.0.1"}), SystemClock())


@pytest.fixture
def redeployed(world: Boxes) -> Iterator[Boxes]:
    """Behind the boxes the build may change; the next test finds the old one again."""
    yield world
    world.origin.build = OLD


def page_at(http: RequestsReader, base: str, path: str) -> PageHtml:
    there = {**FRONTEND, "url": base, "page": {"path": path}}
    known = manifest(services={"frontend": there, "backend": BACKEND})
    read = read_html(http, known.services["frontend"])
    assert isinstance(read, PageHtml), read
    return read


def build_at(http: RequestsReader, base: str, path: str) -> str:
    """The build that the page names, in a copy that says nothing of its age."""
    page = page_at(http, base, path)
    assert page.age_s is None
    assert page.build is not None
    assert isinstance(page.build.build, BuildSha)
    return page.build.build.value


@pytest.mark.parametrize("box", ["nginx", "varnish"])
def test_an_old_page_without_an_age_is_told_from_the_new_one_behind_it(
    redeployed: Boxes, http: RequestsReader, box: str
) -> None:
    edge, path = redeployed.url(box, "caches", ""), f"/pages/{box}"
    assert build_at(http, edge, path) == OLD

    redeployed.origin.build = NEW

    assert build_at(http, redeployed.origin.url, path) == NEW
    assert build_at(http, edge, path) == OLD


def test_a_purge_of_another_path_says_200_and_changes_nothing(
    redeployed: Boxes, http: RequestsReader
) -> None:
    edge, path = redeployed.url("varnish", "caches", ""), "/pages/purged"
    assert build_at(http, edge, path) == OLD
    redeployed.origin.build = NEW

    useless = requests.request("PURGE", f"{edge}/pages/purge", timeout=10)
    assert useless.status_code == 200
    assert build_at(http, edge, path) == OLD

    assert requests.request("PURGE", f"{edge}{path}", timeout=10).status_code == 200
    assert build_at(http, edge, path) == NEW
