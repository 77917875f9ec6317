"""What the gate stopped, and what became of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from skewcheck.core.audit.reading import Gated
from skewcheck.core.findings import Verdict
from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.view import RolloutView


class Became(StrEnum):
    PASSED = "passed later"
    REPLACED = "another candidate passed"
    LET_PAST = "let past"
    MENDED = "mended by a rollout"
    STILL = "still blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The same question, blocked `times` times from `first` to `last`. `became` is final but for
    STILL; `by` names the rollout, `at` is when."""

    first: datetime
    last: datetime
    candidates: Mapping[str, str]
    causes: tuple[tuple[str, str], ...]
    times: int = 1
    became: Became = Became.STILL
    at: datetime | None = None
    by: str = ""

    @property
    def asked(self) -> frozenset[tuple[str, str]]:
        return frozenset(self.candidates.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """A rollout that succeeded: when, and what it brought the services to."""

    rollout: str
    at: datetime
    targets: Mapping[str, str]


def mends_in(rollouts: Iterable[RolloutView]) -> tuple[Mend, ...]:
    """The oldest first."""
    found = (
        Mend(
            rollout=each.order.rollout,
            at=max((entry.at for entry in each.entries), default=each.order.at),
            targets={service.name: service.target for service in each.order.services},
        )
        for each in rollouts
        if each.outcome is Outcome.SUCCEEDED
    )
    return tuple(sorted(found, key=lambda mend: mend.at))


def find_blocks(gates: Iterable[Gated], mends: Iterable[Mend]) -> tuple[Block, ...]:
    """`gates` the oldest first. In the order in which they were blocked first."""
    mended = tuple(mends)
    going_on: dict[frozenset[tuple[str, str]], Block] = {}
    over: list[Block] = []
    for gate in gates:
        if gate.verdict is Verdict.BLOCK:
            block = _blocked(gate, going_on)
            going_on[block.asked] = block
        elif gate.verdict is Verdict.PASS:
            answered = [
                b for b in going_on.values() if b.candidates.keys() == gate.candidates.keys()
            ]
            over += [_passed(going_on.pop(block.asked), gate, mended) for block in answered]
    over += [_open(block, mended) for block in going_on.values()]
    return tuple(sorted(over, key=lambda block: block.first))


def _blocked(gate: Gated, going_on: Mapping[frozenset[tuple[str, str]], Block]) -> Block:
    """The last answer tells whether it was let past."""
    now = Block(first=gate.at, last=gate.at, candidates=gate.candidates, causes=gate.blocks)
    before = going_on.get(now.asked)
    if before is not None:
        causes = tuple(dict.fromkeys((*before.causes, *gate.blocks)))
        now = replace(now, first=before.first, times=before.times + 1, causes=causes)
    return replace(now, became=Became.LET_PAST, at=gate.at) if gate.passed else now


def _passed(block: Block, gate: Gated, mends: Iterable[Mend]) -> Block:
    if block.became is Became.LET_PAST:
        return block
    if gate.candidates != block.candidates:
        return replace(block, became=Became.REPLACED, at=gate.at)
    for mend in mends:
        if block.last <= mend.at <= gate.at:
            return replace(block, became=Became.MENDED, at=mend.at, by=mend.rollout)
    return replace(block, became=Became.PASSED, at=gate.at)


def _open(block: Block, mends: Iterable[Mend]) -> Block:
    """No gate has asked again; a rollout to that very candidate, or of a world that was blocked
    as it stood, answers too."""
    if block.became is Became.LET_PAST:
        return block
    for mend in mends:
        if mend.at >= block.last and block.candidates.items() <= mend.targets.items():
            return replace(block, became=Became.MENDED, at=mend.at, by=mend.rollout)
    return block
