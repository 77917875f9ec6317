"""Probes and diagnoses that the renderers are shown: the incident, and what surrounds it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from skewcheck.core.diagnosis.values import Cause, Diagnosis, Why
from skewcheck.core.exposed.health_document import Dependency, Health
from skewcheck.core.findings import Code, Finding, Severity
from skewcheck.core.judge import Judgement
from skewcheck.core.logs.query import LogLine
from skewcheck.core.probed.probes import Doubt, LinkProbe, Probed, Probes, Rated
from skewcheck.core.probed.rate import Rate
from skewcheck.core.question import Question
from skewcheck.core.report import Report
from skewcheck.core.wire.script import Variant
from tests.builders import API, NOW, OLD, OLD_FORMAT, finding, report, survey
from tests.transcripts import (
    CANDIDATE,
    DIRECT,
    EDGE,
    EXERCISE,
    closed,
    format_of,
    probed,
    rejected,
    script,
    welcomed,
)

OLD_SCRIPT = script(offers=("jwt.{token}",), selected="jwt.{token}")
NEW_SPOKEN = format_of()
OLD_SPOKEN = format_of(OLD_SCRIPT, fingerprint=OLD_FORMAT, builds=(OLD.value,))
TALK_SPOKEN = format_of(script(exercise=EXERCISE))
CONTROL = Variant(control=True)
MADE_UP = Variant(made_up=True)
TALK = Variant(exercise=True)
CLOSED = 'the server closed with 1000 "main cleanup" 0.89 s after the upgrade, before any welcome'


def holding(times: int = 5, **changed: Any) -> Probed:
    return probed(*[welcomed()] * times, spoken=NEW_SPOKEN, **changed)


def failing(times: int = 8, **changed: Any) -> Probed:
    """The older client is closed politely and never welcomed."""
    return probed(*[closed(spoken=OLD_SCRIPT)] * times, spoken=OLD_SPOKEN, **changed)


def refused(status: int = 400, variant: Variant = CONTROL) -> Probed:
    return probed(rejected(status), spoken=NEW_SPOKEN, variant=variant)


def talking() -> Probed:
    return probed(spoken=TALK_SPOKEN, variant=TALK)


def link(*seen: Probed, **changed: Any) -> LinkProbe:
    said: dict[str, Any] = {"link": "chat", "client": "frontend", "server": "backend"}
    return LinkProbe(probed=seen, **(said | changed))


def probes(*links: LinkProbe) -> Probes:
    return Probes(environment="staging", at=NOW, success_target=0.9, links=links)


def rated(successes: int = 35, **changed: Any) -> Rated:
    rate = Rate(target=0.9, successes=successes, tried=35, **changed)
    return Rated(format=NEW_SPOKEN, target=EDGE, rate=rate)


def health(*states: Dependency) -> Health:
    told = states or (
        Dependency("supervisor", "available", "ok"),
        Dependency("threads", "unavailable", "down"),
        Dependency("queue", "unsaid"),
    )
    return Health(url=f"{API}/__heartbeat__", status=503, states=told, read_at=NOW)


def log(text: str = "websocket: closing 1000 main cleanup", **changed: Any) -> LogLine:
    said: dict[str, Any] = {
        "by": "acme-api/acme-api-00002",
        "severity": "WARNING",
        "probe_id": "0123456789ab",
    }
    return LogLine(at=NOW - timedelta(seconds=9), text=text, **(said | changed))


def incident_link() -> LinkProbe:
    """The page's older client fails, at the edge and past it; a newer one is welcomed."""
    return link(
        failing(),
        holding(),
        failing(2, target=DIRECT),
        refused(),
        failing(1, variant=Variant(auth="header")),
        talking(),
        owner="web (C012AB)",
        rated=(rated(),),
        doubts=(Doubt(what="not-comparable", why="no way past the edge for all of it"),),
        health=health(),
        logs=(log(),),
        no_logs="the load balancer's are not there yet",
    )


