"""Two commands that do the same work, run in turns, so that a busy machine slows both alike."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from benchmarks.commands import Command, Run, measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """`at_most` bounds our time over the peer's; None where the peer is only there to compare."""

    what: str
    ours: Command
    theirs: Command
    peer: str
    at_most: float | None
    rounds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table; `holds` is None where nothing is demanded."""

    what: str
    peer: str
    ours: str
    theirs: str = ""
    ratio: str = ""
    pairs: str = ""
    target: str = ""
    holds: bool | None = None


def run(
    contest: Contest, *, warm: bool, told: Callable[[str], None]
) -> tuple[Row, list[tuple[Run, Run]]]:
    """A B A B …; `warm` runs each once before. The runs come along, for what else they show."""
    told(f"{contest.what}: both {contest.rounds} times")
    if warm:
        measure(contest.ours), measure(contest.theirs)
    pairs = [(measure(contest.ours), measure(contest.theirs)) for _ in range(contest.rounds)]
    return _row(contest, pairs), pairs


def _row(contest: Contest, pairs: list[tuple[Run, Run]]) -> Row:
    ours = median(each.seconds for each, _ in pairs)
    theirs = median(each.seconds for _, each in pairs)
    ratios = [one.seconds / other.seconds for one, other in pairs]
    limit = contest.at_most
    return Row(
        what=contest.what,
        peer=contest.peer,
        ours=_time(ours),
        theirs=_time(theirs),
        ratio=f"{ours / theirs:.2f}",
        pairs=f"{min(ratios):.2f} to {max(ratios):.2f}",
        target="" if limit is None else f"≤ {limit:.2f}",
        holds=None if limit is None else ours <= limit * theirs,
    )


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"
