"""Which host is asked: Google, or a stand-in on this very machine."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from skewcheck.core.errors import UsageError


def read_endpoint(endpoint: str) -> str:
    """Scheme, host and port of a loopback address; UsageError for anything else."""
    try:
        parts = urlsplit(endpoint)
        if _is_plain(parts, endpoint) and is_loopback(parts.hostname or ""):
            return _base(parts)
    except ValueError:
        pass  # neither is what cannot be taken apart a loopback address
    raise UsageError(
        f"the Google Cloud endpoint {endpoint!r} is no loopback URL such as "
        "http://127.0.0.1:8080: a real token is never sent anywhere but to Google",
        hint="unset SKEWCHECK_GCP_ENDPOINT",
    )


def _base(parts: SplitResult) -> str:
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{parts.port}" if parts.port else "")


def is_loopback(host: str) -> bool:
    """127.0.0.0/8, ::1 and localhost; no other name, whatever it may resolve to."""
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback and getattr(address, "ipv4_mapped", None) is None


def _is_plain(parts: SplitResult, endpoint: str) -> bool:
    """No user, path or backslash, over which URL parsers disagree about the host."""
    bare = parts.path in {"", "/"} and not parts.query and not parts.fragment
    return parts.scheme in {"http", "https"} and bare and not set(endpoint) & set("@\\ \t\r\n")
