"""The local record of broken glass: JSON lines, appended, never rewritten."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from skewcheck.core.errors import SkewcheckError


def append_record(state: Path, record: Mapping[str, object]) -> Path:
    """One line in `audit.jsonl`; what cannot be recorded must not happen, so it raises."""
    file = state / "audit.jsonl"
    line = json.dumps(record, ensure_ascii=True, sort_keys=True) + "\n"
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with open(handle, "a", encoding="ascii") as stream:  # noqa: PTH123 - a descriptor
            stream.write(line)
    except OSError as error:
        raise SkewcheckError(
            f"{file}: the override could not be recorded: {error.strerror}",
            hint="name a writable folder: SKEWCHECK_STATE_DIR=…",
        ) from error
    return file
