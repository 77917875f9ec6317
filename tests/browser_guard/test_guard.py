"""In a real browser: the guard opens the socket in the contract's format, tells an old page from a
server that is down, reloads at most once, and shows the token to nobody."""

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.browser.chromium import Browser, browser
from tests.browser.looking import complaints
from tests.browser_guard.backend import (
    CODED,
    IN_SUBPROTOCOL,
    LATER,
    NEW,
    OLD,
    TOKEN,
    WELCOME,
    contract,
)
from tests.browser_guard.world import A, B, C, World, world
from tests.processes import waited_for
from tests.servers import Reply


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("guard")) as chromium:
        yield chromium


@pytest.fixture
def here(chromium: Browser) -> Iterator[World]:
    with world(chromium.page) as here:
        yield here


def test_the_socket_opens_in_the_format_of_the_contract(here: World) -> None:
    here.deploys(A, NEW)
    here.opens()
    here.comes_to("open")
    assert here.states() == ["connecting", "open"]
    assert here.backend.heard == [
        ("/ws?room=1&skewcheck=chat/2.1", ("jwt-auth", f"jwt.{CODED}")),
    ]
    assert here.page.evaluate("messages") == [{"type": "heartbeat"}, WELCOME]
    assert here.page.evaluate("chat.send(JSON.stringify({type: 'user_message'}))") is True
    assert waited_for(lambda: here.backend.said == [{"type": "user_message"}])
    assert here.loads() == 1


def test_the_token_travels_in_the_query_where_the_contract_says_so(here: World) -> None:
    here.backend.speaks = "1.0"
    here.deploys(A, OLD)
    here.opens()
    here.comes_to("open")
    path = "/ws?room=1&skewcheck=chat/1.0&access_token=" + quote(TOKEN, safe="~")
    assert here.backend.heard == [(path, ())]


def test_the_token_travels_in_the_first_message_where_the_contract_says_so(here: World) -> None:
    here.backend.speaks = "3.0"
    here.deploys(A, LATER)
    here.opens()
    here.comes_to("open")
    assert waited_for(lambda: len(here.backend.said) == 1)
    assert here.backend.said == [{"type": "hello", "token": TOKEN, "tries": [1, None]}]


def test_what_the_page_speaks_is_not_announced_where_that_is_turned_off(here: World) -> None:
    here.deploys(A, NEW, more="announce: false,")
    here.opens()
    here.tries(1)
    assert here.backend.heard[0][0] == "/ws?room=1"


def test_an_old_page_reloads_once_when_it_may_and_the_new_one_works(here: World) -> None:
    held = "beforeReload: () => new Promise((allow) => (window.allow = allow)),"
    here.serves(A, OLD, more=held)
    here.says(B)
    here.opens()
    assert waited_for(lambda: here.page.evaluate("typeof window.allow") == "function")
    assert here.loads() == 1
    here.serves(B, NEW)
    here.page.evaluate("allow(undefined)")
    here.comes_to("open")
    assert here.states() == ["connecting", "page-is-old", "connecting", "open"]
    old = here.told()[1]
    assert old == {"state": "page-is-old", "page": A, "live": B, "reloading": True}
    assert here.loads() == 2


def test_a_stale_edge_is_asked_once_more_and_never_again(here: World) -> None:
    here.serves(A, OLD)
    here.says(B)
    here.opens()
    assert here.comes_to("still-old") == {"state": "still-old", "page": A, "live": B}
    here.tries(4)
    assert here.states().count("page-is-old") == 1
    assert here.loads() == 2


def test_the_next_deploy_may_reload_once_more(here: World) -> None:
    here.serves(A, OLD)
    here.says(B)
    here.opens()
    here.comes_to("still-old")
    here.says(C)
    assert waited_for(lambda: here.told()[-1:] == [{"state": "still-old", "page": A, "live": C}])
    assert here.loads() == 3


@pytest.mark.parametrize("refuses", [1000, 1011, 0], ids=["clean 1000", "1011", "silence"])
def test_an_old_page_is_told_however_the_server_ends_it(here: World, refuses: int) -> None:
    here.backend.refuses = refuses
    here.serves(A, OLD, more="welcomeWithinMs: 300,")
    here.says(B)
    here.opens()
    assert here.comes_to("still-old")["live"] == B
    assert here.loads() == 2


def test_4406_says_by_itself_that_the_page_is_old(here: World) -> None:
    here.backend.refuses = 4406
    here.serves(A, OLD)
    here.opens()
    assert here.comes_to("still-old") == {"state": "still-old", "page": A, "live": ""}
    assert here.told()[1] == {"state": "page-is-old", "page": A, "live": "", "reloading": True}
    here.tries(3)
    assert here.loads() == 2


