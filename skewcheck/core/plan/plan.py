"""The plan as a value: waves of moves with the waits before them, or the proof that no safe order
exists. It is data: what is shown is what is carried out.
"""

from dataclasses import dataclass
from enum import StrEnum

from skewcheck.core.plan.facts import BuildId


class ArcKind(StrEnum):
    CLIENT_FIRST = "client first"
    SERVER_FIRST = "server first"


class Answer(StrEnum):
    """`UNKNOWN_DECIDES`: there would be a safe order if what is unknown fitted."""

    SAFE = "safe"
    NO_SAFE_ORDER = "no safe order"
    UNKNOWN_DECIDES = "unknown decides"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A client build and a server build on one link that must not meet, or are broken already.

    `unknown`: whether they fit is not known, which counts as that they do not.
    """

    link: str
    client: BuildId
    server: BuildId
    unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """`before` has to have moved, and been waited for, before `after` moves; `pair` is the witness:
    the two builds that would meet otherwise. `wait_s` None is for ever."""

    before: str
    after: str
    kind: ArcKind
    pair: Pair
    wait_s: float | None = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A person's decision not to wait for one service's old clients."""

    service: str
    who: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Until no client of `service` in one of `builds` is left, nor, under session affinity, a
    server that is still sent connections; `seconds` None is for ever.

    `pairs` would meet otherwise; with a waiver they may, and that is the exposure it accepts.
    """

    service: str
    builds: tuple[BuildId, ...]
    seconds: float | None
    pairs: tuple[Pair, ...]
    waiver: Waiver | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """All traffic of `service` goes to `build`, away from `away`; then the edge is told to forget.

    With an empty `away` the build serves already, and only the edge is stale. `narrows`: the build
    is not the target but one that serves, chosen so that fewer are live, at the origin or the edge.
    """

    service: str
    build: BuildId
    away: tuple[BuildId, ...] = ()
    invalidates: bool = False
    narrows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """Moves that may be made in any order, after `waits`.

    `sticky` are services whose *new* clients (under session affinity: servers) must be gone before
    what earlier waves did can be undone. `exposes` are pairs, broken already or waived, that can
    meet during this wave; `mends` those, broken before the plan, that can meet no more once it is
    done (lingering tabs excepted: see `Plan.outlives`).
    """

    waits: tuple[Wait, ...]
    moves: tuple[Move, ...]
    sticky: tuple[str, ...] = ()
    exposes: tuple[Pair, ...] = ()
    mends: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """What would remove one arc of a cycle. `kind`: widen server, widen client, bridge, window."""

    kind: str
    service: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlock:
    """`cycle` is a shortest one (in huge groups the shortest found in time), each arc ending where
    the next begins; bridging releases of all `bridges` would free `members`. `exact`: no smaller
    set would."""

    members: tuple[str, ...]
    cycle: tuple[Arc, ...]
    fixes: tuple[Fix, ...]
    bridges: tuple[str, ...]
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Only a safe one has waves. `broken_now` are pairs that are live and do not fit;
    `broken_after` pairs of targets that do not, for which no order can help. `outlives` are pairs,
    broken now, that go on until the last old client is gone. `too_long` are waits that have no end.

    `seconds` is the least that it takes, wave after wave and waits included, None where a wait has
    no end; `critical` the services that make it so long, in order.
    """

    answer: Answer
    waves: tuple[Wave, ...] = ()
    arcs: tuple[Arc, ...] = ()
    broken_now: tuple[Pair, ...] = ()
    broken_after: tuple[Pair, ...] = ()
    outlives: tuple[Pair, ...] = ()
    too_long: tuple[Wait, ...] = ()
    deadlocks: tuple[Deadlock, ...] = ()
    seconds: float | None = 0.0
    critical: tuple[str, ...] = ()
