"""The opening request is a browser's, the token is where the contract puts it, and nowhere else."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.wire.opening import Opening, why_unsendable, write_opening
from skewcheck.core.wire.script import ProbeRequest, Script, Target, Variant
from skewcheck.core.wire.secret import Secret
from tests.transcripts import PLAIN

PAGE = "https://app.staging.acme.example"
TOKEN = Secret("s3cret/t0ken+=&")
ENCODED = "czNjcmV0L3Qwa2VuKz0m"
AGENT = "skewcheck/0.1.0"


def opening(
    script: Script = PLAIN,
    *,
    url: str = "https://api.staging.acme.example/ws",
    token: Secret | None = TOKEN,
    **changed: Any,
) -> Opening:
    said: dict[str, Any] = {"id": "0123456789ab", "origin": PAGE} | changed
    request = ProbeRequest(target=Target(place="edge", url=url), script=script, **said)
    return write_opening(request, token, AGENT)


def header(written: Opening, name: str) -> str | None:
    return dict(written.headers).get(name)


def test_it_has_the_headers_of_a_browser_in_its_order() -> None:
    written = opening()
    assert [name for name, _ in written.headers] == [
        "Host",
        "Connection",
        "Pragma",
        "Cache-Control",
        "User-Agent",
        "Upgrade",
        "Origin",
        "Sec-WebSocket-Version",
        "Accept-Encoding",
        "Accept-Language",
        "Sec-WebSocket-Protocol",
    ]
    assert header(written, "Host") == "api.staging.acme.example"
    assert header(written, "Connection") == "Upgrade"
    assert header(written, "Upgrade") == "websocket"
    assert header(written, "Origin") == PAGE
    assert header(written, "Sec-WebSocket-Version") == "13"


def test_the_user_agent_is_a_browsers_and_names_us_and_the_probe() -> None:
    agent = header(opening(), "User-Agent")
    assert agent is not None
    assert agent.startswith("Mozilla/5.0 (")
    assert agent.endswith(" skewcheck/0.1.0 (probe 0123456789ab)")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://API.acme.example/ws", "api.acme.example"),
        ("https://api.acme.example:443/ws", "api.acme.example"),
        ("http://api.acme.example:80/ws", "api.acme.example"),
        ("https://api.acme.example:80/ws", "api.acme.example:80"),
        ("http://127.0.0.1:8080/ws", "127.0.0.1:8080"),
        ("http://[::1]/ws", "[::1]"),
        ("http://[::1]:8080/ws", "[::1]:8080"),
    ],
)
def test_the_host_is_written_as_browsers_write_it(url: str, host: str) -> None:
    assert header(opening(url=url), "Host") == host


def test_the_offers_are_filled_and_joined() -> None:
    written = opening()
    assert written.offers == ("jwt-auth", f"jwt.{ENCODED}")
    assert header(written, "Sec-WebSocket-Protocol") == f"jwt-auth, jwt.{ENCODED}"


def test_an_offer_may_hold_the_token_as_it_is() -> None:
    assert opening(replace(PLAIN, offers=("jwt", "{token}"))).offers == ("jwt", TOKEN.reveal)


@pytest.mark.parametrize(
    ("place", "name", "value"),
    [
        ("authorization", "Authorization", f"Bearer {TOKEN.reveal}"),
        ("cookie:sid", "Cookie", f"sid={TOKEN.reveal}"),
    ],
)
def test_a_token_in_a_header_is_in_that_header_alone(place: str, name: str, value: str) -> None:
    written = opening(Script(token_in=place))
    assert header(written, name) == value
    assert [key for key, each in written.headers if TOKEN.reveal in each] == [name]
    assert written.target == "/ws"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://api.acme.example/ws", "/ws?my%20ticket=s3cret%2Ft0ken%2B%3D%26"),
        ("https://api.acme.example", "/?my%20ticket=s3cret%2Ft0ken%2B%3D%26"),
        ("https://api.acme.example/ws?v=2", "/ws?v=2&my%20ticket=s3cret%2Ft0ken%2B%3D%26"),
    ],
)
def test_a_token_in_the_query_is_percent_encoded(url: str, target: str) -> None:
    written = opening(Script(token_in="query:my ticket"), url=url)
    assert written.target == target
    assert not [each for _, each in written.headers if "s3cret" in each]


@pytest.mark.parametrize("place", ["none", "first-message"])
def test_elsewhere_the_opening_holds_no_token(place: str) -> None:
    written = opening(Script(token_in=place, opens_with=({"token": "{token}"},)))
    assert "s3cret" not in repr(written)
    assert written.target == "/ws"


@pytest.mark.parametrize("place", ["authorization", "cookie:sid", "query:ticket"])
def test_without_a_token_its_place_is_left_out(place: str) -> None:
    written = opening(Script(token_in=place), token=None)
    assert written.target == "/ws"
    assert {"Authorization", "Cookie"}.isdisjoint(dict(written.headers))


def test_the_path_of_the_url_is_kept_with_its_query() -> None:
    assert opening(url="https://a.example/socket.io/?EIO=4").target == "/socket.io/?EIO=4"
    assert opening(url="https://a.example").target == "/"


@pytest.mark.parametrize(
    ("without", "gone"),
    [
        pytest.param(("origin",), {"Origin"}, id="origin"),
        pytest.param(("upgrade",), {"Upgrade", "Connection"}, id="upgrade takes connection along"),
        pytest.param(("connection",), {"Connection"}, id="connection alone"),
        pytest.param(("authorization",), {"Authorization"}, id="the token"),
        pytest.param(
            ("sec-websocket-protocol", "origin"), {"Sec-WebSocket-Protocol", "Origin"}, id="two"
        ),
    ],
)
def test_a_variant_leaves_out_what_it_names_and_nothing_else(
    without: tuple[str, ...], gone: set[str]
) -> None:
    script = replace(PLAIN, token_in="authorization")
    usual, varied = opening(script), opening(script, variant=Variant(without=without))
    assert dict(usual.headers).keys() - dict(varied.headers).keys() == gone
    assert set(varied.headers) <= set(usual.headers)


def test_an_offer_that_is_left_out_is_no_offer() -> None:
    assert opening(variant=Variant(without=("sec-websocket-protocol",))).offers == ()


def test_without_an_offer_there_is_no_header_for_it_and_without_a_page_no_origin() -> None:
    written = opening(Script(), origin="")
    assert {"Sec-WebSocket-Protocol", "Origin"}.isdisjoint(dict(written.headers))


def test_a_variant_that_moves_the_token_moves_it() -> None:
    written = opening(variant=Variant(auth="header"))
    assert written.offers == ("jwt-auth",)
    assert header(written, "Authorization") == f"Bearer {TOKEN.reveal}"


@pytest.mark.parametrize(
    ("offers", "why"),
    [
        pytest.param((), "", id="nothing"),
        pytest.param(("jwt-auth", "jwt.Ab_-9"), "", id="the right format"),
        pytest.param(("!#$%&'*+-.^_`|~",), "", id="all that a token may hold"),
        pytest.param(("v1", "V1"), "", id="upper and lower case differ"),
        pytest.param(
            ("jwt.Bearer t",), "subprotocol 1 of the offer has the character ' '", id="space"
        ),
        pytest.param(("v1", "a,b"), "subprotocol 2 of the offer has the character ','", id="comma"),
        pytest.param(("v1", ""), "subprotocol 2 of the offer is empty", id="empty"),
        pytest.param(("YQ==",), "subprotocol 1 of the offer has the character '='", id="padding"),
        pytest.param(("a/b",), "subprotocol 1 of the offer has the character '/'", id="slash"),
        pytest.param(("é",), "subprotocol 1 of the offer has the character 'é'", id="non-ASCII"),
        pytest.param(("v1\n",), "subprotocol 1 of the offer has the character '\\n'", id="newline"),
        pytest.param(("v1", "v2", "v1"), "a subprotocol is offered twice", id="twice"),
    ],
)
def test_what_a_browser_throws_at_is_told(offers: tuple[str, ...], why: str) -> None:
    assert why_unsendable(offers) == why


@given(st.text(min_size=1))
def test_only_what_rfc_6455_calls_a_token_can_be_offered(offer: str) -> None:
    separators = '()<>@,;:\\"/[]?={} \t'
    is_token = all("!" <= char <= "~" and char not in separators for char in offer)
    assert (why_unsendable((offer,)) == "") is is_token
