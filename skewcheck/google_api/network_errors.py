"""What the network does to a call, told apart by the layer that failed."""

from urllib.parse import urlsplit

import requests
from urllib3.exceptions import NameResolutionError

from skewcheck.core.answer import FailureKind
from skewcheck.core.findings import Code
from skewcheck.google_api.refusal import Refusal, one_line

# A proxy's failure and a TLS failure are connection errors as well: the narrower come first.
_KINDS: tuple[tuple[type[Exception], FailureKind], ...] = (
    (requests.exceptions.ProxyError, FailureKind.PROXY),
    (requests.exceptions.SSLError, FailureKind.TLS),
    (requests.exceptions.Timeout, FailureKind.TIMEOUT),
    (TimeoutError, FailureKind.TIMEOUT),
    (NameResolutionError, FailureKind.NAME),
    (ConnectionRefusedError, FailureKind.REFUSED),
    (requests.exceptions.ContentDecodingError, FailureKind.UNDECODABLE),
    (requests.exceptions.ChunkedEncodingError, FailureKind.RESET),
    (requests.exceptions.ConnectionError, FailureKind.RESET),
)


def explain_network(error: BaseException, base: str) -> Refusal:
    """One refusal for whatever `requests` raised on the way to the host of that URL."""
    chain, host = _chain(error), urlsplit(base).netloc
    kinds = (kind for shape, kind in _KINDS if any(isinstance(each, shape) for each in chain))
    kind = next(kinds, None)
    detail = f"{host}: {kind or type(error).__name__}"
    if kind in {None, FailureKind.TLS, FailureKind.PROXY, FailureKind.RESET}:
        detail = f"{detail} ({one_line(chain[-1], limit=160)})"
    return Refusal(Code.UNREACHABLE, detail, _cure(kind, base))


def _chain(error: BaseException) -> list[BaseException]:
    """From the outermost error to what really happened; libraries nest in three ways."""
    found: list[BaseException] = []
    inner: object = error
    while isinstance(inner, BaseException) and inner not in found:
        found.append(inner)
        inner = _within(inner)
    return found


def _within(error: BaseException) -> object:
    nested = [each for each in error.args if isinstance(each, BaseException)]
    return getattr(error, "reason", None) or next(iter(nested), None) or error.__cause__


def _cure(kind: FailureKind | None, base: str) -> str:
    host = urlsplit(base).hostname or ""
    look = f"curl -sS -v -m 30 -o /dev/null {base}"
    cures = {
        FailureKind.PROXY: f"correct HTTPS_PROXY or add {host} to NO_PROXY: env | grep -i _proxy",
        FailureKind.TLS: f"name your proxy's CA in REQUESTS_CA_BUNDLE: {look}",
        FailureKind.NAME: f"look at this machine's DNS: getent hosts {host}",
    }
    return cures.get(kind, look) if kind else look
