"""Which layer failed, found in the chain of exceptions that requests wraps around it."""

import errno
import socket
import ssl
from collections.abc import Iterator
from http.client import BadStatusLine, IncompleteRead, LineTooLong, RemoteDisconnected

import requests
import urllib3.exceptions as u3

from skewcheck.core.answer import FailureKind
from skewcheck.core.remote_text import shorten

_NO_ROUTE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EACCES}
_TIMEOUTS = (TimeoutError, u3.ReadTimeoutError, u3.ConnectTimeoutError)
_TORN = (ssl.SSLEOFError, ssl.SSLZeroReturnError)
_OTHERS: tuple[tuple[tuple[type[BaseException], ...], tuple[FailureKind, str]], ...] = (
    (
        (u3.DecodeError,),
        (FailureKind.UNDECODABLE, "the body is not what its Content-Encoding says"),
    ),
    ((u3.IncompleteRead, IncompleteRead), (FailureKind.RESET, "closed before the end of the body")),
    ((RemoteDisconnected,), (FailureKind.RESET, "closed without an answer")),
    (
        (BadStatusLine, LineTooLong, u3.InvalidChunkLength),
        (FailureKind.RESET, "what came back is not HTTP"),
    ),
    (
        (ConnectionResetError, BrokenPipeError, *_TORN),
        (FailureKind.RESET, "reset by the other side"),
    ),
    (
        (u3.LocationParseError, requests.exceptions.InvalidURL, UnicodeError),
        (FailureKind.NAME, "not a URL that can be read"),
    ),
    (
        (requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema),
        (FailureKind.NAME, "neither http nor https"),
    ),
)


def explain(error: Exception) -> tuple[FailureKind, str]:
    """The kind and one line about it, in words of our own: the library's may show passwords."""
    causes = list(_causes(error))
    if any(isinstance(cause, u3.ProxyError | requests.exceptions.ProxyError) for cause in causes):
        return FailureKind.PROXY, _about_proxy(causes)
    for cause in reversed(causes):  # the innermost knows best
        if known := _explain_one(cause):
            return known
    return FailureKind.RESET, shorten(type(error).__name__)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what it was raised from, and what libraries tuck away in `reason` and `args`."""
    waiting, seen = [error], set()
    while waiting:
        cause = waiting.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        inner = (cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args)
        waiting += [each for each in inner if isinstance(each, BaseException)]


def _explain_one(cause: BaseException) -> tuple[FailureKind, str] | None:
    if isinstance(cause, socket.gaierror | u3.NameResolutionError):
        return FailureKind.NAME, "the name has no address"
    if isinstance(cause, ssl.SSLError) and not isinstance(cause, _TORN):
        return FailureKind.TLS, _about_tls(cause)
    if isinstance(cause, ConnectionRefusedError):
        return FailureKind.REFUSED, "nothing listens on that port"
    if isinstance(cause, OSError) and cause.errno in _NO_ROUTE:
        return FailureKind.REFUSED, f"no way there: {errno.errorcode[cause.errno]}"
    if isinstance(cause, _TIMEOUTS) and not isinstance(cause, u3.NewConnectionError):
        return FailureKind.TIMEOUT, "no answer in time"
    if isinstance(cause, OSError) and "TLS CA certificate bundle" in str(cause):
        return FailureKind.TLS, "the CA bundle that REQUESTS_CA_BUNDLE names does not exist"
    told = (known for kinds, known in _OTHERS if isinstance(cause, kinds))
    return next(told, None)


def _about_tls(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return shorten(error.verify_message)
    reason = error.reason or "no reason given"
    if reason in {"WRONG_VERSION_NUMBER", "HTTP_REQUEST"}:
        return "what answers there does not speak TLS"
    return shorten(reason.replace("_", " ").lower())


def _about_proxy(causes: list[BaseException]) -> str:
    for cause in causes:
        if "Tunnel connection failed" in str(cause) and isinstance(cause, OSError):
            return shorten(str(cause).partition("Tunnel")[2].join(("Tunnel", "")), limit=80)
    kinds = [known for cause in reversed(causes) if (known := _explain_one(cause))]
    return f"the proxy that the environment names: {kinds[0][0]}" if kinds else "the proxy failed"
