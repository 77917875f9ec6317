"""Why an HTTP read taught us nothing about a build, and the next command to run for it."""

from urllib.parse import urlsplit

from skewcheck.core.answer import Answer, FailureKind, HttpRead, NoAnswer
from skewcheck.core.findings import Code
from skewcheck.core.reading import Unreadable
from skewcheck.core.remote_text import shorten, without_secrets

_HTML = ("<!doctype html", "<html", "<head", "<body", "<!--")


def require_answer(read: HttpRead, *, absent: Code) -> Answer | Unreadable:
    """The answer if its status is 200, else the reason why there is nothing to read.

    `absent` is the cause for a path that is not there: 404, 405 and 410.
    """
    if isinstance(read, NoAnswer):
        detail = shorten(f"{read.kind}: {read.detail}")
        return unreadable(read, Code.UNREACHABLE, detail, _cure(read))
    return read if read.status == 200 else _explain_status(read, absent)


def unreadable(read: HttpRead, cause: Code, detail: str, fix: str) -> Unreadable:
    return Unreadable(url=read.url, cause=cause, detail=detail, fix=fix, read_at=read.read_at)


def look(url: str) -> str:
    """The command that shows what the server really answers."""
    return f"curl -sS -i {_quoted(url)}"


def is_html(answer: Answer) -> bool:
    """By what it is: some servers say text/html of everything, others of nothing."""
    start = answer.body.removeprefix(b"\xef\xbb\xbf")[:4096].decode("utf-8", "replace")
    start = start.lstrip().lower()
    says_html = "html" in answer.headers.get("content-type", "").lower()
    return start.startswith(_HTML) or (says_html and start.startswith("<"))


def _explain_status(answer: Answer, absent: Code) -> Unreadable:
    status, url = answer.status, answer.url
    if status in {401, 403}:
        fix = f"let skewcheck read this path without signing in, then {look(url)}"
        return unreadable(answer, Code.UNAUTHORIZED, f"HTTP {status}", fix)
    if status in {404, 405, 410}:
        fix = f"serve it there, or set the service's version_path; {look(url)}"
        if absent is Code.PAGE_UNPROVEN:
            fix = f"set the service's page.path to a page that exists; {look(url)}"
        return unreadable(answer, absent, f"HTTP {status}", fix)
    return unreadable(answer, Code.UNREACHABLE, _said(answer), _cure_for(answer))


def _said(answer: Answer) -> str:
    target = answer.headers.get("location", "")
    detail = f"HTTP {answer.status}"
    return f"{detail}, a redirect to {without_secrets(target)}" if target else detail


def _cure_for(answer: Answer) -> str:
    if answer.status == 429:
        return f"wait as Retry-After says, then {look(answer.url)}"
    if answer.status >= 500:
        return f"read the logs of whatever answers there; {look(answer.url)}"
    if 300 <= answer.status < 400:
        return f"set the service's url to where it really lives; {look(answer.url)}"
    return look(answer.url)


def _cure(failed: NoAnswer) -> str:
    host, port = _place(failed.url)
    at_host = _quoted(f"{host}:{port}")
    cures = {
        FailureKind.NAME: f"correct the service's url in the manifest, or its DNS: "
        f"dig +short {_quoted(host)}",
        FailureKind.REFUSED: f"nothing listens there; correct the url or start it: "
        f"curl -sS -v -o /dev/null {_quoted(failed.url)}",
        FailureKind.TIMEOUT: f"look for a firewall, internal ingress or a hung service: "
        f"curl -sS -v -m 30 -o /dev/null {_quoted(failed.url)}",
        FailureKind.TLS: f"mend the certificate, or name its CA in REQUESTS_CA_BUNDLE: "
        f"openssl s_client -connect {at_host} -servername {_quoted(host)} </dev/null",
        FailureKind.RESET: f"ask again, then read the load balancer's log: "
        f"curl -sS -v -o /dev/null {_quoted(failed.url)}",
        FailureKind.TOO_LARGE: f"point the service's version_path at a small document: "
        f"curl -sS {_quoted(failed.url)} | wc -c",
        FailureKind.UNDECODABLE: f"mend the Content-Encoding that is sent: "
        f"curl -sS --compressed -i {_quoted(failed.url)}",
        FailureKind.REDIRECT: f"set the service's url to where it really lives, or open the path "
        f"to visitors who are not signed in: {look(failed.url)}",
        FailureKind.PROXY: "correct HTTPS_PROXY, or add the host to NO_PROXY: "
        f"env | grep -i _proxy; curl -sS -v -o /dev/null {_quoted(failed.url)}",
    }
    return cures[failed.kind]


def _place(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        return parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443)
    except ValueError:
        return "", 443


def _quoted(word: str) -> str:
    """For a POSIX shell; the names in manifests seldom need it, those in redirects may."""
    return "'" + word.replace("'", "'\"'\"'") + "'"
