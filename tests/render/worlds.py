"""The worlds that every renderer is shown: the incident, and what surrounds it."""

from datetime import date, timedelta
from typing import Any, TypeAlias

from skewcheck.core.addresses import judge_addresses, survey_addresses
from skewcheck.core.build import Build
from skewcheck.core.findings import Code
from skewcheck.core.gate import judge_gate
from skewcheck.core.manifest import Override
from skewcheck.core.question import BreakGlass, Question
from skewcheck.core.reading import ProtocolClaim, VersionDocument
from skewcheck.core.report import Permission, Report
from skewcheck.core.survey import Candidate, ContractReading, ServiceSurvey, Side, Survey
from tests.builders import (
    API,
    APP,
    NEW,
    NEW_FORMAT,
    NEXT,
    NOW,
    OLD,
    OLD_FORMAT,
    ahead,
    backend,
    behind,
    candidate,
    commit,
    contract,
    document,
    frontend,
    lingering,
    manifest,
    page,
    plane,
    report,
    revision,
    survey,
    target,
    unreadable,
)

Contracts: TypeAlias = dict[tuple[str, Side, Build], ContractReading]

ONE_AHEAD = {("backend", NEXT): ahead(1)}

OVERRIDE = Override(
    finding="format-skew", subject="chat", until=date(2026, 12, 1), reason="demo for the board"
)


def incident_survey(**changed: Any) -> Survey:
    """Git and the origin are right; the edge still serves the page of an older build."""
    said: dict[str, Any] = {
        "relations": {("frontend", OLD): behind(2), **ONE_AHEAD},
        "between": {("frontend", OLD): (commit(), commit(NEW, "Read the token from the store"))},
        "contracts": {("chat", "client", OLD): contract(fingerprint=OLD_FORMAT)},
    }
    stale = frontend(
        edge=document(OLD, age_s=86400),
        beyond=document(url=f"{APP}/version.json?skewcheck=1"),
        page=page(OLD, age_s=86400),
    )
    return survey(stale, backend(), **(said | changed))


def incident(**changed: Any) -> Report:
    return report(incident_survey(), **changed)


def observing() -> Report:
    return report(incident_survey(manifest=_observe()))


def no_longer_observing() -> Report:
    return report(incident_survey(manifest=_observe("2026-11-01")))


def overridden() -> Report:
    """One override in force, one over, one that meets nothing."""
    expired = OVERRIDE.model_copy(update={"finding": "stale-edge", "subject": "frontend"})
    expired = expired.model_copy(update={"until": date(2026, 11, 1)})
    unmet = OVERRIDE.model_copy(update={"finding": "unreachable"})
    return incident(
        permissions=(
            Permission(override=OVERRIDE, who="Ada", expired=False, used=True),
            Permission(override=expired, who="Bob", expired=True, used=True),
            Permission(override=unmet, who="Cleo", expired=False, used=False),
        )
    )


def broken_glass() -> Report:
    glass = BreakGlass(why="chat is down for all", until=date(2026, 11, 24), who="ada@acme.example")
    return incident(break_glass=glass)


def split_survey(**changed: Any) -> Survey:
    """A split with an older backend, an old client that lingers; both fit."""
    revisions = revision(), revision("acme-api-00001", OLD, created=NOW - timedelta(days=9))
    targets = target(percent=90), target("acme-api-00001", 10)
    said: dict[str, Any] = {"relations": {("backend", OLD): behind(1)}}
    services = (
        frontend(lingering=(lingering(),)),
        backend(planes=(plane(*revisions, targets=targets),), undeclared=("origin",)),
    )
    return survey(*services, **(said | changed))


def unknown() -> Report:
    """Nobody can say: the edge does not answer, and the page names no build."""
    services = (
        frontend(page=page(None)),
        backend(edge=unreadable(url=f"{API}/__version__"), planes=(unreadable(Code.UNAUTHORIZED),)),
    )
    return report(survey(*services))


def gate(seen: Survey, *, strict: bool = False, **changed: Any) -> Report:
    said: dict[str, Any] = {"question": Question.GATE, "strict": strict} | changed
    return report(seen, judge_gate(seen, strict=strict), **said)


def gate_blocks(**changed: Any) -> Report:
    """The candidate speaks a format that clients of today do not."""
    new_format: Contracts = {("chat", "server", NEXT): contract("3.0", ">=3.0,<4")}
    seen = survey(candidates=[_next()], contracts=new_format, relations=ONE_AHEAD, **changed)
    return gate(seen)


def gate_blocks_for_a_while() -> Report:
    """Only clients that linger in open tabs would break."""
    old: Contracts = {("chat", "client", OLD): contract("1.0", ">=1.0,<2")}
    new: Contracts = {("chat", "server", NEW): contract("2.1", ">=1.0,<3")}
    services = frontend(lingering=(lingering(),)), backend()
    contracts = old | new
    return gate(survey(*services, candidates=[_next()], contracts=contracts, relations=ONE_AHEAD))


def gate_mends() -> Report:
    """The incident is there already; the candidate leaves it as it is."""
    return gate(incident_survey(candidates=[_next()]))


def _next() -> Candidate:
    url = "https://c-1---acme-api-x.a.run.app"
    return candidate(url=url, reading=document(NEXT, url=f"{url}/__version__"))


def production() -> Report:
    return report(survey(environment="production"), environment="production")


def urls(*, client: str = "2.1") -> Report:
    """Two URLs and no manifest."""
    services = {
        "web": ServiceSurvey(
            name="web",
            promise=None,
            witnesses=frozenset({"edge", "page"}),
            edge=_speaking("client", version=client, fingerprint=OLD_FORMAT),
            page=page(),
        ),
        "api": ServiceSurvey(
            name="api",
            promise=None,
            witnesses=frozenset({"edge"}),
            edge=_speaking("server", version="2.1", accepts=">=2,<3", fingerprint=NEW_FORMAT),
        ),
    }
    seen = survey_addresses(services, {"web": APP, "api": API}, NOW)
    said: dict[str, Any] = {"sources": None, "environment": seen.environment}
    return report(seen, judge_addresses(seen), **said)


def _speaking(role: str, **said: str) -> VersionDocument:
    claim = ProtocolClaim(name="chat", role=role, **said)
    return document(url=f"{APP if role == 'client' else API}/version.json", protocols=(claim,))


def _observe(until: str = "2026-12-31") -> Any:
    return manifest(policy={"enforce": {"mode": "observe", "until": until}})


def observing_the_unknown() -> Report:
    return report(survey(frontend(page=page(None)), backend(), manifest=_observe()))


def observing_what_passes() -> Report:
    return report(survey(manifest=_observe()))


def all_overridden() -> Report:
    stale = OVERRIDE.model_copy(update={"finding": "stale-edge", "subject": "frontend"})
    permissions = (
        Permission(override=each, who="Ada", expired=False, used=True) for each in (OVERRIDE, stale)
    )
    return incident(permissions=tuple(permissions))


def empty() -> Report:
    """A manifest that promises nothing: nothing can fail, which proves nothing."""
    nothing = survey(manifest=manifest(services={}, links={}))
    return report(nothing)


def gate_inconclusive() -> Report:
    services = frontend(edge=unreadable(), page=unreadable(Code.UNAUTHORIZED)), backend()
    return gate(survey(*services, candidates=[_next()], relations=ONE_AHEAD))
