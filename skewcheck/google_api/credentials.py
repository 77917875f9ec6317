"""Application default credentials: loaded once, when first needed, and only ever sent to Google."""

import threading
from functools import partial
from typing import Any

import google.auth
import google.auth.credentials
import google.auth.exceptions

from skewcheck.google_api.auth_errors import explain_auth, explain_unloadable
from skewcheck.google_api.refusal import Refusal

_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)


class Credentials:
    """Safe to use from many threads: google-auth's own refresh is not."""

    def __init__(self, *, anonymous: bool, timeout_s: float) -> None:
        self._lock = threading.Lock()
        self._loaded: Any = _anonymous() if anonymous else None
        self._timeout_s = timeout_s
        self._request: Any = None

    def headers(self, url: str, project: str) -> dict[str, str] | Refusal:
        """What a GET of `url` must carry; refreshes a token that is about to expire."""
        with self._lock:
            loaded = self._loaded or _load()
            if isinstance(loaded, Refusal):
                return loaded
            self._loaded = loaded
            return self._signed(url, project)

    def loaded(self) -> Any:
        """What google-auth has loaded, for Google's own clients, which sign by themselves; or a
        Refusal."""
        with self._lock:
            loaded = self._loaded or _load()
            if not isinstance(loaded, Refusal):
                self._loaded = loaded
            return loaded

    @property
    def member(self) -> str:
        """Who we are, as IAM writes it; empty where the credentials do not say."""
        return member_of(self._loaded)

    def _signed(self, url: str, project: str) -> dict[str, str] | Refusal:
        headers: dict[str, str] = {}
        try:
            self._loaded.before_request(self._transport(), "GET", url, headers)
        except google.auth.exceptions.GoogleAuthError as error:
            source = member_of(getattr(self._loaded, "_source_credentials", None))
            return explain_auth(error, project, acting_as=self.member, source=source)
        return headers

    def _transport(self) -> Any:
        """google-auth waits 120 s for a token by default."""
        if self._request is None:
            from google.auth.transport.requests import Request

            self._request = partial(Request(), timeout=self._timeout_s)
        return self._request


def member_of(credentials: object) -> str:
    """`serviceAccount:…` or `user:…`; a VM's account is named only after its first token."""
    account = getattr(credentials, "service_account_email", None)
    if isinstance(account, str) and "@" in account:
        return f"serviceAccount:{account}"
    user = getattr(credentials, "account", None)
    return f"user:{user}" if isinstance(user, str) and user else ""


def _load() -> Any:
    """Scopes are added afterwards: given to `default`, workload identity federation would ask
    Resource Manager for the project's name first, a call and a permission that we do not need."""
    try:
        found, _ = google.auth.default()
    except google.auth.exceptions.DefaultCredentialsError as error:
        return explain_unloadable(error)
    except google.auth.exceptions.GoogleAuthError as error:
        return explain_auth(error, "", acting_as="", source="")
    except (OSError, ValueError, TypeError, AttributeError) as error:
        # google-auth trips over a credentials file that it may not read or that is no object.
        return explain_unloadable(error)
    library: Any = google.auth.credentials  # ships without types
    return library.with_scopes_if_required(found, _SCOPES)


def _anonymous() -> Any:
    library: Any = google.auth.credentials
    return library.AnonymousCredentials()
