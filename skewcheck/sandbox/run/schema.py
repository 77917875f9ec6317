"""Google's own message types decide which documents are well formed.

Documents are parsed and printed through the real protos, so a misspelt or invented field is
refused here exactly as the real service refuses it.
"""

import re
from typing import Any

from google.cloud import run_v2
from google.protobuf import json_format  # type: ignore[import-untyped]
from google.protobuf.field_mask_pb2 import FieldMask  # type: ignore[import-untyped]

from skewcheck.sandbox.documents import Json
from skewcheck.sandbox.errors import invalid


def service(document: Json) -> Json:
    """The document in canonical form: camelCase, enum names, 64-bit numbers as strings."""
    return _canonical(run_v2.Service.pb(run_v2.Service()), document)


def revision(document: Json) -> Json:
    """The same for a revision."""
    return _canonical(run_v2.Revision.pb(run_v2.Revision()), document)


def mask_paths(mask: str) -> tuple[tuple[str, ...], ...]:
    """`template.revision,traffic_statuses` → camelCase paths; unknown paths are refused."""
    paths = [_snake(path) for path in mask.split(",") if path]
    descriptor = run_v2.Service.pb(run_v2.Service()).DESCRIPTOR
    for path in paths:
        if path != "*" and not FieldMask(paths=[path]).IsValidForDescriptor(descriptor):
            raise invalid(f"Invalid update_mask path: {path!r} is not a field of Service.")
    return tuple(tuple(_camel(part) for part in path.split(".")) for path in paths)


def _canonical(message: Any, document: Json) -> Json:
    try:
        json_format.ParseDict(document, message)
    except json_format.ParseError as error:
        raise invalid(f"Invalid JSON payload received. {error}") from error
    canonical: Json = json_format.MessageToDict(message)
    return canonical


def _snake(path: str) -> str:
    return re.sub(r"([A-Z])", lambda upper: "_" + upper[1].lower(), path)


def _camel(part: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda lower: lower[1].upper(), part)
