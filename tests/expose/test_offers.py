"""What is read from the headers and the query of an opening request."""

import pytest
from skewcheck_expose.offers import read_offer


def test_subprotocols_of_several_headers_are_one_list() -> None:
    headers = [("Sec-WebSocket-Protocol", "a, b"), ("sec-websocket-protocol", ",c ,")]
    assert read_offer(headers, "").subprotocols == ("a", "b", "c")


def test_a_server_that_took_them_apart_is_believed() -> None:
    headers = [("Sec-WebSocket-Protocol", "a")]
    assert read_offer(headers, "", ["b", ""]).subprotocols == ("b",)
    assert read_offer(headers, "", []).subprotocols == ()


def test_cookies_are_taken_apart() -> None:
    offer = read_offer([("Cookie", "a=1; b=2=3; odd"), ("Cookie", "a=4")], "")
    assert offer.cookies == (("a", "1"), ("b", "2=3"), ("odd", ""), ("a", "4"))


def test_a_query_is_decoded() -> None:
    assert read_offer([], "t=a%2Bb+c&empty=").query == (("t", "a+b c"), ("empty", ""))


def test_nothing_of_an_offer_is_shown() -> None:
    offer = read_offer(
        [("Authorization", "Bearer s3cret"), ("Cookie", "a=s3cret")], "t=s3cret", ["jwt.s3cret"]
    )
    assert repr(offer) == "Offer()"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param("skewcheck=chat/2.1", {"chat": "2.1"}, id="a release"),
        pytest.param("skewcheck=chat%2F2.1", {"chat": "2.1"}, id="encoded"),
        pytest.param("skewcheck=a%2Fb/2", {"a/b": "2"}, id="a slash in the name"),
        pytest.param(
            "skewcheck=chat/2&x=1&skewcheck=notes/3", {"chat": "2", "notes": "3"}, id="two"
        ),
        pytest.param("skewcheck=chat/2.1rc1.dev3", {"chat": "2.1rc1.dev3"}, id="a pre-release"),
        pytest.param("skewcheck=chat", {}, id="no version"),
        pytest.param("skewcheck=chat/eyJhbGciOi", {}, id="no version but something"),
        pytest.param("skewcheck=chat/" + "1." * 20 + "1", {}, id="too many numbers"),
        pytest.param("skewcheck=chat/1234567", {}, id="too many digits"),
        pytest.param("skewcheck=chat/11111.11111.11111.11111.11111rc1.dev1", {}, id="too long"),
        pytest.param("skewcheck=chat/2.1%0A", {}, id="a line break"),
        pytest.param("Skewcheck=chat/2.1", {}, id="another name"),
    ],
)
def test_a_client_may_say_what_it_speaks(query: str, said: dict[str, str]) -> None:
    assert read_offer([], query).announced() == said
