"""Dockerflow: which build serves, and whether it can do its work; nothing else for strangers."""

from datetime import timedelta
from typing import Any

import pytest

from skewcheck import __version__
from skewcheck.core.errors import SkewcheckError
from skewcheck.ports.service import Kept
from skewcheck.service.dockerflow import About
from tests.service.served import World, view
from tests.service_fakes import FakeShelf


class BrokenShelf(FakeShelf):
    """A database that does not answer until it is mended."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.broken = True

    def read(self, kind: str, key: str) -> Kept | None:
        self.asked += 1
        if self.broken:
            raise SkewcheckError("postgresql://user:secret@db: connection refused")
        return super().read(kind, key)


def world(**changed: Any) -> World:
    made = World(**changed)
    made.board.put(view())
    return made


def test_the_version_document_names_this_skewcheck() -> None:
    about = About(source="https://git.acme.example/skewcheck", commit="a" * 40, build="17")
    with world(about=about).served() as site:
        got = site.get("/__version__")
    assert got.headers["cache-control"] == "no-store"
    assert got.json == {
        "source": "https://git.acme.example/skewcheck",
        "version": __version__,
        "commit": "a" * 40,
        "build": "17",
        "environment": "",
        "protocols": [],
    }


def test_all_is_well_where_the_database_answers_and_surveys_are_new() -> None:
    with world().served() as site:
        got = site.get("/__heartbeat__")
    assert got.status == 200
    assert got.json == {
        "status": "ok",
        "checks": {"database": "ok", "surveys": "ok"},
        "details": {},
    }


@pytest.mark.parametrize(
    "changed", [{"trouble": "cannot reach https://secret.example"}, {"report": None}]
)
def test_a_late_or_missing_survey_is_an_error_that_names_the_environment(changed: Any) -> None:
    made = world()
    made.board.put(view("production", **changed))
    with made.served() as site:
        got = site.get("/__heartbeat__")
    assert got.status == 500
    assert got.json["checks"] == {"database": "ok", "surveys": "error"}
    assert got.json["details"] == {"surveys": "late or failed: production"}


def test_a_service_that_watches_nothing_yet_is_not_well() -> None:
    with World().served() as site:
        assert site.get("/__heartbeat__").status == 500


def test_a_database_that_does_not_answer_is_an_error_without_its_address() -> None:
    with world(shelf=BrokenShelf()).served() as site:
        got = site.get("/__heartbeat__")
    assert got.status == 500
    assert got.json["details"] == {"database": "does not answer"}
    assert "secret" not in got.text


def test_the_database_is_asked_every_other_second_at_most_and_may_recover() -> None:
    shelf = BrokenShelf()
    made = world(shelf=shelf)
    with made.served() as site:
        assert {site.get("/__heartbeat__").status for _ in range(5)} == {500}
        assert shelf.asked == 1
        shelf.broken = False
        made.clock.at += timedelta(seconds=2)
        assert site.get("/__heartbeat__").status == 200
        assert shelf.asked == 2


def test_a_load_balancer_is_answered_whatever_is_wrong() -> None:
    with World(shelf=BrokenShelf()).served() as site:
        assert site.get("/__lbheartbeat__").status == 200
