"""What a token has to say before it names somebody: one issuer, one audience, the right time.

Rule of this file: what is missing, or is not what it should be, is a problem.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from google.auth import crypt

_LEEWAY = timedelta(seconds=30)  # two clocks never agree; IAP's documents name 30 seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`vouches` says that the platform lets in only whom it should, and verified their address."""

    headers: tuple[str, ...]
    algorithm: str
    verifier: Any
    issuers: tuple[str, ...]
    certs_url: str
    vouches: bool = False


KINDS = {
    "iap": Kind(
        headers=("x-goog-iap-jwt-assertion",),
        algorithm="ES256",
        verifier=crypt.EsVerifier,
        issuers=("https://cloud.google.com/iap",),
        certs_url="https://www.gstatic.com/iap/verify/public_key",
        vouches=True,
    ),
    "id-token": Kind(
        headers=("authorization", "x-serverless-authorization"),
        algorithm="RS256",
        verifier=crypt.RSAVerifier,
        issuers=("https://accounts.google.com", "accounts.google.com"),
        certs_url="https://www.googleapis.com/oauth2/v1/certs",
    ),
}


def problems_of(
    claims: Mapping[str, Any], kind: Kind, audience: str, now: datetime
) -> Iterator[str]:
    """Compared so that what is no number is never in time."""
    moment, leeway = now.timestamp(), _LEEWAY.total_seconds()
    issued, starts = _number(claims.get("iat")), _number(claims.get("nbf", claims.get("iat")))
    if claims.get("iss") not in kind.issuers:
        yield f"the token's issuer is not {kind.issuers[0]}"
    if claims.get("aud") != audience:
        yield "the token is for another audience than SKEWCHECK_LOGIN names"
    if not moment <= _number(claims.get("exp")) + leeway:
        yield "the token has expired"
    if not (issued <= moment + leeway and starts <= moment + leeway):
        yield "the token is not valid yet: is this machine's clock right?"
    email = claims.get("email")
    if not isinstance(email, str) or not email.rpartition("@")[0]:
        yield "the token names no e-mail address"
    if not (
        claims.get("email_verified") is True or (kind.vouches and "email_verified" not in claims)
    ):
        yield "Google has not verified the e-mail address"


def _number(claim: Any) -> float:
    return float(claim) if isinstance(claim, int | float) else float("nan")
