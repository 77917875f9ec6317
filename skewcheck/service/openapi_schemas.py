"""The JSON that the web application answers with and reads, as schemas (JSON Schema 2020-12)."""

from skewcheck.render.machine.observations import Json
from skewcheck.render.machine.probes import JsonObject

_TEXT: JsonObject = {"type": "string"}
_MAYBE_TEXT: JsonObject = {"type": ["string", "null"]}
_TEXTS: JsonObject = {"type": "array", "items": _TEXT}
_MOMENT: JsonObject = {"type": ["string", "null"], "description": "RFC 3339, in UTC."}
_FLAG: JsonObject = {"type": "boolean"}
_VERDICT: JsonObject = {"type": "string", "enum": ["pass", "block", "inconclusive"]}
_EXIT: JsonObject = {"type": "integer", "enum": [0, 10, 11]}
_ONE: JsonObject = {"const": 1}


def _object(properties: dict[str, Json], **more: Json) -> JsonObject:
    """All properties are there, and there may be others."""
    return {"type": "object", "required": list(properties), "properties": properties, **more}


def _list(schema: str) -> JsonObject:
    return {"type": "array", "items": _of(schema)}


def _of(schema: str) -> JsonObject:
    return {"$ref": f"#/components/schemas/{schema}"}


_REPORT: dict[str, Json] = {
    "schema": _ONE,
    "environment": _TEXT,
    "at": {"type": "string", "description": "When it was surveyed; RFC 3339, in UTC."},
    "verdict": _VERDICT,
    "exit": {**_EXIT, "description": "What it would be on the command line; 0 lets pass."},
    "findings": _list("Finding"),
    "matrix": _list("Link"),
    "next": {**_TEXTS, "description": "What to do, the gravest first."},
}
_ROLLOUT: dict[str, Json] = {
    "rollout": _TEXT,
    "environment": _TEXT,
    "kind": _TEXT,
    "who": _TEXT,
    "why": _TEXT,
    "at": _MOMENT,
    "outcome": {**_MAYBE_TEXT, "description": "Null while it is unfinished."},
    "status": _TEXT,
    "steps": {"type": "array", "items": {"type": "object"}},
}

SCHEMAS: JsonObject = {
    "Anything": {"type": "object"},
    "Problem": _object({"schema": _ONE, "error": _TEXT, "hint": _TEXT}),
    "Finding": _object(
        {
            "code": _TEXT,
            "subject": _TEXT,
            "severity": {"type": "string", "enum": ["block", "unknown", "notice"]},
            "sentence": _TEXT,
            "evidence": _TEXTS,
            "since": _MOMENT,
            "owner": _TEXT,
            "fix": _TEXT,
        }
    ),
    "Link": _object({"link": _TEXT, "client": _TEXT, "server": _TEXT, "cells": _list("Cell")}),
    "Cell": _object(
        {
            "client": _of("Live"),
            "server": _of("Live"),
            "fit": {"type": "string", "enum": ["yes", "no", "unknown"]},
            "sentence": _TEXT,
        }
    ),
    "Live": _object(
        {"build": _MAYBE_TEXT, "presences": _TEXTS, "percent": {"type": ["integer", "null"]}}
    ),
    "Report": _object(
        _REPORT, description="As `skewcheck status --format json` and `gate` write it."
    ),
    "ReportOrProblem": _object({"schema": _ONE}),
    "Environment": _object(
        {
            **_REPORT,
            "trouble": {**_TEXT, "description": "Why the newest survey failed or is late."},
            "last": {
                "type": ["object", "null"],
                "description": "The verdict before the trouble; with trouble it is inconclusive.",
            },
            "rollouts": _list("Rollout"),
            "hold": _of("Hold"),
        }
    ),
    "Environments": _object({"schema": _ONE, "environments": _list("Brief")}),
    "Brief": _object(
        {
            "environment": _TEXT,
            "verdict": {
                "type": ["string", "null"],
                "enum": ["pass", "block", "inconclusive", None],
            },
            "summary": _TEXT,
            "at": _MOMENT,
            "trouble": _TEXT,
            "hold": _of("Hold"),
        }
    ),
    "Hold": {
        "type": ["object", "null"],
        "required": ["who", "why", "at", "until"],
        "properties": {"who": _TEXT, "why": _TEXT, "at": _MOMENT, "until": _MOMENT},
    },
    "Rollout": _object(_ROLLOUT),
    "Rollouts": _object({"schema": _ONE, "rollouts": _list("Rollout")}),
    "GatePayload": {
        "type": "object",
        "properties": {
            "name": _TEXT,
            "namespace": {**_TEXT, "description": "The environment, unless metadata names it."},
            "phase": _TEXT,
            "checksum": _TEXT,
            "metadata": {
                "type": ["object", "null"],
                "properties": {
                    "environment": _TEXT,
                    "candidates": {**_TEXT, "description": "backend=COMMIT,frontend=COMMIT"},
                },
            },
        },
    },
    "Version": _object(
        {
            "source": _TEXT,
            "version": _TEXT,
            "commit": _TEXT,
            "build": _TEXT,
            "environment": _TEXT,
            "protocols": {"type": "array", "items": {"type": "object"}},
        }
    ),
    "Heartbeat": _object(
        {
            "status": {"type": "string", "enum": ["ok", "error"]},
            "checks": {"type": "object"},
            "details": {"type": "object"},
        }
    ),
}
