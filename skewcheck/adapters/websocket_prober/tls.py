"""TLS as a browser does it: which authorities we trust, and what went wrong in plain words."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from skewcheck.adapters.websocket_prober.record import Record
from skewcheck.adapters.websocket_prober.wire import OverError, Wire
from skewcheck.core.errors import UsageError
from skewcheck.core.remote_text import shorten
from skewcheck.core.wire.transcript import Expired, NotSecured, Secured

# X509_V_ERR_… of OpenSSL's x509_vfy.h
_DISTRUST = {
    9: "the certificate is not valid yet",
    10: "the certificate has expired",
    18: "the certificate is signed by itself",
    19: "the certificate is signed by an authority that nobody here knows",
    20: "the certificate is signed by an authority that nobody here knows",
    62: "the certificate is for another host",
    64: "the certificate is for another address",
}
_NOT_TLS = {
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "UNKNOWN_PROTOCOL",
    "RECORD_LAYER_FAILURE",
    "PACKET_LENGTH_TOO_LONG",
}


def trust(ca_bundle: str) -> ssl.SSLContext:
    """The system's authorities plus those of a PEM file; without one, those that ship with us."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    file = ca_bundle or DEFAULT_CA_BUNDLE_PATH
    try:
        if Path(file).is_dir():
            context.load_verify_locations(capath=file)
        else:
            context.load_verify_locations(cafile=file)
    except OSError as error:  # ssl.SSLError is one
        raise UsageError(
            f"{file}: no CA bundle that can be read",
            hint="name an existing PEM file: REQUESTS_CA_BUNDLE=…",
        ) from error
    return context


def secure(wire: Wire, context: ssl.SSLContext, host: str, tls_s: float, record: Record) -> None:
    """Raises OverError once the record says why there is no TLS."""
    try:
        secured = wire.secure(context, host, record.now_s() + tls_s)
    except TimeoutError:
        record.add(Expired(at_s=record.now_s(), waiting_for="tls"))
        _refuse(record, f"the TLS handshake was not answered within {tls_s:g} s")
        raise OverError("left") from None
    except OverError as over:
        verb = "closed" if over.how == "eof" else "cut the connection"
        _refuse(record, f"they {verb} in the middle of the TLS handshake")
        raise
    except (ssl.SSLError, ValueError) as error:
        _refuse(record, _explain(error))
        raise OverError("left") from error
    record.add(_secured(secured, record.now_s()))


def _refuse(record: Record, detail: str) -> None:
    record.add(NotSecured(at_s=record.now_s(), detail=detail))


def _secured(secured: ssl.SSLObject, at_s: float) -> Secured:
    shown = secured.getpeercert() or {}
    cipher = secured.cipher()
    return Secured(
        at_s=at_s,
        version=secured.version() or "",
        cipher=cipher[0] if cipher else "",
        valid_from=_moment(shown.get("notBefore")),
        valid_until=_moment(shown.get("notAfter")),
    )


def _moment(written: object) -> datetime | None:
    if not isinstance(written, str):
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(written), UTC)


def _explain(error: ssl.SSLError | ValueError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        said = shorten(error.verify_message)
        known = _DISTRUST.get(error.verify_code)
        return f"{known} ({said})" if known else f"the certificate is not trusted: {said}"
    if not isinstance(error, ssl.SSLError):
        return "the host name cannot be asked for in TLS"
    reason = error.reason or ""
    if reason in _NOT_TLS:
        return f"what answers there does not speak TLS ({reason})"
    return f"the TLS handshake failed ({shorten(reason) or 'no reason given'})"
