"""The way through a proxy, and how a proxy fails without showing its password."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from skewcheck.core.wire.script import Patience
from skewcheck.core.wire.transcript import (
    Connected,
    NotConnected,
    Transcript,
)
from tests.adapters.probing import (
    THERE,
    TOKEN,
    asking,
    in_json,
    prober,
    survives,
    told,
)
from tests.connect_proxy import connects
from tests.servers import Certificate, make_certificate
from tests.websocket_servers import Shape, serving


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def closed_port() -> Iterator[int]:
    """Bound, so that nobody else gets it, and deaf."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


def not_connected(transcript: Transcript) -> NotConnected:
    event = survives(transcript).events[-1]
    assert isinstance(event, NotConnected), told(transcript)
    return event


def test_a_proxy_leads_there_and_is_named() -> None:
    with serving("welcome") as server, serving(connects()) as proxy:
        through = prober(proxy_of=lambda _: f"http://127.0.0.1:{proxy.port}")
        transcript = survives(through.probe(asking(server.url), TOKEN))
    assert told(transcript) == f"connected requested {THERE}"
    connected = transcript.first(Connected)
    assert connected is not None
    assert connected.through == f"127.0.0.1:{proxy.port}"
    assert connected.address == f"127.0.0.1:{server.port}" == proxy.requests[0].target


def test_tls_goes_through_a_proxy_that_wants_a_password(certificate: Certificate) -> None:
    with (
        serving("welcome", certificate) as server,
        serving(connects("build:pa ss%word")) as proxy,
    ):
        place = f"http://build:pa%20ss%25word@127.0.0.1:{proxy.port}"
        through = prober(proxy_of=lambda _: place, ca_bundle=str(certificate.certificate))
        transcript = through.probe(asking(server.url), TOKEN)
    assert told(transcript) == f"connected secured requested {THERE}"
    assert "pa ss" not in in_json(transcript)
    assert "pa%20ss" not in in_json(transcript)


def test_a_wrong_password_is_told_without_it() -> None:
    with serving(connects("build:right")) as proxy:
        through = prober(proxy_of=lambda _: f"127.0.0.1:{proxy.port}".join(("x:wrong@", "")))
        transcript = through.probe(asking("http://127.0.0.1:9/ws"), TOKEN)
    refused = not_connected(transcript)
    assert refused.through == f"127.0.0.1:{proxy.port}"
    assert refused.detail == (
        "the proxy answered 407 Proxy Authentication Required to CONNECT 127.0.0.1:9"
    )


@pytest.mark.parametrize(
    ("shape", "detail"),
    [
        pytest.param(
            lambda peer: peer.raw("SSH-2.0-x\r\n"),
            "what the proxy answered to CONNECT is not HTTP",
            id="no HTTP",
        ),
        pytest.param(
            lambda peer: peer.raw("HTTP/1.1 200 OK\r\n" + "X: y\r\n" * 11000),
            "what the proxy answered to CONNECT is not HTTP",
            id="an endless head",
        ),
        pytest.param(lambda _: None, "the proxy closed without an answer to CONNECT", id="closed"),
        pytest.param(
            lambda peer: peer.stopping.wait(),
            "the proxy did not answer CONNECT in time",
            id="silent",
        ),
        pytest.param(
            lambda peer: peer.raw("HTTP/1.1 799 x\r\n\r\n"),
            "the proxy answered 799 to CONNECT 127.0.0.1:9",
            id="a status of its own",
        ),
    ],
)
def test_a_proxy_that_fails_is_blamed_by_name(shape: Shape, detail: str) -> None:
    with serving(shape) as proxy:
        through = prober(proxy_of=lambda _: f"http://127.0.0.1:{proxy.port}/")
        patience = Patience(connect_s=1 if "in time" in detail else 20)
        transcript = through.probe(asking("http://127.0.0.1:9/ws", patience=patience), TOKEN)
    assert told(transcript) == "not-connected"
    assert not_connected(transcript).detail == detail


def test_a_proxy_that_is_not_there_is_blamed_by_name(closed_port: int) -> None:
    through = prober(proxy_of=lambda _: f"http://127.0.0.1:{closed_port}")
    refused = not_connected(through.probe(asking("http://127.0.0.1:9/ws"), TOKEN))
    assert refused.through == f"127.0.0.1:{closed_port}"
    assert refused.detail == "nothing listens on that port (ECONNREFUSED)"


@pytest.mark.parametrize(
    ("place", "detail"),
    [
        pytest.param(
            "https://u:pw@proxy.test:8443",
            "the proxy https://proxy.test:8443 is not supported: set HTTPS_PROXY=http://HOST:PORT",
            id="TLS to the proxy",
        ),
        pytest.param(
            "socks5h://proxy.test",
            "the proxy socks5h://proxy.test is not supported: set HTTPS_PROXY=http://HOST:PORT",
            id="SOCKS",
        ),
        pytest.param(
            "http://u:pw@proxy.test:port",
            "the proxy that the environment names is no URL",
            id="no port",
        ),
    ],
)
def test_a_proxy_that_nobody_here_can_use_is_told(place: str, detail: str) -> None:
    through = prober(proxy_of=lambda _: place)
    assert not_connected(through.probe(asking("http://chat.test/ws"), TOKEN)).detail == detail


def test_the_environment_names_the_proxy_and_who_needs_none() -> None:
    program = (
        "import json, sys; from skewcheck.adapters.websocket_prober.proxy import *;"
        "print(json.dumps([proxy_from_environment(url) for url in sys.argv[1:]]))"
    )
    urls = ["https://a.test:443", "http://a.test:80", "https://b.test:443"]
    environment = {"HTTPS_PROXY": "http://p:1", "HTTP_PROXY": "http://p:2", "NO_PROXY": "b.test"}
    ran = subprocess.run(
        [sys.executable, "-c", program, *urls], env=environment, check=True, capture_output=True
    )
    assert json.loads(ran.stdout) == ["http://p:1", "http://p:2", None]
