"""Field types that manifests and contracts share: durations, versions, version ranges, paths."""

import re
from datetime import timedelta
from typing import Annotated, Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, WithJsonSchema

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


class Document(BaseModel):
    """A mapping that people write: frozen, and a key that we do not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def read_duration(text: Any) -> timedelta:
    """`90s`, `20m`, `12h`, `7d`, `1h30m`; ValueError on anything else, a bare number included."""
    if isinstance(text, timedelta):
        return text
    parts = _DURATION.findall(str(text))
    if not parts or "".join(number + unit for number, unit in parts) != str(text):
        raise ValueError("not a duration such as 90s, 20m or 12h")
    return timedelta(seconds=sum(float(number) * _UNITS[unit] for number, unit in parts))


def _read_version(text: Any) -> Version:
    try:
        return text if isinstance(text, Version) else Version(str(text))
    except InvalidVersion as error:
        raise ValueError("not a PEP 440 version such as 2.1") from error


def _read_range(text: Any) -> SpecifierSet:
    if isinstance(text, SpecifierSet):
        return text
    if not str(text).strip():
        raise ValueError("empty; write a range such as >=2.0,<3")
    try:
        return SpecifierSet(str(text))
    except InvalidSpecifier as error:
        raise ValueError("not a PEP 440 range such as >=2.0,<3") from error


Duration = Annotated[
    timedelta,
    BeforeValidator(read_duration),
    WithJsonSchema({"type": "string", "pattern": r"^(\d+(\.\d+)?(ms|s|m|h|d))+$"}),
]
ProtocolVersion = Annotated[
    Version, BeforeValidator(_read_version), WithJsonSchema({"type": ["string", "number"]})
]
ProtocolRange = Annotated[
    SpecifierSet, BeforeValidator(_read_range), WithJsonSchema({"type": "string"})
]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$")]
RepositoryPath = Annotated[str, StringConstraints(pattern=r"^[^/\-:\x00-\x1f][^\x00-\x1f]*$")]
UrlPath = Annotated[str, StringConstraints(pattern=r"^/[^\s?#]*$")]
