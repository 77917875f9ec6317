"""Probes as a file: all transcripts, with what they were held against. Read back, the same verdict.

The one document besides manifest and contract that is read from disk, so pydantic checks it; it
holds masked text only, as the values themselves do.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from skewcheck.core.errors import UsageError
from skewcheck.core.probed.probes import Probes
from skewcheck.core.remote_text import shorten

KIND: Literal["skewcheck-probes"] = "skewcheck-probes"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedProbes:
    """`versions` is what made them; `schema` grows only when old files can no longer be read.

    Neither `schema` nor `kind` has a default: a file that names none is none of ours.
    """

    schema: Literal[1]
    kind: Literal["skewcheck-probes"]
    versions: dict[str, str]
    probes: Probes


@cache
def _adapter() -> TypeAdapter[SavedProbes]:
    """Built when first needed: that takes longer than a gate's whole judgement."""
    return TypeAdapter(SavedProbes)


def write_probes(probes: Probes, versions: dict[str, str]) -> bytes:
    """ASCII JSON, so that no terminal obeys what a server wrote."""
    saved = SavedProbes(schema=1, kind=KIND, versions=versions, probes=probes)
    written = _adapter().dump_json(saved, indent=2, ensure_ascii=True)
    return written.replace(b"\x7f", b"\\u007f") + b"\n"  # the one control character of ASCII left


def read_probes(content: bytes, *, file: str) -> SavedProbes:
    """Raises UsageError with the place of the first thing that is wrong."""
    try:
        return _adapter().validate_json(content)
    except ValidationError as error:
        raise refused(file, error) from error


def refused(file: str, error: ValidationError, *, within: str = "") -> UsageError:
    """What the file has at the first wrong place; `within` is where the checked part begins."""
    first = error.errors(include_url=False, include_input=False)[0]
    steps = [within, *map(str, first["loc"])] if within else [str(step) for step in first["loc"]]
    place = shorten(".".join(steps)) or "the file"
    return UsageError(
        f"{file}: {place}: {shorten(first['msg'])}",
        hint="name a file that `skewcheck probe … --save FILE` wrote",
    )
