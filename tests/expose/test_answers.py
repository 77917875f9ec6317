"""Refusals as HTTP has them."""

import pytest
from skewcheck_expose import Refused
from skewcheck_expose.answers import of_refusal


def test_a_bad_request_says_why_and_is_never_kept() -> None:
    answer = of_refusal(Refused(status=400, reason="because…"))
    assert (answer.status, answer.body) == (400, "because…\n".encode())
    assert dict(answer.headers) == {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": "11",
        "Cache-Control": "no-store",
    }


def test_an_upgrade_that_is_required_is_named() -> None:
    headers = dict(of_refusal(Refused(status=426, reason="old")).headers)
    assert headers["Upgrade"] == "websocket"
    assert headers["Connection"] == "upgrade, close"
    assert headers["Sec-WebSocket-Version"] == "13"


@pytest.mark.parametrize("version", ["2", "3"])
def test_later_versions_of_http_have_no_headers_of_a_connection(version: str) -> None:
    headers = dict(of_refusal(Refused(status=426, reason="old"), http_version=version).headers)
    assert not {"Upgrade", "Connection"} & set(headers)
    assert headers["Sec-WebSocket-Version"] == "13"


def test_asgi_has_names_in_lower_case() -> None:
    encoded = of_refusal(Refused(status=400, reason="x")).encoded_headers()
    assert (b"cache-control", b"no-store") in encoded
