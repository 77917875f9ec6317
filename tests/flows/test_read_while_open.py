"""Health and environment are read beside an open connection, once."""

import json
from typing import Any

import pytest

from skewcheck.core.exposed.health_document import Health
from skewcheck.core.reading import Unreadable
from skewcheck.core.survey import Survey
from skewcheck.core.wire.script import Target
from skewcheck.flows.pool import reading
from skewcheck.flows.read_while_open import Aside, read_aside
from tests.builders import API, BACKEND, FRONTEND, backend, document, manifest, survey, unreadable
from tests.fakes import FakeWorld, Reply
from tests.flows.worlds import version_document

RUN = "https://c-1---acme-api-x.a.run.app"
THERE = Target(place="candidate", url=f"{RUN}/ws")
HEALTHY = {"health": {"path": "/__heartbeat__", "requires": ["supervisor", "threads"]}}


def world(**api: Any) -> Survey:
    services = {"frontend": FRONTEND, "backend": {**BACKEND, **api}}
    return survey(manifest=manifest(services=services))


def look(fakes: FakeWorld, seen: Survey, *, opens: int = 1) -> Aside:
    aside = Aside()
    with reading(4) as pool:
        start = read_aside(fakes.doors(), pool, seen, aside, THERE, "backend")
        for _ in range(opens):
            start().result()
    return aside


def test_where_nothing_opened_nothing_is_known() -> None:
    aside = Aside()
    assert (aside.health(), aside.environment()) == (None, "")


def test_health_and_environment_are_read_where_the_connection_is() -> None:
    fakes = FakeWorld()
    body = json.dumps({"checks": {"supervisor": "ok", "threads": "down"}})
    fakes.http.replies[f"{RUN}/__heartbeat__"] = Reply(body=body.encode())
    fakes.http.replies[f"{RUN}/__version__"] = version_document("9" * 40, environment="staging")
    aside = look(fakes, world(**HEALTHY))
    health = aside.health()
    assert isinstance(health, Health)
    assert [(each.name, each.state) for each in health.states] == [
        ("supervisor", "available"),
        ("threads", "unavailable"),
    ]
    assert aside.environment() == "staging"
    assert all(not each.as_browser for each in fakes.http.asked)


def test_only_the_first_connection_is_read_beside() -> None:
    fakes = FakeWorld()
    aside = look(fakes, world(**HEALTHY), opens=3)
    assert aside.is_asked
    assert sorted(fakes.http.urls()) == [f"{RUN}/__heartbeat__", f"{RUN}/__version__"]


def test_without_a_health_document_only_the_version_is_read() -> None:
    fakes = FakeWorld()
    aside = look(fakes, world())
    assert aside.health() is None
    assert fakes.http.urls() == [f"{RUN}/__version__"]


def test_a_health_document_that_does_not_come_is_an_answer() -> None:
    assert isinstance(look(FakeWorld(), world(**HEALTHY)).health(), Unreadable)


def test_a_version_document_that_does_not_come_says_nothing_of_the_environment() -> None:
    assert look(FakeWorld(), world()).environment() == ""


@pytest.mark.parametrize(
    ("edge", "asked"),
    [
        pytest.param(document(url=f"{API}/v.json?x=1"), ["/v.json"], id="where it was before"),
        pytest.param(unreadable(), ["/own.json"], id="where the manifest says"),
    ],
)
def test_the_version_document_is_not_searched_for_where_its_place_is_known(
    edge: Any, asked: list[str]
) -> None:
    fakes = FakeWorld()
    services = {"frontend": FRONTEND, "backend": {**BACKEND, "version_path": "/own.json"}}
    seen = survey(backend(edge=edge), manifest=manifest(services=services))
    look(fakes, seen)
    assert fakes.http.urls() == [f"{RUN}{path}" for path in asked]


def test_where_nobody_knows_the_usual_places_are_tried() -> None:
    fakes = FakeWorld()
    look(fakes, survey(backend(edge=unreadable())))
    assert len(fakes.http.urls()) > 1
