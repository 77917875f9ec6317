"""OpenAPI tells every route, and what is really answered is as it says."""

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from skewcheck.core.rollout.consent import Hold
from skewcheck.core.strict_json import parse_json
from skewcheck.service.app import build_app
from skewcheck.service.gate_payload import read_payload
from skewcheck.service.openapi import OPENAPI
from skewcheck.service.pages import Face
from tests.builders import NOW
from tests.core.mini_json_schema import errors
from tests.render.probe_worlds import incident_probed
from tests.render.rollout.worlds import stuck, succeeded, waiting
from tests.render.worlds import gate_blocks, gate_inconclusive
from tests.service.served import FakeLogins, Got, World, view

DOCUMENT: Any = OPENAPI
SCHEMAS: Any = DOCUMENT["components"]["schemas"]
JSON = {"Content-Type": "application/json", "Accept": "application/json"}
HOLD = Hold(who="ada", why="fair", at=NOW)


async def slack(_: Request) -> Response:
    return PlainTextResponse("")


def world(**changed: Any) -> World:
    made = World(slack_routes=(Route("/slack/events", slack, methods=["POST"]),), **changed)
    made.board.put(view(of=incident_probed(), hold=HOLD, rollouts=(waiting(), stuck())))
    made.board.put(view("old", trouble="late", rollouts=(succeeded(),)))
    made.board.put(view("new", report=None))
    return made


def told(path: str, method: str, got: Got) -> dict[str, Any]:
    """The description of an answer, followed to where it stands."""
    answer: dict[str, Any] = DOCUMENT["paths"][path][method]["responses"][str(got.status)]
    if "$ref" in answer:
        answer = DOCUMENT["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return answer


def assert_is_as_told(path: str, method: str, got: Got) -> None:
    content = told(path, method, got).get("content", {})
    kind = got.headers.get("content-type", "").partition(";")[0]
    if kind == "application/json":
        schema = content[kind]["schema"]
        assert list(errors(schema, got.json, {"$defs": SCHEMAS})) == [], path
    else:
        assert not got.body or kind in content, (path, kind)


def test_every_route_is_described_and_nothing_else() -> None:
    made = world()
    face = Face(render=made.face, csp="")
    app = build_app(
        made.board, judge=made.judge, logins=None, shared=made.shared,
        slack_routes=made.slack_routes, face=face,
    )  # fmt: skip
    served = {
        (route.path, method.lower())
        for route in app.routes
        if isinstance(route, Route)
        for method in route.methods or ()
        if method != "HEAD"
    }
    assert len(app.routes) == len(served)
    described = {(path, method) for path, item in DOCUMENT["paths"].items() for method in item}
    assert described == served


@pytest.mark.parametrize("name", ["staging", "old", "new", "nowhere"])
def test_what_is_answered_to_get_is_as_described(name: str) -> None:
    with world().served() as site:
        for path, item in DOCUMENT["paths"].items():
            if "get" in item and not path.endswith("/events"):
                got = site.get(path.replace("{name}", name))
                assert_is_as_told(path, "get", got)


@pytest.mark.parametrize(
    ("answer", "status"), [(gate_blocks, 409), (gate_inconclusive, 503)], ids=["no", "unknown"]
)
def test_what_the_gate_answers_is_as_described(answer: Any, status: int) -> None:
    made = world()
    made.judge.answer = answer
    bodies = {b'{"namespace": "staging"}': status, b"{}": 400, b'{"namespace": "x"}': 404}
    with made.served() as site:
        for body, expected in bodies.items():
            got = site.ask("POST", "/gate", body=body, headers=JSON)
            assert got.status == expected
            assert_is_as_told("/gate", "post", got)


def test_a_refusal_is_as_described() -> None:
    with world(logins=FakeLogins()).served() as site:
        got = site.get("/api/v1/environments")
    assert got.status == 401
    assert_is_as_told("/api/v1/environments", "get", got)


def test_the_document_is_served_and_all_its_references_lead_somewhere() -> None:
    with world().served() as site:
        got = site.get("/api/v1/openapi.json")
    assert got.json == parse_json(got.body)
    for kind, name in re.findall(r'"#/components/(\w+)/(\w+)"', got.text):
        assert name in DOCUMENT["components"][kind]
    used = set(re.findall(r'"#/components/schemas/(\w+)"', got.text))
    assert used == set(SCHEMAS)


def test_a_parameter_of_a_path_is_described() -> None:
    for path, item in DOCUMENT["paths"].items():
        for operation in item.values():
            names = [each["name"] for each in operation.get("parameters", ())]
            assert names == re.findall(r"{(\w+)}", path)


def test_every_route_stands_in_the_documents() -> None:
    text = (Path(__file__).parents[2] / "docs/serve.md").read_text(encoding="utf-8")
    for path, item in DOCUMENT["paths"].items():
        assert f"`{'POST ' if 'post' in item else ''}{path}`" in text, path
    for status in DOCUMENT["paths"]["/gate"]["post"]["responses"]:
        assert f"\n| {status} |" in text or status in {"401", "413"}, status


def test_the_payload_of_the_documents_is_one() -> None:
    text = (Path(__file__).parents[2] / "docs/serve.md").read_text(encoding="utf-8")
    (payload,) = re.findall(r"<<'EOF'\n(.*?)EOF", text, re.DOTALL)
    asked = read_payload(payload.encode())
    assert (asked.environment, len(asked.candidates)) == ("staging", 1)
