"""How a service with skewcheck-expose behaves, whatever server and framework carry it.

Each module of a framework gives a `site` and derives one class from `Conduct`.
"""

import hashlib
import logging
from typing import Any

import pytest
from skewcheck_expose import Agreed, VersionDocument

from skewcheck.adapters.clock import SystemClock
from skewcheck.adapters.http_reader import RequestsReader
from skewcheck.core.build import BuildSha
from skewcheck.core.exposed.version_document import read_version_document
from skewcheck.core.findings import Code
from skewcheck.core.ladder.climb import Rung
from skewcheck.core.reading import VersionDocument as Reading
from skewcheck.core.wire.script import MADE_UP_TOKEN, Variant
from skewcheck.core.wire.transcript import Echoed
from tests.expose.formats import BEFORE_SCRIPT, CHAT, CHAT_SCRIPT, TOKEN
from tests.expose.serving import Got, Opened, Site
from tests.probing import probe

SHA = "3f2c1ab9d8e7aa00112233445566778899aabbcc"
RIGHT = ("jwt-auth", "jwt.ZmFrZS10b2tlbg")  # fake-token
OLD = "/ws?skewcheck=chat/1.0"
NAMES_BOTH = "client speaks chat 1.0, server 2.1; accepted: >=2.0,<3"
DOCUMENT = VersionDocument(file="/nowhere", variables={"COMMIT_SHA": SHA}, contracts=[CHAT])


def welcome(agreed: Agreed) -> dict[str, Any]:
    """What every server under test says first; the digest proves that the token arrived."""
    return {"type": "connection_established", "digest": digest(agreed.token or "")}


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def opening(path: str, offers: str) -> bytes:
    """With the token wherever one may be."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        f"Authorization: Bearer {TOKEN}\r\nCookie: session={TOKEN}\r\n"
        f"Sec-WebSocket-Protocol: {offers}\r\n\r\n"
    ).encode()


def refused(seen: Opened | Got) -> Got:
    assert isinstance(seen, Got), seen
    return seen


class DocumentConduct:
    """`site` serves DOCUMENT at its usual paths."""

    @pytest.mark.parametrize("path", ["/__version__", "/version.json"])
    def test_the_version_document_is_read_natively(self, site: Site, path: str) -> None:
        reader = RequestsReader(frozenset(), SystemClock())
        reading = read_version_document(reader.read(f"{site.url}{path}", as_browser=False))
        assert isinstance(reading, Reading), reading
        assert (reading.build.build, reading.convention) == (BuildSha(SHA), "skewcheck")
        assert [each.name for each in reading.protocols] == ["chat"]
        assert reading.cacheable == ""


class HttpConduct(DocumentConduct):
    """Of those that serve an application too; it answers `/` with `hello`, to GET and POST."""

    def test_head_is_answered_like_get_without_its_body(self, site: Site) -> None:
        got, head = site.ask("GET", "/__version__"), site.ask("HEAD", "/__version__")
        assert (head.status, head.body) == (200, b"")
        assert head.headers["content-length"] == str(len(got.body))
        assert head.headers["cache-control"] == got.headers["cache-control"] == "no-store"

    def test_the_document_cannot_be_posted_to(self, site: Site) -> None:
        answer = site.ask("POST", "/__version__")
        assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_all_else_reaches_the_application(self, site: Site, method: str) -> None:
        answer = site.ask(method, "/")
        assert (answer.status, answer.body) == (200, b"hello")
        assert "cache-control" not in answer.headers


class Conduct(DocumentConduct):
    """`site` serves CHAT at /ws."""

    def test_the_prober_is_welcomed_in_the_contracts_format(self, site: Site) -> None:
        seen = probe(f"{site.url}/ws", CHAT_SCRIPT, token=TOKEN)
        assert seen.holds, seen.told
        assert seen.transcript.first(Echoed) is None

    def test_the_token_arrives_and_the_contracts_subprotocol_is_selected(self, site: Site) -> None:
        opened = site.knock(offers=RIGHT)
        assert isinstance(opened, Opened)
        assert opened.subprotocol == "jwt-auth"
        assert digest("fake-token") in (opened.message or "")

    def test_a_page_of_an_accepted_version_is_welcomed(self, site: Site) -> None:
        opened = site.knock("/ws?skewcheck=chat/2.0", RIGHT)
        assert isinstance(opened, Opened)
        assert opened.message

    def test_a_page_of_an_old_version_is_closed_4406_naming_both(self, site: Site) -> None:
        assert site.knock(OLD, RIGHT) == Opened("jwt-auth", close=4406, reason=NAMES_BOTH)

    def test_a_page_that_offers_nothing_is_closed_4406_too(self, site: Site) -> None:
        assert site.knock(OLD) == Opened(None, close=4406, reason=NAMES_BOTH)

    def test_a_page_with_nothing_to_select_must_upgrade(self, site: Site) -> None:
        answer = refused(site.knock(OLD, ["chat.v1"]))
        assert answer.status == 426
        assert answer.body.decode() == f"{NAMES_BOTH}\n"
        assert answer.headers["upgrade"] == "websocket"
        assert answer.headers["sec-websocket-version"] == "13"
        assert answer.headers["cache-control"] == "no-store"

    def test_another_format_is_a_bad_request(self, site: Site) -> None:
        answer = refused(site.knock(offers=["graphql-ws"]))
        assert answer.status == 400
        assert answer.body.startswith(b"server speaks chat 2.1; subprotocol jwt-auth was not")
        assert "sec-websocket-protocol" not in answer.headers

    def test_the_prober_names_why_an_old_client_is_refused(self, site: Site) -> None:
        seen = probe(f"{site.url}/ws", BEFORE_SCRIPT, token=TOKEN)
        assert seen.failure == (Rung.UPGRADE, Code.HANDSHAKE_REJECTED)
        assert "server speaks chat 2.1; no subprotocol was offered" in seen.told

    def test_the_negative_control_is_refused(self, site: Site) -> None:
        seen = probe(
            f"{site.url}/ws", CHAT_SCRIPT, token=MADE_UP_TOKEN, variant=Variant(control=True)
        )
        assert seen.failure == (Rung.UPGRADE, Code.HANDSHAKE_REJECTED)

    @pytest.mark.parametrize("path", ["/ws", OLD])
    @pytest.mark.parametrize("offers", [TOKEN, f"jwt-auth, jwt.{TOKEN}", f"x, jwt-auth, {TOKEN}"])
    def test_no_byte_of_an_answer_repeats_a_token(self, site: Site, path: str, offers: str) -> None:
        answer = site.send_raw(opening(path, offers))
        assert answer.startswith(b"HTTP/1.1 ")
        assert TOKEN.encode() not in answer

    def test_a_refusal_is_logged_without_the_token(
        self, site: Site, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.INFO, "skewcheck_expose"):
            site.knock(OLD, RIGHT, Authorization="Bearer fake-token")
        told = [each.getMessage() for each in caplog.records if each.name == "skewcheck_expose"]
        assert told == [f"WebSocket refused: {NAMES_BOTH}"]
