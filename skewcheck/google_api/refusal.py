"""Why Google gave no answer that can be read, in words that hold no secret."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from skewcheck.core.findings import Code
from skewcheck.core.masking import mask
from skewcheck.core.reading import Unreadable
from skewcheck.core.remote_text import shorten
from skewcheck.google_api.api import Api

LONGEST = 300
LOGIN = "gcloud auth application-default login"


class Trouble(Enum):
    """`PASSING`: ask again later, and read first, for a change may have come about. `CONFLICT`:
    somebody else was faster. `INTERNAL`: ask once more. `FINAL`: asking again helps nobody."""

    PASSING = "passing"
    CONFLICT = "conflict"
    INTERNAL = "internal"
    FINAL = "final"


# Google's canonical codes over HTTP (AIP-193): 409 is ABORTED or ALREADY_EXISTS, 412 an etag's.
_TROUBLES = {
    409: Trouble.CONFLICT,
    412: Trouble.CONFLICT,
    429: Trouble.PASSING,
    500: Trouble.INTERNAL,
    502: Trouble.PASSING,
    503: Trouble.PASSING,
    504: Trouble.PASSING,
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """`cause` is a finding of severity unknown, or NOT_DEPLOYED; `fix` is the next command.

    `status` is that of the answer over HTTP, 0 where there was none.
    """

    cause: Code
    detail: str
    fix: str
    status: int = 0

    @property
    def trouble(self) -> Trouble:
        """What a refusal means for a change that was asked for."""
        if self.status == 0:
            return Trouble.PASSING if self.cause is Code.UNREACHABLE else Trouble.FINAL
        return _TROUBLES.get(self.status, Trouble.FINAL)

    def as_unreadable(self, url: str, read_at: datetime) -> Unreadable:
        """The same for those who only wanted to read `url`."""
        return Unreadable(
            url=url, cause=self.cause, detail=self.detail, fix=self.fix, read_at=read_at
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for, and by whom; `member` is the IAM form, empty where it is not known.

    `service` is empty where a whole region was asked for, `region` where a whole project was.
    """

    api: Api
    project: str
    region: str = ""
    service: str = ""
    member: str = ""

    @property
    def who(self) -> str:
        return self.member or "the application default credentials"

    @property
    def grantee(self) -> str:
        """For a command; EMAIL is left to the operator where Google does not tell us."""
        return self.member or "user:EMAIL"

    @property
    def look(self) -> str:
        """The command by which a person asks the same."""
        return self.api.look.format(project=self.project, region=self.region)

    @property
    def place(self) -> str:
        """The resource name of the region or project."""
        project = f"projects/{self.project}"
        return f"{project}/locations/{self.region}" if self.region else project


def one_line(text: object, *, limit: int = LONGEST) -> str:
    """What somebody else's code said: no query strings, no tokens, one line."""
    return shorten(" ".join(mask(str(text)).split()), limit=limit)
