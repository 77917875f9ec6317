"""Rollouts as they are told, built by hand: one that worked, one that went back, a stuck one."""

from datetime import timedelta
from typing import Any

from skewcheck.core.rollout.journal import Entry, Outcome
from skewcheck.core.rollout.order import Order, Place, RolloutKind, ServiceOrder
from skewcheck.core.rollout.view import RolloutView
from tests.builders import NOW
from tests.render.plan import worlds
from tests.render.plan.worlds import API_NEW, WEB_NEW

COMMIT, POLICY = "c0ffeec" + "4" * 33, "d00dfee" + "5" * 33
WEB = ServiceOrder(name="frontend", target=WEB_NEW, trigger="deploy-web")
API = ServiceOrder(
    name="backend",
    target=API_NEW,
    image="us-docker.pkg.dev/acme/api:bbbb222",
    places=(Place(project="acme-staging", region="us-central1", service="acme-api"),),
)
BY_HAND = (
    "gcloud run services update-traffic acme-api --project=acme-staging --region=us-central1"
    " --to-revisions=acme-api-00001=100"
)


def order(**changed: Any) -> Order:
    known: dict[str, Any] = {
        "rollout": "r-20261123-7f3a1b",
        "environment": "staging",
        "kind": RolloutKind.REDEPLOY,
        "who": "ada@acme.example",
        "why": "format-skew on chat",
        "at": NOW,
        "digest": "5f3c0de5f3c0de01",
        "manifest_commit": COMMIT,
        "policy_commit": POLICY,
        "world": worlds.world(),
        "plan": worlds.client_first(),
        "services": (WEB, API),
    }
    return Order(**{**known, **changed})


def entry(key: str = "claim backend/0", **changed: Any) -> Entry:
    known: dict[str, Any] = {
        "key": key,
        "ok": True,
        "at": NOW + timedelta(seconds=5),
        "told": "backend is claimed until 2026-11-23 22:40 UTC",
    }
    return Entry(**{**known, **changed})


CLAIMED = entry()
CREATED = entry(
    "create backend/0",
    at=NOW + timedelta(seconds=61),
    told="acme-api-bbbb22-7f3a1b is ready and takes no traffic",
    evidence=("operations/4711",),
    url="https://r-7f3a1b---acme-api.a.run.app",
)
REFUSED = entry(
    "shift backend/0 in wave 2",
    ok=False,
    at=NOW + timedelta(minutes=3),
    told="backend: somebody else has moved the traffic meanwhile",
    evidence=("acme-api-00009 has 100%",),
)
STOPPED = entry(
    "wait frontend in wave 2", ok=False, cancelled=True, told="bob@acme.example cancelled it"
)


def succeeded(**changed: Any) -> RolloutView:
    known: dict[str, Any] = {
        "order": order(),
        "entries": (CLAIMED, CREATED),
        "outcome": Outcome.SUCCEEDED,
        "remains": ("open tabs of frontend 01d01d0, until 2026-11-24 10:10 UTC",),
    }
    return RolloutView(**{**known, **changed})


def stuck() -> RolloutView:
    return RolloutView(
        order=order(rollout="r-20261123-0badc0", resumes="r-20261122-aaaaaa"),
        entries=(CLAIMED, REFUSED, STOPPED),
        outcome=Outcome.STUCK,
        status="the way back failed 3 times",
        by_hand=(BY_HAND,),
        remains=("traffic of acme-api@us-central1 stays pinned",),
    )


def waiting() -> RolloutView:
    return RolloutView(
        order=order(rollout="r-20261123-111111", kind=RolloutKind.ROLLBACK),
        status="waits until 2026-11-24 10:10 UTC; the terminal may be closed",
    )
