"""The contract: the protocol that a commit implements, and the fingerprint of its format.

A contract lies beside the code, so every commit has one; core/documents.py reads its YAML.
"""

import hashlib
from typing import Annotated, Any, Literal, Self

import rfc8785
from packaging.version import InvalidVersion, Version
from pydantic import Field, JsonValue, StringConstraints, field_validator, model_validator

from skewcheck.core.fields import Document, Duration, ProtocolRange, ProtocolVersion, read_duration

Fingerprint = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
Message = dict[str, JsonValue]
TokenPlace = Annotated[
    str,
    StringConstraints(
        pattern=r"^(subprotocol|authorization|first-message|none|(cookie|query):[^\s;=&]+)$"
    ),
]


class Handshake(Document):
    subprotocols: tuple[str, ...] = ()
    selected: str | None = None
    token_in: TokenPlace = "none"


class Messages(Document):
    opens_with: tuple[Message, ...] = ()
    welcome: Message | None = None


class Exercise(Document):
    send: Message
    expects: tuple[str, ...] = Field(min_length=1)
    within: Duration = read_duration("30s")


class ContractProbe(Document):
    """How the protocol is tested; not part of the format."""

    welcome_within: Duration = read_duration("5s")
    ignore: tuple[Message, ...] = ()
    exercise: Exercise | None = None


class Contract(Document):
    schema_version: Literal["1"] = Field(alias="schema")
    protocol: str = Field(min_length=1)
    version: ProtocolVersion
    accepts: ProtocolRange
    formats: dict[str, Fingerprint] = Field(default_factory=dict)
    handshake: Handshake = Handshake()
    messages: Messages = Messages()
    probe: ContractProbe = ContractProbe()

    @field_validator("formats")
    @classmethod
    def _keys_are_versions(cls, formats: dict[str, str]) -> dict[str, str]:
        try:
            return {str(Version(key)): value for key, value in formats.items()}
        except InvalidVersion as error:
            raise ValueError(f"a key is no PEP 440 version: {error}") from error

    @model_validator(mode="after")
    def _accepts_itself(self) -> Self:
        if not self.accepts.contains(self.version, prereleases=True):
            raise ValueError(f"accepts {self.accepts} does not contain version {self.version}")
        own = self.formats.get(str(self.version))
        if own is not None and own != self.fingerprint:
            raise ValueError(
                f"formats[{self.version}] is {own}, but the format described here is"
                f" {self.fingerprint}"
            )
        return self

    @property
    def fingerprint(self) -> str:
        """Names the format: equal fingerprints mean equal handshake and messages."""
        return fingerprint_format(
            self.handshake.model_dump(mode="json"), self.messages.model_dump(mode="json")
        )


def fingerprint_format(handshake: dict[str, Any], messages: dict[str, Any]) -> str:
    """`sha256:` over the RFC 8785 canonical JSON of both parts, with defaults filled in."""
    canonical = rfc8785.dumps({"handshake": handshake, "messages": messages})
    return f"sha256:{hashlib.sha256(canonical).hexdigest()}"
