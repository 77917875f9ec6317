"""What was seen when, with boring defaults: hours are counted from NOON."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from skewcheck.core.chronicle.pieces import Window
from skewcheck.core.chronicle.snapshot import SeenBuild, SeenCause, SeenPair, Snapshot, Stretch
from skewcheck.core.findings import Severity, Verdict

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OLD, NEW = "01d0" * 10, "9e39" * 10


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def after(number: float) -> datetime:
    return NOON + hours(number)


def window(since: float = 0, until: float = 24) -> Window:
    return Window(since=after(since), until=after(until))


def cause(
    code: str = "format-skew", subject: str = "chat", severity: Severity = Severity.BLOCK
) -> SeenCause:
    return SeenCause(code=code, subject=subject, severity=severity)


def pair(fit: str = "no", percent: float | None = 10.0, link: str = "chat") -> SeenPair:
    return SeenPair(link=link, client=OLD, server=NEW, fit=fit, percent=percent)


def snapshot(**changed: Any) -> Snapshot:
    """All is well unless told otherwise."""
    live = (SeenBuild(build=NEW, percent=100, presences=("traffic",)),)
    said: dict[str, Any] = {
        "verdict": Verdict.PASS,
        "services": {"backend": live, "frontend": live},
    }
    return Snapshot(**(said | changed))


CLEAR = snapshot()
SKEW = snapshot(verdict=Verdict.BLOCK, pairs=(pair(),), causes=(cause(),))
DOUBT = snapshot(
    verdict=Verdict.INCONCLUSIVE,
    pairs=(pair("unknown", None),),
    causes=(cause("contract-missing", severity=Severity.UNKNOWN),),
)
DOWN = snapshot(verdict=Verdict.BLOCK, causes=(cause("not-deployed", "backend"),))


def stretch(first: float, last: float, seen: Snapshot = CLEAR) -> Stretch:
    return Stretch(first=after(first), last=after(last), snapshot=seen)


def _walk(steps: list[tuple[int, int, Snapshot]]) -> tuple[Stretch, ...]:
    """Minutes of nobody looking, then minutes of looks that agree."""
    at, found = NOON, []
    for unseen, lasted, seen in steps:
        first = at + timedelta(minutes=unseen)
        at = first + timedelta(minutes=lasted)
        found.append(Stretch(first=first, last=at, snapshot=seen))
    return tuple(found)


_SEEN = st.sampled_from([
    CLEAR, SKEW, DOUBT, DOWN,
    snapshot(pairs=(pair(percent=None),), causes=(cause("stale-edge", "frontend"), cause())),
])  # fmt: skip
# Stretches as a chronicle keeps them: the oldest first, one after the other.
pasts = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 600), _SEEN), max_size=8).map(_walk)
moments = st.integers(-120, 6000).map(lambda minutes: NOON + timedelta(minutes=minutes))
