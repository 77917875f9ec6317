"""Secrets in somebody else's words, left out by their looks alone: nobody knows them here.

JSON Web Tokens become `[jwt]`, other credentials `[secret]`, and the query strings of URLs go.
"""

import re

MASKED = "[secret]"
_URL_TAIL = re.compile(r"(?<=[\w/.:-])\?[^\s'\"<>)]+|(?<=://)[^/\s@'\"]+@")
# `eyJ` is `{"` in base64url, with which every JWT begins, and `ZXlK` is that once more: a token
# that was encoded again to fit into a subprotocol.
_JWT = re.compile(r"\beyJ[\w\-]+\.[\w\-]+\.?[\w\-]*|(?<![A-Za-z0-9])ZXlK[\w\-]{8,}")
_SECRETS = re.compile(
    r"ya29\.[\w.\-]+|\b1//[\w\-]+|\bGOCSPX-[\w\-]+"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)"
    r"|(?<=Bearer )[^\s'\",}]+",
    re.DOTALL,
)
_NAMED_SECRETS = re.compile(
    r"((?:access_?token|refresh_?token|id_?token|client_?secret|assertion|password)"
    r"['\"]?\s*[=:]\s*['\"]?)[^\s'\",&}]+",
    re.IGNORECASE,
)


def mask(text: str) -> str:
    """The text without anything that looks like a credential."""
    said = _JWT.sub("[jwt]", _URL_TAIL.sub("", text))
    return _NAMED_SECRETS.sub(rf"\1{MASKED}", _SECRETS.sub(MASKED, said))
