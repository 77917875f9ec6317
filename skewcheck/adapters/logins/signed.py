"""Who looks at the service, as Google signs it: behind IAP, or with an ID token of their own.

Rules: one algorithm, one issuer, one audience for each kind, whatever the token says of itself;
what cannot be verified now, the keys included, is nobody. No word of a token is ever told.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from google.auth import crypt, jwt

from skewcheck.adapters.logins.claims import KINDS, problems_of
from skewcheck.adapters.logins.keys import Keys, RefusedError
from skewcheck.core.remote_text import shorten
from skewcheck.ports import Clock
from skewcheck.ports.service import NotLetIn, Visitor

_LONGEST = 16_000
_BROKEN = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
# Cloud Run verifies the token of its own login and hands it on without what proves it.
_REMOVED = "SIGNATURE_REMOVED_BY_GOOGLE"


class SignedLogins:
    """The port Logins. `viewers` are addresses and `@domains`; an empty list lets in whomever IAP
    lets in, and nobody with an ID token, which anybody with a Google account can get."""

    def __init__(
        self,
        kind: str,
        *,
        audience: str,
        clock: Clock,
        viewers: Sequence[str] = (),
        certs_url: str | None = None,
    ) -> None:
        self._kind, self._audience, self._clock = KINDS[kind], audience, clock
        self._viewers = frozenset(each.lower() for each in viewers)
        self._keys = Keys(certs_url or self._kind.certs_url, clock)

    def visitor(self, headers: Mapping[str, str]) -> Visitor | NotLetIn:
        try:
            return self._visitor(self._claims(self._token(headers)))
        except RefusedError as refused:
            return NotLetIn(why=str(refused))

    def _token(self, headers: Mapping[str, str]) -> str:
        found = list(self._tokens(headers))
        token = next((each for each in found if not each.endswith(f".{_REMOVED}")), None)
        if token is not None and len(token) <= _LONGEST:
            return token
        if token is not None:
            raise RefusedError("the token is longer than any that Google signs")
        if found:
            raise RefusedError(
                "Cloud Run has removed the token's signature: send the token that is meant for"
                " this service in Authorization, and Cloud Run's in X-Serverless-Authorization"
            )
        raise RefusedError(f"the request carries no token in {' or '.join(self._kind.headers)}")

    def _tokens(self, headers: Mapping[str, str]) -> Iterator[str]:
        for name in self._kind.headers:
            scheme, _, rest = headers.get(name, "").strip().rpartition(" ")
            if rest and (scheme.lower() == "bearer" or self._kind.vouches):
                yield rest

    def _claims(self, token: str) -> Mapping[str, Any]:
        """Nothing that the token says is believed before its signature is."""
        library: Any = jwt  # ships without types
        try:
            header = library.decode_header(token)
            claims: Mapping[str, Any] = library.decode(token, verify=False)
        except _BROKEN as error:
            raise RefusedError("the token is not a signed JWT") from error
        if header.get("alg") != self._kind.algorithm:
            raise RefusedError(f"the token is not signed with {self._kind.algorithm}")
        if not self._is_signed(token, self._keys.named(header.get("kid"))):
            raise RefusedError("the token's signature is not that of its key")
        return claims

    def _is_signed(self, token: str, key: str) -> bool:
        signed, _, signature = token.rpartition(".")
        verify: Any = crypt.verify_signature
        try:
            raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
            return bool(verify(signed.encode(), raw, key, self._kind.verifier))
        except _BROKEN:
            return False

    def _visitor(self, claims: Mapping[str, Any]) -> Visitor:
        for problem in problems_of(claims, self._kind, self._audience, self._clock.now()):
            raise RefusedError(problem)
        email = str(claims["email"]).lower()
        if not self._may_look(email):
            raise RefusedError(f"{shorten(email)} is not among SKEWCHECK_VIEWERS")
        return Visitor(email=email)

    def _may_look(self, email: str) -> bool:
        if not self._viewers:
            return self._kind.vouches
        return email in self._viewers or f"@{email.rpartition('@')[2]}" in self._viewers
