"""Plans as the planner would make them, built by hand: the incident, its waiver, a deadlock."""

from datetime import timedelta
from typing import Any

from skewcheck.core.plan.facts import Channel, Party, PlanWorld
from skewcheck.core.plan.plan import (
    Answer,
    Arc,
    ArcKind,
    Deadlock,
    Fix,
    Move,
    Pair,
    Plan,
    Wait,
    Waiver,
    Wave,
)
from skewcheck.core.plan.view import Means, PlanView
from tests.builders import NOW

HOUR = 60.0 * 60.0
WEB_OLD, WEB_NEW = "01d01d0" + "0" * 33, "9e39e39" + "1" * 33
API_OLD, API_NEW = "aaaa111" + "2" * 33, "bbbb222" + "3" * 33
IMAGE = Means(told="image us-docker.pkg.dev/acme/api:{build}")
TRIGGER = Means(told="trigger deploy-web", by_trigger=True, last_took_s=4 * 60.0, previous=WEB_OLD)
# The old page with the new backend, the new page with the old backend, and old with old.
STALE = Pair(link="chat", client=WEB_OLD, server=API_NEW)
EARLY = Pair(link="chat", client=WEB_NEW, server=API_OLD)
BOTH_OLD = Pair(link="chat", client=WEB_OLD, server=API_OLD)
ADA = Waiver(service="frontend", who="ada@acme.example", reason="chat is down for all")
WAIT = Wait(service="frontend", builds=(WEB_OLD,), seconds=12 * HOUR, pairs=(STALE,))
MOVE_WEB = Move(service="frontend", build=WEB_NEW, away=(WEB_OLD,), invalidates=True)
MOVE_API = Move(service="backend", build=API_NEW, away=(API_OLD,))
CLIENT_FIRST = Arc(
    before="frontend",
    after="backend",
    kind=ArcKind.CLIENT_FIRST,
    pair=STALE,
    wait_s=12 * HOUR,
)
SERVER_FIRST = Arc(before="backend", after="frontend", kind=ArcKind.SERVER_FIRST, pair=EARLY)
_SENTENCES = {
    STALE: "client speaks 2.1, server accepts >=3",
    EARLY: "client speaks 3.0, server accepts >=2,<3",
}


def say(pair: Pair) -> str:
    return _SENTENCES.get(pair, "both say 2.1, but the format differs")


def web(**changed: Any) -> Party:
    known: dict[str, Any] = {
        "name": "frontend",
        "serving": (WEB_OLD,),
        "target": WEB_NEW,
        "client_linger_s": 12 * HOUR,
        "behind_edge": True,
        "at_edge": (WEB_OLD,),
    }
    return Party(**{**known, **changed})


def api(**changed: Any) -> Party:
    known: dict[str, Any] = {"name": "backend", "serving": (API_OLD,), "target": API_NEW}
    return Party(**{**known, **changed})


def world(*parties: Party, **changed: Any) -> PlanWorld:
    chat = Channel(name="chat", client="frontend", server="backend", **changed)
    named = {party.name: party for party in parties or (web(), api())}
    return PlanWorld(parties=named, channels=(chat,))


def view(plan: Plan, **changed: Any) -> PlanView:
    known: dict[str, Any] = {
        "environment": "staging",
        "at": NOW,
        "plan": plan,
        "world": world(),
        "digest": "5f3c0de5f3c0de01",
        "links": {"chat": ("frontend", "backend")},
        "sentence": say,
        "services": {"frontend": TRIGGER, "backend": IMAGE},
        "expires": NOW + timedelta(minutes=15),
    }
    return PlanView(**{**known, **changed})


def client_first(**changed: Any) -> Plan:
    """The page moves, its old tabs go, the backend moves."""
    known: dict[str, Any] = {
        "answer": Answer.SAFE,
        "waves": (
            Wave(waits=(), moves=(MOVE_WEB,), mends=(BOTH_OLD,)),
            Wave(waits=(WAIT,), moves=(MOVE_API,)),
        ),
        "arcs": (CLIENT_FIRST,),
        "broken_now": (BOTH_OLD,),
        "outlives": (BOTH_OLD,),
        "seconds": 12 * HOUR + 5 * 60,
        "critical": ("frontend", "backend"),
    }
    return Plan(**{**known, **changed})


def waived() -> Plan:
    waves = client_first().waves
    wait = Wait(service="frontend", builds=(WEB_OLD,), seconds=0.0, pairs=(STALE,), waiver=ADA)
    late = Wave(waits=(wait,), moves=(MOVE_API,), exposes=(STALE,))
    return client_first(waves=(waves[0], late), seconds=5 * 60.0)


def server_first() -> Plan:
    """The backend moves, then the page; going back further has to wait for the new page's tabs."""
    return Plan(
        answer=Answer.SAFE,
        waves=(
            Wave(waits=(), moves=(MOVE_API,)),
            Wave(waits=(), moves=(MOVE_WEB,), sticky=("frontend",)),
        ),
        arcs=(SERVER_FIRST,),
        seconds=300.0,
        critical=("backend", "frontend"),
    )


def deadlock(**changed: Any) -> Deadlock:
    known: dict[str, Any] = {
        "members": ("backend", "frontend"),
        "cycle": (CLIENT_FIRST, SERVER_FIRST),
        "fixes": (
            Fix(kind="widen server", service="backend", told="let bbbb222 keep accepting 2.1"),
            Fix(kind="window", service="frontend", told="move both at once; connects fail"),
        ),
        "bridges": ("backend",),
        "exact": True,
    }
    return Deadlock(**{**known, **changed})


def deadlocked(*deadlocks: Deadlock) -> Plan:
    return Plan(
        answer=Answer.NO_SAFE_ORDER,
        arcs=(CLIENT_FIRST, SERVER_FIRST),
        deadlocks=deadlocks or (deadlock(),),
        seconds=None,
    )
