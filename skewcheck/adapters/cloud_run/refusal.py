"""Why Google gave no answer that can be read, in words that hold no secret."""

import re
from dataclasses import dataclass

from skewcheck.core.findings import Code
from skewcheck.core.remote_text import shorten

LONGEST = 300
LOGIN = "gcloud auth application-default login"

_URL_TAIL = re.compile(r"(?<=[\w/.:-])\?[^\s'\"<>)]+|(?<=://)[^/\s@'\"]+@")
_SECRETS = re.compile(
    r"ya29\.[\w.\-]+|\b1//[\w\-]+|\beyJ[\w\-]+\.[\w\-]+\.?[\w\-]*|\bGOCSPX-[\w\-]+"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)"
    r"|(?<=Bearer )[^\s'\",}]+",
    re.DOTALL,
)
_NAMED_SECRETS = re.compile(
    r"((?:access_?token|refresh_?token|id_?token|client_?secret|assertion|password)"
    r"['\"]?\s*[=:]\s*['\"]?)[^\s'\",&}]+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """`cause` is a finding of severity unknown, or NOT_DEPLOYED; `fix` is the next command."""

    cause: Code
    detail: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for, and by whom; `member` is the IAM form, empty where it is not known.

    `service` is empty where a whole region was asked for.
    """

    project: str
    region: str
    service: str = ""
    member: str = ""

    @property
    def who(self) -> str:
        return self.member or "the application default credentials"

    @property
    def grantee(self) -> str:
        """For a command; EMAIL is left to the operator where Google does not tell us."""
        return self.member or "user:EMAIL"


def one_line(text: object, *, limit: int = LONGEST) -> str:
    """What somebody else's code said: no query strings, no tokens, one line."""
    said = _URL_TAIL.sub("", str(text))
    said = _NAMED_SECRETS.sub(r"\1[secret]", _SECRETS.sub("[secret]", said))
    return shorten(" ".join(said.split()), limit=limit)
