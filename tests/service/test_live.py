"""Server-sent events, really read: a page learns at once that it is not the newest any more."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse

from starlette.applications import Starlette

from skewcheck.service.board import Board
from skewcheck.service.live import Live
from tests.service.served import Site, World, running, view


@contextmanager
def events(site: Site, path: str = "/events", **headers: str) -> Iterator[Iterator[str]]:
    """The data of `changed` events as they come."""
    with site.asked("GET", path, headers=headers) as response:
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/event-stream")
        yield _changes(response)


def _changes(response: HTTPResponse) -> Iterator[str]:
    event = ""
    for line in response:
        name, _, value = line.decode().strip().partition(": ")
        if name == "event":
            event = value
        elif name == "data" and event == "changed":
            yield value


def test_a_page_is_told_the_version_first_and_then_each_change() -> None:
    world = World()
    world.board.put(view())
    with world.served() as site, events(site) as told:
        assert next(told) == world.board.version
        world.board.put(view(trouble="late"))
        assert next(told) == world.board.version


def test_a_page_that_shows_the_newest_already_is_told_of_the_next_change_only() -> None:
    world = World()
    world.board.put(view())
    since = world.board.version
    with world.served() as site:
        streams = events(site, last_event_id=since), events(site, f"/events?since={since}")
        for number, stream in enumerate(streams):
            with stream as told:
                world.board.put(view(trouble=f"late {number}"))
                assert next(told) == world.board.version
                world.board.put(view())


def test_the_stream_of_one_environment_keeps_quiet_about_the_others() -> None:
    world = World()
    world.board.put(view())
    with world.served() as site, events(site, "/environments/staging/events") as told:
        assert next(told) == world.board.version_of("staging")
        world.board.put(view("production"))
        world.board.put(view(trouble="late"))
        assert next(told) == world.board.version_of("staging")


def test_closing_the_board_ends_open_streams_at_once() -> None:
    world = World()
    world.board.put(view())
    with world.served() as site, events(site) as told:
        next(told)
        world.board.close()
        assert list(told) == []


def test_there_is_no_stream_of_an_environment_that_is_not_watched() -> None:
    with World().served() as site:
        assert site.get("/environments/nowhere/events").status == 404


def test_who_only_asks_for_the_head_of_a_stream_gets_it() -> None:
    with World().served() as site:
        assert site.ask("HEAD", "/events").status == 200


def test_a_flood_of_streams_is_refused_and_a_place_becomes_free_again() -> None:
    board = Board()
    board.put(view())
    app = Starlette(routes=Live(board, most=1).routes())
    with running(app) as site:
        with events(site) as told:
            next(told)
            refused = site.get("/events")
            assert (refused.status, refused.headers["retry-after"]) == (503, "30")
            board.close()
            assert list(told) == []
        assert site.get("/events").status == 200
