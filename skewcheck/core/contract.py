"""The contract: the protocol that a commit implements, and the fingerprint of its format.

A contract lies beside the code, so every commit has one; core/documents reads its YAML.
"""

import hashlib
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Any, Literal, Self

import rfc8785
from pydantic import AfterValidator, Field, JsonValue, model_validator

from skewcheck.core.fields import Document, Duration, Line, Read, not_empty, text
from skewcheck.core.versions import ProtocolRange, ProtocolVersion, VersionText

_SUBPROTOCOL = text(
    r"([!#$%&'*+.^_`|~0-9A-Za-z-]|\{token(:base64url)?\})+",
    "not a subprotocol; only {token} and {token:base64url} may stand in braces",
)

Fingerprint = Annotated[str, text("sha256:[0-9a-f]{64}", "not sha256: and 64 hex digits")]
Message = dict[str, JsonValue]
TokenPlace = Annotated[
    str,
    text(
        r"subprotocol|authorization|first-message|none|(cookie|query):[^\s;=&]+",
        "not subprotocol, authorization, cookie:NAME, query:NAME, first-message or none",
    ),
]
Subprotocol = Annotated[str, _SUBPROTOCOL]


def _read_selected(written: str) -> str | None:
    return None if written == "none" else str(_SUBPROTOCOL.read(written))


class Handshake(Document):
    subprotocols: tuple[Subprotocol, ...] = ()
    selected: Annotated[str | None, Read(type(None), _read_selected, {"type": "string"})] = None
    token_in: TokenPlace = "none"

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        offered = self.subprotocols
        if len(set(offered)) < len(offered):
            raise ValueError("a subprotocol is offered twice; browsers refuse that")
        if self.selected is not None and self.selected not in offered:
            raise ValueError(f"selected `{self.selected}` is not among the offered subprotocols")
        if (self.token_in == "subprotocol") != any("{token" in each for each in offered):
            raise ValueError("`token_in: subprotocol` and {token} in a subprotocol go together")
        return self


class Messages(Document):
    opens_with: tuple[Message, ...] = ()
    welcome: Message | None = None


class Exercise(Document):
    send: Message
    expects: Annotated[tuple[Line, ...], AfterValidator(not_empty)]
    within: Duration = timedelta(seconds=30)


class ContractProbe(Document):
    """How the protocol is tested; not part of the format."""

    welcome_within: Duration = timedelta(seconds=5)
    ignore: tuple[Message, ...] = ()
    exercise: Exercise | None = None


class Contract(Document):
    schema_version: Literal["1"] = Field(alias="schema")
    protocol: Line
    version: ProtocolVersion
    accepts: ProtocolRange
    formats: dict[VersionText, Fingerprint] = Field(default_factory=dict)
    handshake: Handshake = Field(default_factory=Handshake)
    messages: Messages = Field(default_factory=Messages)
    probe: ContractProbe = Field(default_factory=ContractProbe)

    @model_validator(mode="after")
    def _accepts_itself(self) -> Self:
        if not self.accepts.contains(self.version, prereleases=True):
            raise ValueError(f"accepts {self.accepts} does not contain version {self.version}")
        own = self.formats.get(str(self.version), self.fingerprint)
        if own != self.fingerprint:
            raise ValueError(
                f"formats[{self.version}] is {own}, but the format described here is"
                f" {self.fingerprint}"
            )
        return self

    @cached_property
    def fingerprint(self) -> str:
        """Names the format: equal fingerprints mean equal handshake and messages.

        Computed once, while the contract is built: a message that has no canonical form is
        refused there. A changed copy (`model_copy(update=…)`) would keep the old one; validate.
        """
        return fingerprint_format(
            self.handshake.model_dump(mode="json"), self.messages.model_dump(mode="json")
        )


def fingerprint_format(handshake: dict[str, Any], messages: dict[str, Any]) -> str:
    """`sha256:` over the RFC 8785 canonical JSON of both parts, with defaults filled in."""
    canonical = rfc8785.dumps({"handshake": handshake, "messages": messages})
    return f"sha256:{hashlib.sha256(canonical).hexdigest()}"