def test_a_server_that_is_down_reloads_nothing_and_is_found_again(here: World) -> None:
    here.backend.stop()
    here.deploys(A, NEW)
    here.opens()
    down = here.comes_to("server-down")
    assert down == {
        "state": "server-down", "live": A, "why": "the connection failed before the welcome",
    }  # fmt: skip
    assert here.page.evaluate("chat.send('lost')") is False
    here.looks(3)
    here.backend.start()
    here.comes_to("open")
    assert here.states() == ["connecting", "server-down", "open"]
    assert here.loads() == 1


def test_a_frontend_that_says_no_build_makes_no_page_old(here: World) -> None:
    here.backend.refuses = 1000
    here.serves(A, OLD)
    here.frontend.replies["/version.json"] = Reply(body=b'{"commit": "$COMMIT_SHA"}')
    here.opens()
    assert here.comes_to("server-down")["live"] == ""
    here.tries(3)
    assert here.loads() == 1


def test_a_page_that_names_no_build_is_not_old(here: World) -> None:
    here.serves("unknown", OLD)
    here.says(B)
    here.opens()
    assert here.comes_to("server-down")["live"] == B
    here.tries(3)
    assert here.loads() == 1


def test_a_dirty_page_is_of_its_commit(here: World) -> None:
    here.deploys(f"{A}-dirty", OLD)
    here.says(A)
    here.opens()
    here.comes_to("server-down")
    here.says(B)
    assert here.comes_to("still-old") == {"state": "still-old", "page": A, "live": B}


def test_a_lost_connection_is_opened_again(here: World) -> None:
    here.deploys(A, NEW)
    here.opens()
    here.comes_to("open")
    here.backend.hang_up()
    assert waited_for(lambda: here.states() == ["connecting", "open", "connecting", "open"])
    assert here.loads() == 1


def test_a_page_that_becomes_old_while_it_is_open_reloads_once(here: World) -> None:
    here.deploys(A, NEW)
    here.opens()
    here.comes_to("open")
    here.backend.speaks = "3.0"
    here.deploys(B, LATER)
    here.backend.hang_up()
    assert waited_for(lambda: here.loads() == 2 and here.states()[-1:] == ["open"])
    assert here.states().count("page-is-old") == 1


@pytest.mark.parametrize("code", [1008, 4401])
def test_a_server_that_says_no_is_not_down(here: World, code: int) -> None:
    here.backend.closes = code
    here.deploys(A, NEW)
    here.opens()
    refused = here.comes_to("refused")
    assert refused == {
        "state": "refused", "code": code, "why": f"closed with {code} before the welcome",
    }  # fmt: skip
    here.backend.closes = 0
    here.comes_to("open")
    assert here.loads() == 1


def test_without_storage_nothing_is_reloaded(here: World) -> None:
    here.serves(A, OLD, more="storage: null,")
    here.says(B)
    here.opens()
    old = here.comes_to("page-is-old")
    assert (old["reloading"], old["why"]) == (
        False,
        "no storage to remember a reload in: reload by hand",
    )
    here.tries(4)
    assert here.loads() == 1


@pytest.mark.parametrize(
    "broken",
    [
        "{ getItem: () => null, setItem() { throw new Error('quota'); } }",
        "{ getItem: () => null, setItem() {} }",
        "{ getItem() { throw new Error('denied'); }, setItem() {} }",
    ],
    ids=["is full", "forgets", "is denied"],
)
def test_a_storage_that_does_not_keep_is_none(here: World, broken: str) -> None:
    here.serves(A, OLD, more=f"storage: {broken},")
    here.says(B)
    here.opens()
    assert here.comes_to("page-is-old")["reloading"] is False
    here.tries(4)
    assert here.loads() == 1


@pytest.mark.parametrize(
    "answer", ["false", "Promise.resolve(false)", "Promise.reject(new Error('no'))"]
)
def test_the_application_may_keep_its_page(here: World, answer: str) -> None:
    asked = f"beforeReload(builds) {{ (window.asked ??= []).push(builds); return {answer}; }},"
    here.serves(A, OLD, more=asked)
    here.says(B)
    here.opens()
    old = here.comes_to("page-is-old")
    assert (old["reloading"], old["why"]) == (False, "beforeReload did not allow it")
    here.tries(4)
    assert here.page.evaluate("asked") == [{"page": A, "live": B}]
    assert here.loads() == 1


def test_a_reload_that_does_not_come_about_is_not_asked_for_again(here: World) -> None:
    here.serves(A, OLD, more="reload: () => (window.reloads = (window.reloads ?? 0) + 1),")
    here.says(B)
    here.opens()
    assert waited_for(lambda: here.told()[-1].get("why") == "a reload was asked for already")
    here.tries(3)
    assert here.page.evaluate("reloads") == 1


