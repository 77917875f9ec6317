"""The three pieces as a team installs them: `skewcheck stamp` writes the contract, a `websockets`
server negotiates by it, and the guard opens the socket in its format."""

import contextlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from skewcheck_expose.contract_files import load_contracts
from skewcheck_expose.negotiation import Agreed
from skewcheck_expose.websockets import Negotiation
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection
from websockets.sync.server import serve as serve_websockets

from skewcheck.core.build import BuildSha
from skewcheck.core.stamping.documents import write_contracts
from skewcheck.core.stamping.stamp import Stamp
from tests.browser.chromium import Browser, browser
from tests.browser_guard.backend import TOKEN
from tests.browser_guard.world import A, B, World, world
from tests.core.document_samples import CONTRACT, contract

_TOGETHER = CONTRACT.replace("2.1", "3.0").replace(">=2.0,<3", ">=3,<4")
_BEFORE = "\n".join(
    ["schema: 1", "protocol: chat", 'version: "1.0"', 'accepts: "<2"',
     "handshake: {token_in: 'query:token'}", "messages: {welcome: {type: connection_established}}"]
)  # fmt: skip


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("together")) as chromium:
        yield chromium


def stamped(written: str) -> bytes:
    return write_contracts(Stamp(commit=BuildSha(A), role="server", contracts=(contract(written),)))


def of(written: str) -> Mapping[str, Any]:
    whole: Mapping[str, Any] = json.loads(stamped(written))["contracts"][0]
    return whole


@contextmanager
def serving(written: str, folder: Path) -> Iterator[tuple[str, list[str | None]]]:
    """The URL of a server of that contract, and the tokens that it was given."""
    (folder / "contracts.json").write_bytes(stamped(written))
    negotiation = Negotiation(load_contracts(folder / "contracts.json"))
    tokens: list[str | None] = []

    def chat(connection: ServerConnection, agreed: Agreed) -> None:
        tokens.append(agreed.token)
        with contextlib.suppress(ConnectionClosed):
            connection.send('{"type": "connection_established"}')
            for _ in connection:
                pass

    with serve_websockets(
        negotiation.threading_handler(chat), "127.0.0.1", 0,
        process_request=negotiation.process_request,
        select_subprotocol=negotiation.select_subprotocol,
    ) as server:  # fmt: skip
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.socket.getsockname()[1]}/ws", tokens
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def opened(chromium: Browser, written: str, url: str, live: str) -> Iterator[World]:
    with world(chromium.page) as here:
        here.serves(A, of(written), more=f"url: {json.dumps(url)},")
        if live:
            here.says(live)
        here.opens()
        yield here


def test_a_page_of_the_same_contract_is_let_in_with_its_token(
    chromium: Browser, tmp_path: Path
) -> None:
    with serving(CONTRACT, tmp_path) as (url, tokens), opened(chromium, CONTRACT, url, A) as here:
        here.comes_to("open")
        assert tokens == [TOKEN]


@pytest.mark.parametrize("live", [B, ""], ids=["and so says the version document", "alone"])
def test_a_page_of_a_version_that_is_not_accepted_any_more_is_told_so(
    chromium: Browser, tmp_path: Path, live: str
) -> None:
    with (
        serving(_TOGETHER, tmp_path) as (url, tokens),
        opened(chromium, CONTRACT, url, live) as here,
    ):
        assert here.comes_to("still-old") == {"state": "still-old", "page": A, "live": live}
        assert here.loads() == 2
        assert tokens == []


def test_a_page_of_another_format_is_told_by_the_version_document(
    chromium: Browser, tmp_path: Path
) -> None:
    with serving(CONTRACT, tmp_path) as (url, tokens), opened(chromium, _BEFORE, url, B) as here:
        here.comes_to("still-old")
        assert tokens == []
