"""TLS on the way to a server: whom we trust, and how a handshake fails in plain words."""

import contextlib
import socket
import ssl
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from skewcheck.adapters.websocket_prober import WebSocketProber
from skewcheck.adapters.websocket_prober.tls import trust
from skewcheck.adapters.websocket_prober.wire import OverError, Wire
from skewcheck.core.errors import UsageError
from skewcheck.core.wire.transcript import NotSecured, Secured, Transcript
from tests.adapters.probing import (
    PATIENT,
    THERE,
    TOKEN,
    asking,
    found_at,
    prober,
    survives,
    told,
)
from tests.servers import Certificate, Reply, make_certificate, serve
from tests.websocket_peer import Peer
from tests.websocket_servers import Shape, serving


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def trusting(certificate: Certificate) -> WebSocketProber:
    return prober(ca_bundle=str(certificate.certificate))


def not_secured(transcript: Transcript) -> str:
    event = survives(transcript).first(NotSecured)
    assert event is not None, told(transcript)
    return event.detail


def test_tls_is_told_with_the_certificates_dates(
    certificate: Certificate, trusting: WebSocketProber
) -> None:
    with serving("welcome", certificate) as server:
        transcript = survives(trusting.probe(asking(server.url), TOKEN))
    assert told(transcript) == f"resolved connected secured requested {THERE}"
    secured = transcript.first(Secured)
    assert secured is not None
    assert secured.version.startswith("TLSv1.")
    assert secured.cipher
    assert secured.valid_from is not None
    assert secured.valid_until is not None
    assert secured.valid_until - secured.valid_from == timedelta(days=1)
    assert secured.valid_from.tzinfo is UTC
    assert secured.valid_from > datetime(2020, 1, 1, tzinfo=UTC)


def test_a_folder_of_authorities_will_do_as_well(certificate: Certificate, tmp_path: Path) -> None:
    command = ["openssl", "x509", "-hash", "-noout", "-in", str(certificate.certificate)]
    hashed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    (tmp_path / f"{hashed}.0").write_bytes(certificate.certificate.read_bytes())
    with serving("welcome", certificate) as server:
        transcript = prober(ca_bundle=str(tmp_path)).probe(asking(server.url), TOKEN)
    assert transcript.first(Secured)


def test_a_certificate_signed_by_itself_is_not_trusted(certificate: Certificate) -> None:
    with serving("welcome", certificate) as server:
        transcript = prober().probe(asking(server.url), TOKEN)
        assert not server.requests
    assert told(transcript) == "resolved connected not-secured ended:left"
    assert not_secured(transcript) == (
        "the certificate is signed by itself (self-signed certificate)"
    )


def test_a_certificate_for_another_host_is_refused(certificate: Certificate) -> None:
    with serving("welcome", certificate) as server:
        elsewhere = prober(ca_bundle=str(certificate.certificate), look_up=found_at(server.port))
        transcript = elsewhere.probe(asking("https://chat.test/ws"), TOKEN)
    assert not_secured(transcript) == (
        "the certificate is for another host (Hostname mismatch, certificate is not valid for"
        " 'chat.test'.)"
    )


def test_an_expired_certificate_is_refused(tmp_path: Path) -> None:
    expired = _expired_certificate(tmp_path)
    with serving("welcome", expired) as server:
        transcript = prober(ca_bundle=str(expired.certificate)).probe(asking(server.url), TOKEN)
    assert not_secured(transcript) == ("the certificate has expired (certificate has expired)")


def _expired_certificate(folder: Path) -> Certificate:
    """`openssl ca` is the one that signs for dates in the past."""
    for name in ("index.txt", "serial"):
        (folder / name).write_text("01\n" if name == "serial" else "")
    (folder / "ca.cnf").write_text(
        f"[ca]\ndefault_ca=it\n[it]\ndatabase={folder}/index.txt\nserial={folder}/serial\n"
        f"new_certs_dir={folder}\ndefault_md=sha256\npolicy=any\nx509_extensions=ext\n"
        "[any]\ncommonName=supplied\n[ext]\nsubjectAltName=IP:127.0.0.1\n"
        "[req]\ndistinguished_name=dn\n[dn]\n"
    )
    made = Certificate(folder / "old.pem", folder / "old.key")
    request = ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    request += ["-subj", "/CN=skewcheck", "-keyout", str(made.key), "-out", str(folder / "csr")]
    sign = ["ca", "-batch", "-selfsign", "-keyfile", str(made.key), "-in", str(folder / "csr")]
    sign += ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"]
    sign += ["-out", str(made.certificate), "-notext"]
    for arguments in (request, sign):
        command = ["openssl", arguments[0], "-config", str(folder / "ca.cnf"), *arguments[1:]]
        subprocess.run(command, check=True, capture_output=True)
    return made


