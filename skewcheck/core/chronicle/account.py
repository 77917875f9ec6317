"""What a window of time adds up to: skew, who met it, what the gate stopped, who let what past.

Pure: from stretches, rollouts and records of the audit trail.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from skewcheck.core.audit.reading import Gated, LetPast, gates_in, glasses_in
from skewcheck.core.audit.records import Record
from skewcheck.core.chronicle.blocks import Block, find_blocks, mends_in
from skewcheck.core.chronicle.exposure import Exposure, exposed_links, exposure_of
from skewcheck.core.chronicle.incidents import Incident, Times, find_incidents, times, within
from skewcheck.core.chronicle.pieces import Hours, Window, cut, hours_of, subjects_of
from skewcheck.core.chronicle.snapshot import Stretch
from skewcheck.core.findings import Verdict
from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.view import RolloutView


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """All that is known of one environment. `stretches` are the oldest first and may begin before
    the window, `rollouts` the newest first, `records` those of the window."""

    environment: str
    window: Window
    stretches: tuple[Stretch, ...] = ()
    rollouts: tuple[RolloutView, ...] = ()
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """`by_subject` has the links and services that had skew or were unknown. `detected` counts
    incidents that began in the window, `mended` those that were seen in it. `let_past` says how
    often each person's permission was used. `looked`: somebody did, be it once."""

    environment: str
    window: Window
    looked: bool
    together: Hours
    by_subject: Mapping[str, Hours]
    exposed: tuple[Exposure, ...]
    incidents: tuple[Incident, ...]
    detected: Times
    mended: Times
    gates: Mapping[Verdict, int]
    blocks: tuple[Block, ...]
    let_past: Mapping[LetPast, int]
    rollouts: Mapping[Outcome | None, int]

    @property
    def knows_nothing(self) -> bool:
        """Nobody looked, and no gate was asked."""
        return not self.looked and not sum(self.gates.values())


def account_of(past: Past) -> Account:
    window, pieces = past.window, cut(past.stretches, past.window)
    incidents = within(find_incidents(past.stretches), window)
    began = [each for each in incidents if each.first >= window.since]
    gates = gates_in(past.records)
    return Account(
        environment=past.environment,
        window=window,
        looked=any(e.last >= window.since and e.first < window.until for e in past.stretches),
        together=hours_of(pieces),
        by_subject={name: hours_of(pieces, name) for name in subjects_of(pieces)},
        exposed=tuple(exposure_of(pieces, link) for link in exposed_links(pieces)),
        incidents=incidents,
        detected=times([each.detected_within for each in began]),
        mended=times([each.mended_within for each in incidents]),
        gates={verdict: sum(e.verdict is verdict for e in gates) for verdict in Verdict},
        blocks=find_blocks(gates, mends_in(past.rollouts)),
        let_past=_let_past(past.records, gates),
        rollouts=Counter(each.outcome for each in rollouts_in(past)),
    )


def rollouts_in(past: Past) -> tuple[RolloutView, ...]:
    """Those that were ordered in the window, the newest first."""
    window = past.window
    return tuple(e for e in past.rollouts if window.since <= e.order.at < window.until)


def _let_past(records: Iterable[Record], gates: Iterable[Gated]) -> Mapping[LetPast, int]:
    """By person, and what was used most often first."""
    used = Counter([*glasses_in(records), *(each for gate in gates for each in gate.overrides)])
    return dict(sorted(used.items(), key=lambda each: (each[0].who, -each[1], each[0].what)))
