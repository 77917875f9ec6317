"""Surveys of one link whose clients speak a contract that can be followed, and their plans."""

from typing import Any

from skewcheck.core.manifest import Manifest
from skewcheck.core.probe.kits import ProbePlan, ProbeWanted, plan_probes
from skewcheck.core.survey import ContractKnown, Survey
from tests.builders import CHAT, NEW, NEXT, OLD, candidate, plane, survey, target
from tests.links import tokenless

TAG_URL = "https://c-1---acme-api-x.a.run.app"
WITH_TOKEN: dict[str, Any] = {**CHAT, "token": {"env": "SKEWCHECK_CHAT_TOKEN"}}
OLDER = tokenless(messages={"welcome": {"type": "hello"}})
TAGGED = plane(targets=[target(), target(percent=0, tag="c-1", url=TAG_URL)])


def world(*services: Any, speaks: ContractKnown | None = None, **changed: Any) -> Survey:
    """Every client build speaks alike unless `contracts` say otherwise."""
    spoken = speaks or tokenless()
    own = changed.pop("contracts", {})
    contracts = {("chat", "client", build): spoken for build in (OLD, NEW, NEXT)} | own
    return survey(*services, contracts=contracts, **changed)


def plans(seen: Survey, rules: Manifest | None = None, **wanted: Any) -> tuple[ProbePlan, ...]:
    return plan_probes(seen, rules or seen.manifest, ProbeWanted(**wanted))


def plan(seen: Survey, rules: Manifest | None = None, **wanted: Any) -> ProbePlan:
    [only] = plans(seen, rules, **wanted)
    return only


def deploying(service: str = "frontend", **changed: Any) -> dict[str, Any]:
    return {"candidates": [candidate(service, **changed)]}
