"""Does a message say what a contract asks for? Subset match, over JSON."""

from collections.abc import Iterable, Mapping
from typing import Any

from skewcheck.core.strict_json import NotJsonError, parse_json
from skewcheck.core.wire.script import Script
from skewcheck.core.wire.transcript import Event, Received


def matches(pattern: Any, value: Any) -> bool:
    """Every key of the pattern is in the value, with a value that matches; lists match as a whole.

    JSON knows no kinds of numbers, so 1 and 1.0 are one; true is not 1.
    """
    if isinstance(pattern, Mapping):
        return isinstance(value, Mapping) and all(
            key in value and matches(wanted, value[key]) for key, wanted in pattern.items()
        )
    if isinstance(pattern, list | tuple):
        if not isinstance(value, list) or len(pattern) != len(value):
            return False
        return all(matches(wanted, each) for wanted, each in zip(pattern, value, strict=True))
    if isinstance(pattern, bool) or isinstance(value, bool):
        return pattern is value
    return bool(pattern == value)


def value_of(message: Received) -> Any:
    """The JSON value of a text message; None, which matches no message, where it has none."""
    if message.text is None or message.is_cut:
        return None
    try:
        return parse_json(message.text.encode("utf-8", "surrogatepass"))
    except NotJsonError:
        return None


def is_welcome(script: Script, message: Received) -> bool:
    """A heartbeat is never a welcome, whatever else it says."""
    if script.welcome is None:
        return False
    value = value_of(message)
    return matches(script.welcome, value) and not _ignores(script, value)


def missing_events(script: Script, heard: Iterable[Event]) -> tuple[str, ...]:
    """The expected events that no message so far names, in the contract's order."""
    if script.exercise is None:
        return ()
    values = [value_of(each) for each in heard if isinstance(each, Received)]
    named = {event_name(value) for value in values if not _ignores(script, value)}
    return tuple(name for name in script.exercise.expects if name not in named)


def event_name(value: Any) -> str:
    """`type`, else `event`: the two names that event messages go by; empty for anything else."""
    if not isinstance(value, Mapping):
        return ""
    found = value.get("type", value.get("event"))
    return found if isinstance(found, str) else ""


def _ignores(script: Script, value: Any) -> bool:
    return any(matches(pattern, value) for pattern in script.ignore)
