"""What a pin is called where nobody gave it a name: its branch and its commit's message."""

import hashlib
from collections.abc import Iterable, Mapping

from skewcheck.core.build import BuildSha
from skewcheck.core.pinning.edit import Change

_DIGITS = 7


def branch_name(environment: str, base: BuildSha, wanted: Mapping[str, BuildSha]) -> str:
    """The same for the same promises on the same commit, so that asking twice finds the first."""
    stands_for = [str(base), *(f"{name}={build}" for name, build in sorted(wanted.items()))]
    digest = hashlib.sha256("\n".join(stands_for).encode()).hexdigest()
    return f"skewcheck/pin-{environment}-{digest[:_DIGITS]}"


def commit_message(environment: str, changes: Iterable[Change]) -> str:
    """A subject for the log, and full names below it."""
    told = tuple(changes)
    subject = ", ".join(f"{each.service} {each.build.short}" for each in told)
    body = "\n".join(f"{each.service}: {promised_before(each)} -> {each.build}" for each in told)
    return f"Pin {environment}: {subject}\n\n{body}\n"


def promised_before(change: Change) -> str:
    """`ref main (web/**)`, or the full build."""
    if change.was is not None:
        return str(change.was)
    paths = f" ({', '.join(change.paths)})" if change.paths else ""
    return f"ref {change.ref}{paths}"
