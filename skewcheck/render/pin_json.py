"""What was pinned as JSON, schema 1: keys are added, never renamed or removed."""

from skewcheck.core.history import Commit
from skewcheck.core.pinning.edit import Change
from skewcheck.core.pinning.outlook import Outlook
from skewcheck.core.pinning.pinned import Pinned
from skewcheck.core.report import Report
from skewcheck.render.headline import deciding, headline
from skewcheck.render.machine.as_json import dumped, finding_object
from skewcheck.render.machine.observations import Json, rfc3339
from skewcheck.render.machine.probes import JsonObject
from skewcheck.render.pin import next_commands

_SCHEMA = 1


def render_pin_json(pinned: Pinned) -> str:
    """`commit` is null where nothing was committed, `outlook` where nothing would change."""
    proposed = pinned.proposed
    return dumped(
        {
            "schema": _SCHEMA,
            "question": "pin",
            "environment": pinned.environment,
            "at": rfc3339(pinned.at),
            "file": pinned.file,
            "base": str(pinned.base),
            "branch": pinned.branch,
            "commit": str(proposed.commit) if proposed else None,
            "existed": proposed is not None and proposed.existed,
            "changes": [_change(pinned, change) for change in pinned.changes],
            "diff": "".join(f"{line}\n" for line in pinned.diff),
            "outlook": _outlook(pinned.outlook) if pinned.outlook else None,
            "next": list(next_commands(pinned)),
        }
    )


def _change(pinned: Pinned, change: Change) -> JsonObject:
    """`was` is null where a ref stood there."""
    return {
        "service": change.service,
        "build": str(change.build),
        "commit": commit_object(pinned.commits.get(change.service)),
        "was": str(change.was) if change.was else None,
        "ref": change.ref,
        "paths": list(change.paths),
        "line": change.line,
    }


def commit_object(commit: Commit | None) -> Json:
    if commit is None:
        return None
    return {
        "sha": str(commit.sha),
        "subject": commit.subject,
        "author": commit.author,
        "at": rfc3339(commit.at),
    }


def _outlook(outlook: Outlook) -> JsonObject:
    """`status` is what it would say before anything is deployed; `gate` opened no WebSocket."""
    return {
        "status": {"before": _report(outlook.before), "after": _report(outlook.after)},
        "gate": _report(outlook.gate)
        | {"findings": [finding_object(each) for each in deciding(outlook.gate)]},
        "goes": [finding_object(each) for each in outlook.goes],
        "comes": [finding_object(each) for each in outlook.comes],
        "notes": list(outlook.notes),
    }


def _report(report: Report) -> dict[str, Json]:
    return {
        "verdict": str(report.verdict),
        "exit": int(report.exit),
        "summary": headline(report).summary,
    }
