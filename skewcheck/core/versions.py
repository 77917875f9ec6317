"""Protocol versions and ranges as PEP 440 defines them: the field types of contracts only.

They stand apart from the other fields so that reading a manifest does not load `packaging`.
"""

from typing import Annotated

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from skewcheck.core.fields import Read

_LONGEST = 200
_NO_VERSION = "not a PEP 440 version such as 2.1"


def read_version(written: str) -> Version:
    try:
        if len(written) <= _LONGEST:
            return Version(written)
    except InvalidVersion as error:
        raise ValueError(_NO_VERSION) from error
    raise ValueError(_NO_VERSION)


def read_range(written: str) -> SpecifierSet:
    problem = "not a PEP 440 range such as >=2.0,<3"
    if not written.strip() or len(written) > _LONGEST:
        raise ValueError(problem)
    try:
        accepts = SpecifierSet(written)
    except InvalidSpecifier as error:
        raise ValueError(problem) from error
    if not len(accepts):
        raise ValueError(problem)  # "," parses as the range that contains everything
    return accepts


def _normal(written: str) -> str:
    return str(read_version(written))


ProtocolVersion = Annotated[Version, Read(Version, read_version, {"type": ["string", "number"]})]
ProtocolRange = Annotated[SpecifierSet, Read(SpecifierSet, read_range, {"type": "string"})]
VersionText = Annotated[str, Read(str, _normal, {"type": "string"})]
