"""JSON, schema 1: keys are added, never renamed or removed.

Times are RFC 3339 in UTC, builds full names; what is absent is null, an empty text or an empty
list. An observation that brought nothing back has `cause`, no other has. Only ASCII is written,
so no terminal obeys what a service wrote.
"""

import json
from collections.abc import Sequence

from skewcheck.core.build import BuildSha
from skewcheck.core.findings import Finding, Verdict
from skewcheck.core.judge.skew import safe_at
from skewcheck.core.live import Live
from skewcheck.core.matrix import Cell, LinkMatrix
from skewcheck.core.question import Sources
from skewcheck.core.report import Permission, Report
from skewcheck.core.survey import Survey
from skewcheck.render.headline import headline, next_steps
from skewcheck.render.machine.observations import Json, candidate, observation, rfc3339
from skewcheck.render.machine.probes import JsonObject, probes_object

_SCHEMA = 1
_TOOL = "skewcheck"


def render_json(reports: Sequence[Report]) -> str:
    """One report is an object by itself; several stand in `reports`."""
    if len(reports) == 1:
        return dumped(_report(reports[0]))
    return dumped({"schema": _SCHEMA, "reports": [_report(report) for report in reports]})


def heading(report: Report) -> JsonObject:
    """What every document begins with."""
    return {
        "schema": _SCHEMA,
        "tool": {"name": _TOOL, "version": report.versions.get(_TOOL, "")},
        "versions": dict(report.versions),
        "question": str(report.question),
        "environment": report.environment,
        "at": rfc3339(report.at),
    }


def basis(report: Report) -> JsonObject:
    """Where the rules came from, and who lets what past."""
    return {
        "sources": _sources(report.sources),
        "overrides": [_override(each) for each in report.permissions],
        "break_glass": _break_glass(report),
    }


def finding_object(finding: Finding) -> JsonObject:
    """A finding has the same keys wherever it stands."""
    return {
        "code": str(finding.code),
        "subject": finding.subject,
        "severity": str(finding.severity),
        "sentence": finding.sentence,
        "evidence": list(finding.evidence),
        "since": rfc3339(finding.since),
        "owner": finding.owner,
        "fix": finding.fix,
    }


def dumped(value: JsonObject) -> str:
    """Indented, so that a change is seen line by line."""
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"


def _report(report: Report) -> JsonObject:
    return {
        **heading(report),
        "strict": report.strict,
        **_answer(report),
        "findings": [finding_object(finding) for finding in report.findings],
        "matrix": [_link(report.survey, link) for link in report.judgement.matrix],
        "observations": {
            name: observation(report.survey, service)
            for name, service in report.survey.services.items()
        },
        "candidates": [candidate(each) for each in report.survey.candidates.values()],
        "probes": probes_object(report.survey.probes),
        **basis(report),
    }


def _answer(report: Report) -> JsonObject:
    """`would` is the verdict that observe mode does not enforce, else null."""
    head = headline(report)
    observing = report.observing_until is not None
    return {
        "verdict": str(report.verdict),
        "exit": int(report.exit),
        "would": str(report.verdict) if observing and report.verdict is not Verdict.PASS else None,
        "enforce": {
            "mode": "observe" if observing else "block",
            "until": str(report.observing_until) if observing else None,
        },
        "headline": {
            "summary": head.summary,
            "finding": None if head.finding is None else finding_object(head.finding),
            "safe": head.safe,
        },
        "next": list(next_steps(report)),
    }


def _link(survey: Survey, link: LinkMatrix) -> JsonObject:
    return {
        "link": link.link,
        "client": link.client,
        "server": link.server,
        "cells": [_cell(survey, link.client, cell) for cell in link.cells],
    }


def _cell(survey: Survey, client: str, cell: Cell) -> JsonObject:
    code = cell.compatibility.code
    return {
        "client": _live(cell.client),
        "server": _live(cell.server),
        "fit": str(cell.fit),
        "code": None if code is None else str(code),
        "sentence": cell.compatibility.sentence,
        "assumed": list(cell.assumed),
        "pre_existing": cell.pre_existing,
        "since": rfc3339(cell.since),
        "safe_at": rfc3339(safe_at(survey, client, cell)),
    }


def _live(live: Live) -> JsonObject:
    return {
        "build": None if live.build is None else str(live.build),
        "presences": [str(presence) for presence in live.presences],
        "percent": live.percent,
        "revisions": list(live.revisions),
        "why": live.why,
        "since": rfc3339(live.since),
        "until": rfc3339(live.until),
    }


def _sources(sources: Sources | None) -> Json:
    if sources is None:
        return None
    return {
        "file": sources.file,
        "ref": sources.ref,
        "commit": _sha(sources.commit),
        "policy_ref": sources.policy_ref,
        "policy_commit": _sha(sources.policy_commit),
        "notes": list(sources.notes),
    }


def _sha(sha: BuildSha | None) -> Json:
    return None if sha is None else str(sha)


def _override(permission: Permission) -> JsonObject:
    override = permission.override
    return {
        "finding": override.finding,
        "subject": override.subject,
        "until": str(override.until),
        "reason": override.reason,
        "who": permission.who,
        "expired": permission.expired,
        "used": permission.used,
    }


def _break_glass(report: Report) -> Json:
    glass = report.break_glass
    if glass is None:
        return None
    return {"why": glass.why, "until": str(glass.until), "who": glass.who}
