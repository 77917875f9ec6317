"""The guard: who is let in, and what every answer carries, whatever it is."""

import asyncio

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from skewcheck.service.app import build_app
from skewcheck.service.board import Board
from skewcheck.service.security import MOST_BYTES, Guard
from tests.service.served import POLICY, FakeJudge, FakeLogins, Got, Site, World, view

JSON = {"Content-Type": "application/json"}
GETS = (
    "/", "/environments/staging", "/environments/staging/", "/api/v1/environments",
    "/api/v1/environments/staging", "/api/v1/environments/staging/rollouts",
    "/api/v1/openapi.json", "/metrics", "/__version__", "/__heartbeat__", "/__lbheartbeat__",
    "/environments/nowhere/", "/api/v1/environments/nowhere", "/nothing",
)  # fmt: skip
OPEN = {"/slack/events", "/__lbheartbeat__", "/__version__", "/__heartbeat__"}
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
STREAMS = ("/events", "/environments/staging/events")


async def slack(request: Request) -> Response:
    return PlainTextResponse(f"{len(await request.body())}")


async def bug(_: Request) -> Response:
    raise ZeroDivisionError("secret of the traceback")


def world(logins: FakeLogins | None = None) -> World:
    routes = Route("/slack/events", slack, methods=["POST"]), Route("/bug", bug)
    made = World(logins=logins, slack_routes=routes)
    made.board.put(view())
    return made


def all_answers(site: Site, **headers: str) -> dict[str, Got]:
    answers = {path: site.get(path, **headers) for path in GETS}
    for path in ("/gate", "/slack/events"):
        asked = {**JSON, **headers}
        answers[path] = site.ask("POST", path, body=b'{"namespace": "staging"}', headers=asked)
    for path in STREAMS:
        answers[path] = site.ask("HEAD", path, headers=headers)
    return answers


def test_every_answer_carries_the_strict_headers() -> None:
    with world().served() as site:
        answers = all_answers(site)
        answers["/bug"] = site.get("/bug")
        answers["wrong method"] = site.ask("DELETE", "/")
        answers["wrong host"] = site.get("/", Host="evil.example")
    for path, got in answers.items():
        assert {name: got.headers.get(name) for name in HEADERS} == HEADERS, path
        is_page = path in {"/", "/environments/staging/"}
        policy = got.headers["content-security-policy"]
        assert policy == (POLICY if is_page else NOTHING), path
        assert "strict-transport-security" not in got.headers, path


def test_behind_tls_browsers_are_told_to_stay_there() -> None:
    with world().served() as site:
        got = site.get("/", X_Forwarded_Proto="https")
    assert got.headers["strict-transport-security"] == "max-age=31536000"


def test_without_a_visitor_every_route_but_the_open_ones_is_refused() -> None:
    logins = FakeLogins()
    with world(logins).served() as site:
        answers = all_answers(site)
    refused = {path for path, got in answers.items() if got.status == 401}
    assert refused == set(answers) - OPEN
    for path in refused:
        assert answers[path].headers["www-authenticate"].startswith("Bearer"), path


def test_a_refusal_says_why_for_people_and_for_programs_and_not_the_token() -> None:
    with world(FakeLogins()).served() as site:
        text = site.get("/", authorization="Bearer secret-token").text
        told = site.get("/api/v1/environments", authorization="Bearer secret-token")
    assert text.startswith("not let in: the token\\x1b has expired\nnext: ")
    assert told.json["error"] == "not let in: the token\\x1b has expired"
    assert "secret-token" not in text + told.text


def test_a_visitor_sees_what_everybody_sees_without_a_login() -> None:
    with world().served() as open_site, world(FakeLogins()).served() as site:
        expected = {path: got.status for path, got in all_answers(open_site).items()}
        seen = all_answers(site, authorization="Bearer ada")
    assert {path: got.status for path, got in seen.items()} == expected


def test_with_a_login_any_host_is_served_because_the_visitor_is_verified() -> None:
    with world(FakeLogins()).served() as site:
        got = site.get("/", Host="skewcheck.acme.example", authorization="Bearer ada")
    assert got.status == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("LOCALHOST:8080", 200),
        ("[::1]:8080", 200),
        ("evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost@evil.example", 403),
        ("[", 403),
        ("", 403),
    ],
)
def test_without_a_login_only_this_machines_names_are_served(host: str, status: int) -> None:
    """A website may point a name of its own at 127.0.0.1; the Host header gives it away."""
    with world().served() as site:
        assert site.get("/", Host=host).status == status
        assert site.get("/metrics", Host=host).status == status


def test_slack_may_come_through_a_tunnel_because_its_requests_are_signed() -> None:
    with world().served() as site:
        got = site.ask("POST", "/slack/events", body=b"x", headers={"Host": "tunnel.example"})
    assert got.status == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE", "OPTIONS", "PATCH"])
def test_other_methods_are_refused(method: str) -> None:
    with world().served() as site:
        got = site.ask(method, "/gate")
    assert got.status == 405
    assert got.headers["allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(("length", "status"), [(MOST_BYTES, 200), (MOST_BYTES + 1, 413)])
def test_a_body_is_read_up_to_its_limit(length: int, status: int) -> None:
    with world().served() as site:
        got = site.ask("POST", "/slack/events", body=b"x" * length)
    assert got.status == status


def test_a_bug_tells_the_visitor_nothing_of_itself() -> None:
    with world().served() as site:
        got = site.get("/bug")
        assert site.get("/").status == 200
    assert got.status == 500
    assert "secret" not in got.text
    assert "log" in got.text


def test_what_is_no_request_goes_through_because_nothing_else_is_served() -> None:
    """The server tells the application when it starts and ends."""
    seen = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        del receive, send
        seen.append(scope["type"])

    async def receive() -> Message:
        return {"type": "lifespan.startup"}

    async def send(_: Message) -> None:
        """Nothing is said."""

    guard = Guard(application, logins=FakeLogins())
    asyncio.run(guard({"type": "lifespan"}, receive, send))
    assert seen == ["lifespan"]


def test_no_websocket_is_opened() -> None:
    app = build_app(Board(), judge=FakeJudge(), logins=FakeLogins(), shared=World().shared)
    assert {type(route) for route in app.routes} == {Route}
