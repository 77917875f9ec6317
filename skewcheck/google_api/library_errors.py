"""What Google's own client libraries raise, told in the words of the REST calls.

The traps are the libraries': over REST a 409 is Conflict and never Aborted, network errors are
those of `requests`, `str` of an error holds the whole URL, and an HTML page is a ParseError.
"""

from datetime import datetime
from typing import Any

import google.auth.exceptions

from skewcheck.core.answer import Answer
from skewcheck.core.findings import Code
from skewcheck.google_api.api_errors import explain_answer
from skewcheck.google_api.auth_errors import explain_auth
from skewcheck.google_api.network_errors import explain_network
from skewcheck.google_api.refusal import Asked, Refusal, one_line


def library_errors() -> tuple[type[Exception], ...]:
    """What such a call raises where it is refused or fails on the way."""
    # Imported here: these cost a tenth of a second, and whoever gets here has paid already.
    from google.api_core.exceptions import GoogleAPICallError
    from google.protobuf.json_format import ParseError  # type: ignore[import-untyped]

    # `requests` raises OSErrors, and TimeoutError is one.
    return (GoogleAPICallError, google.auth.exceptions.GoogleAuthError, ParseError, OSError)


def explain_library(error: Exception, asked: Asked, base: str, *, now: datetime) -> Refusal:
    """One refusal for each of `library_errors`."""
    if isinstance(error, google.auth.exceptions.GoogleAuthError):
        return explain_auth(error, asked.project, acting_as=asked.member, source="")
    if isinstance(error, OSError):
        return explain_network(error, base)
    if not hasattr(error, "response"):
        detail = f"{asked.api.name} answered with no JSON; a proxy may have answered for Google"
        return Refusal(Code.NOT_JSON, detail, f"curl -sS -i {base}")
    return _called(error, asked, base, now)


def _called(error: Any, asked: Asked, base: str, now: datetime) -> Refusal:
    response = error.response
    if response is None:
        detail = f"{asked.api.name} answered {error.code}: {one_line(error.message)}"
        return Refusal(Code.UNREACHABLE, detail, asked.look, status=int(error.code or 0))
    answer = Answer(
        url=base,
        status=response.status_code,
        headers={name.lower(): value for name, value in response.headers.items()},
        body=response.content,
        read_at=now,
    )
    return explain_answer(answer, asked)