def test_two_sockets_of_one_page_reload_it_once(here: World) -> None:
    more = "reload: () => (window.reloads = (window.reloads ?? 0) + 1),"
    here.serves(A, OLD, more=more)
    page = here.frontend.replies["/"]
    twice = page.body.replace(b"try {", b"for (const _ of [1, 2]) try {")
    here.frontend.replies["/"] = Reply(headers=page.headers, body=twice)
    here.says(B)
    here.opens()
    here.tries(6)
    assert here.page.evaluate("reloads") == 1
    assert "still-old" not in here.states()


def test_no_network_is_not_a_server_that_is_down(here: World) -> None:
    here.deploys(A, NEW, more="backoff: { firstMs: 20, mostMs: 600000 },")
    here.opens()
    here.comes_to("open")
    here.page.call("Network.enable")
    shape = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    try:
        here.page.call("Network.emulateNetworkConditions", offline=True, **shape)
        here.backend.stop()
        here.comes_to("offline")
        here.backend.start()
    finally:
        here.page.call("Network.emulateNetworkConditions", offline=False, **shape)
    here.comes_to("open")
    assert here.loads() == 1


def test_a_network_that_comes_back_is_used_at_once(here: World) -> None:
    here.deploys(A, NEW, more="backoff: { firstMs: 600000, mostMs: 600000 },")
    here.opens()
    here.comes_to("open")
    here.backend.hang_up()
    here.comes_to("connecting")
    here.page.evaluate("dispatchEvent(new Event('online'))")
    here.comes_to("open")


def test_without_a_welcome_nothing_is_open(here: World) -> None:
    other = contract("2.1", IN_SUBPROTOCOL, welcome={"type": "hello", "user": {"name": "Ada"}})
    here.deploys(A, other, more="welcomeWithinMs: 200,")
    here.opens()
    assert here.comes_to("server-down")["why"] == "no welcome within 200 ms"
    assert "open" not in here.states()


def test_a_contract_without_a_welcome_is_open_at_once(here: World) -> None:
    here.deploys(A, contract("2.1", IN_SUBPROTOCOL, welcome=None))
    here.opens()
    here.comes_to("open")


def test_a_server_that_selects_another_subprotocol_is_not_talked_to(here: World) -> None:
    swapped = {**IN_SUBPROTOCOL, "selected": "jwt.{token:base64url}"}
    here.deploys(A, contract("2.1", swapped))
    here.opens()
    assert here.comes_to("server-down")["why"] == "the server selected another subprotocol"


def test_a_server_that_accepts_to_refuse_is_heard_out(here: World) -> None:
    here.backend.refuses = 4406
    swapped = contract("1.0", {**IN_SUBPROTOCOL, "selected": "jwt.{token:base64url}"})
    here.serves(A, swapped)
    here.opens()
    here.comes_to("still-old")
    assert here.states()[1] == "page-is-old"


def test_a_contract_that_no_browser_can_speak_is_refused_at_once(here: World) -> None:
    here.deploys(A, contract("1.0", {"token_in": "authorization"}))
    here.opens()
    threw = here.comes_to("threw")
    assert "chat 1.0 wants the token in the Authorization header" in threw["why"]
    assert here.backend.heard == []


def test_a_contract_that_wants_a_token_needs_one(here: World) -> None:
    here.deploys(A, NEW, more="token: undefined,")
    here.opens()
    assert "pass token: " in here.comes_to("threw")["why"]


def test_without_a_token_nothing_is_opened_until_there_is_one(here: World) -> None:
    tokens = "token: () => window.token ?? Promise.reject(new Error('none yet')),"
    here.deploys(A, NEW, more=tokens)
    here.opens()
    assert here.comes_to("refused")["why"] == "token() gave none"
    assert here.backend.heard == []
    here.page.evaluate(f"window.token = {json.dumps(TOKEN)}")
    here.comes_to("open")


def test_closed_by_the_application_it_stays_closed(here: World) -> None:
    here.deploys(A, NEW)
    here.opens()
    here.comes_to("open")
    here.page.evaluate("chat.close()")
    assert here.comes_to("closed") == {"state": "closed"}
    here.page.evaluate("new Promise((done) => setTimeout(done, 300))")
    assert len(here.backend.heard) == 1
    assert here.states() == ["connecting", "open", "closed"]


def test_the_token_is_shown_nowhere(here: World) -> None:
    """In the page, in its storage, in the console; also where the browser refuses it."""
    loose = contract("2.1", {**IN_SUBPROTOCOL, "subprotocols": ["jwt-auth", "{token}"]})
    for spoken, build, state in ((NEW, A, "still-old"), (loose, B, "refused")):
        here.backend.refuses = 4406
        here.backend.speaks = "3.0"
        here.deploys(build, spoken)
        here.opens()
        here.comes_to(state)
        shown = here.page.evaluate(
            "document.documentElement.innerText + JSON.stringify([sessionStorage, localStorage])"
        )
        for place in (shown, *complaints(here.page)):
            assert TOKEN not in place
            assert CODED not in place
