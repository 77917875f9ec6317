"""Google's ID tokens: who a service account is, signed for one audience."""

from functools import partial
from typing import Any

import google.auth.exceptions
from google.auth.transport.requests import Request
from google.oauth2 import id_token

from skewcheck.core.findings import Code
from skewcheck.deadline import within
from skewcheck.google_api.auth_errors import TOKENS, explain_auth, explain_unloadable
from skewcheck.google_api.credentials import member_of
from skewcheck.google_api.network_errors import explain_network
from skewcheck.google_api.refusal import Refusal

# A user's own credentials are never asked: Google signs no audience of our choice for them.
_SERVICE_ACCOUNT = (
    "export GOOGLE_APPLICATION_CREDENTIALS=…  # a file with a service account's key, or one that "
    "impersonates a service account"
)


def fetch_id_token(audience: str, *, timeout_s: float) -> str | Refusal:
    """A new one for each call; google-auth looks for the service account by itself."""
    try:
        return within(timeout_s, lambda: _fetch(audience, timeout_s))
    except OSError as error:  # a timeout, or a CA bundle that is not there
        return explain_network(error, TOKENS)


def _fetch(audience: str, timeout_s: float) -> str | Refusal:
    request = partial(Request(), timeout=timeout_s)
    loaded = _load(audience, request)
    if isinstance(loaded, Refusal):
        return loaded
    try:
        loaded.refresh(request)
    except (ValueError, KeyError, TypeError):
        # Not in its own words: google-auth quotes what it cannot read, and that may be a token.
        detail = "what Google's token service answered with is no ID token"
        return Refusal(Code.UNAUTHORIZED, detail, "run again in a minute")
    except google.auth.exceptions.GoogleAuthError as error:
        return explain_auth(error, "", acting_as=member_of(loaded), source="")
    return str(loaded.token)


def _load(audience: str, request: Any) -> Any:
    library: Any = id_token  # ships without types
    try:
        return library.fetch_id_token_credentials(audience, request=request)
    except google.auth.exceptions.DefaultCredentialsError as error:
        refused = explain_unloadable(error)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        # google-auth trips over a credentials file that it may not read or that is no object.
        refused = explain_unloadable(error)
    return Refusal(refused.cause, refused.detail, _SERVICE_ACCOUNT)
