"""A day that went wrong and was mended, as everybody is to be told of it."""

from dataclasses import replace
from typing import Any

from skewcheck.core.audit.reading import LetPast
from skewcheck.core.chronicle.account import Account, Past, account_of
from skewcheck.core.chronicle.blocks import Became, Block
from skewcheck.core.chronicle.snapshot import SeenBuild, SeenPair, Stretch
from skewcheck.core.findings import Severity, Verdict
from skewcheck.core.rollout.journal import Outcome
from tests.core.chronicle.looks import (
    DOUBT,
    NEW,
    OLD,
    after,
    cause,
    snapshot,
    stretch,
    window,
)
from tests.render.rollout import worlds

STALE = snapshot(
    verdict=Verdict.BLOCK,
    services={
        "backend": (SeenBuild(build=NEW, percent=100, presences=("traffic",)),),
        "frontend": (
            SeenBuild(build=OLD, presences=("edge", "page")),
            SeenBuild(build="", percent=10, presences=("traffic",)),
        ),
    },
    pairs=(
        SeenPair(link="chat", client=OLD, server=NEW, fit="no", percent=12.5),
        SeenPair(link="chat", client="", server=NEW, fit="unknown"),
    ),
    causes=(
        cause(),
        cause("stale-edge", "frontend"),
        cause("unreachable", "api", Severity.UNKNOWN),
    ),
)
DAY = (
    stretch(-2, 1),
    stretch(1.5, 4, STALE),
    stretch(5, 9),
    stretch(18, 18, DOUBT),
    stretch(19, 26),
)
ROLLOUT = worlds.succeeded(
    order=worlds.order(at=after(4)),
    entries=(worlds.entry(at=after(4.25)),),
)


def past(*stretches: Stretch, **changed: Any) -> Past:
    said: dict[str, Any] = {
        "environment": "staging",
        "window": window(),
        "stretches": stretches or DAY,
        "rollouts": (ROLLOUT,),
    }
    return Past(**(said | changed))


def nothing() -> Past:
    return Past(environment="staging", window=window())


BLOCKS = (
    Block(
        first=after(2),
        last=after(3),
        times=2,
        candidates={"backend": NEW},
        causes=(("format-skew", "chat"),),
        became=Became.MENDED,
        at=after(4.25),
        by=ROLLOUT.order.rollout,
    ),
    Block(first=after(5), last=after(5), candidates={}, causes=(("stale-edge", "frontend"),)),
    Block(
        first=after(6),
        last=after(6),
        candidates={"backend": NEW},
        causes=(),
        became=Became.PASSED,
        at=after(7),
    ),
)


def account(**changed: Any) -> Account:
    said: dict[str, Any] = {
        "gates": {Verdict.PASS: 36, Verdict.BLOCK: 4, Verdict.INCONCLUSIVE: 0},
        "blocks": BLOCKS,
        "let_past": {
            LetPast(who="ada", why="the board demo"): 1,
            LetPast(who="Bob", why="known", what="stale-edge on frontend"): 2,
        },
        "rollouts": {Outcome.SUCCEEDED: 2, Outcome.STUCK: 1, None: 1, Outcome.ROLLED_BACK: 1},
    }
    return replace(account_of(past()), **(said | changed))