def test_what_speaks_plain_http_speaks_no_tls(trusting: WebSocketProber) -> None:
    with serve({"/": Reply()}) as server:
        url = server.url("/ws").replace("http:", "https:")
        transcript = trusting.probe(asking(url), TOKEN)
    assert not_secured(transcript).startswith("what answers there does not speak TLS (")


@pytest.mark.parametrize(
    ("shape", "detail", "ending"),
    [
        pytest.param(
            lambda peer: peer.read_some(),
            "they closed in the middle of the TLS handshake",
            "ended:eof",
            id="closed",
        ),
        pytest.param(
            lambda peer: (peer.read_some(), peer.reset()),
            "they cut the connection in the middle of the TLS handshake",
            "ended:reset",
            id="reset",
        ),
    ],
)
def test_a_handshake_that_is_cut_says_how(
    shape: Shape, detail: str, ending: str, trusting: WebSocketProber
) -> None:
    with serving(shape, waits=False) as server:
        url = server.url.replace("http:", "https:")
        transcript = trusting.probe(asking(url), TOKEN)
    assert not_secured(transcript) == detail
    assert told(transcript).endswith(f"not-secured {ending}")


def test_a_handshake_that_is_never_answered_ends_in_time(trusting: WebSocketProber) -> None:
    with serving(Peer.read_some_and_stay, waits=False) as server:
        patience = replace(PATIENT, tls_s=0.3)
        url = server.url.replace("http:", "https:")
        transcript = trusting.probe(asking(url, patience=patience), TOKEN)
    assert told(transcript) == "resolved connected expired:tls not-secured ended:left"
    assert not_secured(transcript) == "the TLS handshake was not answered within 0.3 s"


def test_a_ca_bundle_that_is_none_is_the_users_to_mend(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.pem")
    with pytest.raises(UsageError, match=r"missing\.pem: no CA bundle that can be read"):
        prober(ca_bundle=missing).probe(asking("https://127.0.0.1:9/ws"), TOKEN)


def test_a_host_name_that_tls_cannot_carry_is_told() -> None:
    with serving(Peer.read_some_and_stay, waits=False) as server:
        odd = prober(look_up=found_at(server.port))
        transcript = odd.probe(asking(f"https://{'a' * 70}.test/ws"), TOKEN)
    assert not_secured(transcript) == "the host name cannot be asked for in TLS"


def test_an_alert_is_told_in_the_librarys_word(trusting: WebSocketProber) -> None:
    def refuses(peer: Peer) -> None:
        peer.read_some()
        peer.raw(b"\x15\x03\x01\x00\x02\x02\x28")  # fatal, handshake_failure (RFC 8446 §6)

    with serving(refuses, waits=False) as server:
        url = server.url.replace("http:", "https:")
        detail = not_secured(trusting.probe(asking(url), TOKEN))
    assert detail.startswith("the TLS handshake failed (")
    assert "HANDSHAKE_FAILURE" in detail


@pytest.mark.parametrize(
    ("goes", "ending"),
    [
        pytest.param(Peer.end_tls, "ended:eof", id="goodbye"),
        pytest.param(lambda _: None, "ended:eof", id="FIN"),
        pytest.param(Peer.reset, "ended:reset", id="RST"),
        pytest.param(lambda peer: peer.beneath_tls(b"plain text"), "ended:reset", id="no TLS"),
    ],
)
def test_the_end_of_tls_is_an_end_like_others(
    goes: Shape, ending: str, certificate: Certificate, trusting: WebSocketProber
) -> None:
    def shape(peer: Peer) -> None:
        peer.upgrade()
        goes(peer)

    with serving(shape, certificate) as server:
        transcript = survives(trusting.probe(asking(server.url), TOKEN))
    assert told(transcript).endswith(f"opened:jwt-auth {ending}")


def test_only_http_1_is_asked_for(certificate: Certificate) -> None:
    """A server that may choose would choose HTTP/2, which has no Upgrade (RFC 8441)."""
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(certificate.certificate, certificate.key)
    theirs.set_alpn_protocols(["h2", "http/1.1"])
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = theirs.wrap_bio(there, back, server_side=True)
    context = trust(str(certificate.certificate))
    client = context.wrap_bio(back, there, server_hostname="127.0.0.1")
    for side in (client, server, client, server):
        with contextlib.suppress(ssl.SSLWantReadError):
            side.do_handshake()
    assert server.selected_alpn_protocol() == "http/1.1"


def test_nothing_is_sent_where_tls_is_broken(certificate: Certificate) -> None:
    with (
        serving(lambda peer: peer.beneath_tls(b"plain text"), certificate, waits=False) as server,
        socket.create_connection(("127.0.0.1", server.port)) as sock,
    ):
        wire = Wire(sock, lambda: 0.0)
        wire.secure(trust(str(certificate.certificate)), "127.0.0.1", 20.0)
        with pytest.raises(OverError):
            wire.receive(20.0)
        assert not wire.send(b"hello", 20.0)
