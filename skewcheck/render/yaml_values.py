"""Values as YAML text on one line, quoted where some reader of YAML would see something else."""

import json
import re
from collections.abc import Mapping

from skewcheck.core.drafting.draft import Value

_PLAIN = re.compile(r"[A-Za-z/_][A-Za-z0-9/_.+=@~*-]*(:[A-Za-z0-9/_.+=@~*-]+)*")
# YAML 1.1 and 1.2 make booleans, nulls and numbers of these; skewcheck itself reads all as text.
_MEANT = re.compile(
    r"true|false|yes|no|on|off|y|n|null|~|[-+]?[0-9][0-9_.eExo:]*|\.(inf|nan)", re.IGNORECASE
)


def yaml_value(value: Value) -> str:
    """Lists and mappings in flow style."""
    if isinstance(value, str):
        return yaml_text(value)
    if isinstance(value, Mapping):
        inside = ", ".join(f"{yaml_text(key)}: {yaml_value(each)}" for key, each in value.items())
        return f"{{{inside}}}"
    return f"[{', '.join(yaml_text(each) for each in value)}]"


def yaml_text(text: str) -> str:
    """Plain where that is safe, else in double quotes with all that does not print escaped."""
    if _PLAIN.fullmatch(text) and not _MEANT.fullmatch(text):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in quoted)
