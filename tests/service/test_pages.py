"""The status page as it is sent: once rendered, plain or packed, and never staler than it says."""

import gzip
from concurrent.futures import ThreadPoolExecutor

import pytest

from skewcheck.service.pages import takes_gzip
from tests.service.served import World, view


def test_the_page_of_all_shows_all_and_that_of_one_only_it() -> None:
    world = World()
    world.board.put(view("staging", trouble="late"))
    world.board.put(view("production"))
    with world.served() as site:
        assert f"production: staging:late {world.board.version}" in site.get("/").text
        one = site.get("/environments/staging/")
        assert f"<main>staging:late {world.board.version_of('staging')}</main>" in one.text
    assert all(each.live and each.at == world.clock.at for each in world.face.rendered)


def test_the_page_comes_as_html_under_its_own_policy() -> None:
    with World().served() as site:
        got = site.get("/")
    assert got.status == 200
    assert got.headers["content-type"] == "text/html; charset=utf-8"
    assert got.headers["content-security-policy"] == "default-src 'none'; style-src 'sha256-x'"


def test_an_environment_without_its_slash_leads_into_its_folder() -> None:
    world = World()
    world.board.put(view())
    with world.served() as site:
        got = site.get("/environments/staging")
    assert (got.status, got.headers["location"]) == (308, "staging/")


@pytest.mark.parametrize("name", ["nowhere", "%5C%5Cevil.example", "https:evil.example"])
def test_an_environment_that_is_not_watched_is_not_found_and_leads_nowhere(name: str) -> None:
    world = World()
    world.board.put(view())
    with world.served() as site:
        for slash in ("", "/"):
            got = site.get(f"/environments/{name}{slash}")
            assert got.status == 404
            assert "location" not in got.headers
            assert "staging" in got.text


def test_many_who_look_at_the_same_cost_one_rendering() -> None:
    world = World()
    world.board.put(view())
    with world.served() as site, ThreadPoolExecutor(16) as pool:
        got = list(pool.map(lambda _: site.get("/"), range(64)))
    assert {each.status for each in got} == {200}
    assert len(world.face.rendered) == 1


def test_a_change_is_shown_at_once() -> None:
    world = World()
    world.board.put(view())
    with world.served() as site:
        site.get("/")
        world.board.put(view(trouble="late"))
        assert "staging:late" in site.get("/").text


def test_a_page_is_rendered_again_after_some_seconds_because_it_tells_ages() -> None:
    world = World()
    world.board.put(view())
    with world.served() as site:
        for seconds, renderings in ((9, 1), (1, 2)):
            site.get("/")
            world.clock.wait(seconds)
            site.get("/")
            assert len(world.face.rendered) == renderings


def test_who_takes_gzip_gets_the_same_page_packed() -> None:
    world = World()
    world.board.put(view())
    with world.served() as site:
        plain = site.get("/", accept_encoding="identity")
        packed = site.get("/", accept_encoding="br, gzip")
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("deflate, gzip;q=0.5", True),
        ("*", True),
        ("gzip;q=1", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("", False),
        ("br", False),
        ("xgzip", False),
    ],
)
def test_gzip_is_sent_to_those_only_who_take_it(accepted: str, takes: bool) -> None:  # noqa: FBT001 - a table
    assert takes_gzip(accepted) is takes
