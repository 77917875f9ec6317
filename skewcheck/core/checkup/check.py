"""One thing that has to be so, or skewcheck would fail or lie later; and what all come to."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from skewcheck.core.findings import Code
from skewcheck.core.question import Exit
from skewcheck.core.reading import Unreadable


class State(StrEnum):
    OK = "ok"
    BAD = "bad"
    UNKNOWN = "unknown"
    NOT_NEEDED = "not needed"


class Name(StrEnum):
    """Kebab-case names are API: added, never renamed. docs/doctor.md tells each of them."""

    CREDENTIALS = "credentials"
    STATE = "state"
    SLACK = "slack"
    SLACK_CHANNEL = "slack-channel"

    MANIFEST = "manifest"
    DEFAULT_BRANCH = "default-branch"
    HISTORY = "history"
    PROMISE = "promise"
    CONTRACTS = "contracts"

    MAY_READ = "may-read"
    MAY_READ_LOGS = "may-read-logs"
    MAY_REDEPLOY = "may-redeploy"
    MAY_ACT_AS = "may-act-as"
    MAY_TRIGGER = "may-trigger"
    MAY_INVALIDATE = "may-invalidate"
    MAY_PROBE = "may-probe"

    CONTROL_PLANE = "control-plane"
    VERSION_DOCUMENT = "version-document"
    VERSION_CACHING = "version-caching"
    PAGE = "page"
    HEALTH = "health"
    CLOCK = "clock"

    LOAD_BALANCER = "load-balancer"
    SOCKET_LIFETIME = "socket-lifetime"
    HTTP2 = "http2"
    SESSION_AFFINITY = "session-affinity"
    PROBE_TOKEN = "probe-token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """`told` is one line with the values, `fix` the command or edit that mends what is not ok."""

    name: Name
    subject: str
    state: State
    told: str
    fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The checks of one environment, or of this machine where `environment` is empty."""

    environment: str
    checks: tuple[Check, ...]


_EXITS = {State.BAD: Exit.BLOCK, State.UNKNOWN: Exit.INCONCLUSIVE}


def exit_of(groups: Iterable[Group]) -> Exit:
    """A known problem outranks an unknown; nothing checked is not well either."""
    states = [check.state for group in groups for check in group.checks]
    for state, code in _EXITS.items():
        if state in states:
            return code
    return Exit.PASS if states else Exit.INCONCLUSIVE


def ok(name: Name, subject: str, told: str) -> Check:
    return Check(name=name, subject=subject, state=State.OK, told=told)


def bad(name: Name, subject: str, told: str, fix: str) -> Check:
    return Check(name=name, subject=subject, state=State.BAD, told=told, fix=fix)


def unknown(name: Name, subject: str, told: str, fix: str) -> Check:
    return Check(name=name, subject=subject, state=State.UNKNOWN, told=told, fix=fix)


def not_needed(name: Name, subject: str, told: str) -> Check:
    return Check(name=name, subject=subject, state=State.NOT_NEEDED, told=told)


def not_asked(name: Name, subject: str, refused: Unreadable) -> Check:
    """For what only credentials could have found out."""
    return unknown(name, subject, "not asked, without credentials", refused.fix)


# Nobody knows yet how it is, as opposed to knowing that it is wrong.
_NOT_LEARNT = frozenset({Code.UNREACHABLE, Code.RECONCILING})


def unread(name: Name, subject: str, why: Unreadable, *, where: str = "") -> Check:
    """What did not answer is unknown; what answered with something else is bad."""
    state = unknown if why.cause in _NOT_LEARNT else bad
    return state(name, subject, f"{where}: {why.detail}" if where else why.detail, why.fix)