def closed_finding(**changed: Any) -> Finding:
    told = f"{CLOSED} (at the edge, in the format of 01d01d0, 8 of 8 handshakes)"
    said: dict[str, Any] = {
        "subject": "chat",
        "sentence": told,
        "evidence": ("probe 0123456789ab",),
        "owner": "web (C012AB)",
        "fix": "skewcheck diagnose staging chat",
    }
    return finding(Code.CLOSED_BEFORE_WELCOME, **(said | changed))


def probe_report(*links: LinkProbe, findings: tuple[Finding, ...] = (), **changed: Any) -> Report:
    seen = survey(probes=probes(*links))
    said: dict[str, Any] = {"question": Question.PROBE} | changed
    return report(seen, Judgement(findings=findings, matrix=()), **said)


def incident_probed(**changed: Any) -> Report:
    return probe_report(incident_link(), findings=(closed_finding(),), **changed)


def all_holds() -> Report:
    return probe_report(link(holding(), holding(target=DIRECT), refused(), talking()))


def candidate_holds() -> Report:
    return probe_report(link(holding(target=CANDIDATE)))


INVALIDATE = (
    "gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging"
    " --host=app.staging.acme.example --path=/"
)
STALE = Cause(
    kind="a place",
    told="the edge serves 01d01d0 (version document and page), but behind it runs 9e39e39",
    code=Code.STALE_EDGE,
    owner="web (C012AB)",
    fix=INVALIDATE,
)
SERVER = Cause(
    kind="the contract",
    told="backend itself: it accepts and then gives up for a reason that only its log can tell",
    code=Code.CLOSED_BEFORE_WELCOME,
)
TOKEN = Cause(
    kind="the token",
    told="the token: expired, of another environment, or not one that this server takes",
    fix="look at links.chat.token",
)


def diagnosis(**changed: Any) -> Diagnosis:
    said: dict[str, Any] = {"link": "chat", "client": "frontend", "server": "backend"}
    return Diagnosis(**({"findings": ()} | said | changed))


def incident_diagnosis(**changed: Any) -> Diagnosis:
    at_edge = "8 of 8 handshakes at the edge, in the format of 01d01d0, served by the page"
    differs = (
        "backend 9e39e39 does not read what frontend 01d01d0 sends: both say 2.1, but the format"
        " differs: client sha256:01d001d0, server sha256:9e399e39"
    )
    commit = "the contract changed in 9e39e39 'Send the token base64url-encoded' by Grace"
    said: dict[str, Any] = {
        "findings": (closed_finding(), finding(), finding(severity=Severity.NOTICE)),
        "symptom": Why(told=f"{CLOSED} ({at_edge})", code=Code.CLOSED_BEFORE_WELCOME),
        "whys": (
            Why(told=differs, code=Code.FORMAT_SKEW, evidence=(commit, "stale hop: the edge")),
            Why(told="users still get 01d01d0, though something newer runs behind the edge"),
        ),
        "causes": (STALE,),
        "excluded": (
            "name, connection, HTTP answer, upgrade, subprotocol: passed",
            "the server as a whole: the format of 9e39e39 is welcomed at the edge, 5 of 5 times",
        ),
        "masked": ("events",),
        "logs": (f"22:09:51 acme-api/acme-api-00002 WARNING: {'closing main cleanup ' * 9}",) * 6,
        "next": (INVALIDATE,),
    }
    return diagnosis(**(said | changed))


def open_diagnosis() -> Diagnosis:
    """Several causes remain, and nobody can tell which it is."""
    return incident_diagnosis(
        whys=(), causes=(TOKEN, SERVER), logs=(), next=("look at links.chat.token", INVALIDATE)
    )


def unknown_diagnosis() -> Diagnosis:
    """A symptom, and no cause: what is unknown stands in its way."""
    unknown = finding(
        Code.NOT_PROBED, subject="chat", severity=Severity.UNKNOWN, sentence="no token"
    )
    masked = replace(unknown, code=Code.MASKED, sentence="masked by no token")
    noticed = finding(Code.DIRTY_BUILD, severity=Severity.NOTICE)
    return diagnosis(findings=(unknown, masked, noticed), symptom=Why(told="no token"))


def diagnosed(*links: LinkProbe, **changed: Any) -> Report:
    said: dict[str, Any] = {"question": Question.DIAGNOSE} | changed
    return probe_report(*(links or (incident_link(),)), **said)
