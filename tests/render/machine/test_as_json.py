import json
from typing import Any

from inline_snapshot import snapshot

from skewcheck.core.findings import Code
from skewcheck.core.history import NotInHistory
from skewcheck.core.report import Report
from skewcheck.core.survey import PromiseUnreadable
from skewcheck.render.machine import render_json
from skewcheck.render.machine.observations import rfc3339
from tests.builders import (
    NEW,
    NOW,
    OLD,
    backend,
    candidate,
    commit,
    document,
    frontend,
    lingering,
    origin,
    page,
    plane,
    promise,
    report,
    sources,
    survey,
    unreadable,
)
from tests.render import worlds


def read(*reports: Report) -> Any:
    return json.loads(render_json(reports))


def keys(value: Any) -> Any:
    """The shape of a value: keys, and of a list its first item."""
    match value:
        case dict():
            return {key: keys(each) for key, each in value.items()}
        case [first, *_]:
            return [keys(first)]
        case _:
            return type(value).__name__


def everything() -> Report:
    """One of each kind of value that a report can hold."""
    git = PromiseUnreadable(why="no such ref", fix="git fetch")
    services = (
        frontend(promise=git, page=page(None), lingering=(lingering(),), edge=unreadable()),
        backend(origins=(origin(),), undeclared=("page",), planes=(plane(), unreadable())),
    )
    wanted = (
        candidate(reading=document(NEW)),
        candidate("frontend", NotInHistory("no such commit", "git fetch")),
    )
    seen = survey(*services, candidates=wanted)
    glass = worlds.broken_glass().break_glass
    permissions = worlds.overridden().permissions
    return worlds.gate(seen, strict=True, break_glass=glass, permissions=permissions)


def test_the_keys_are_api() -> None:
    assert keys(read(everything())) == snapshot(
        {
            "schema": "int",
            "tool": {"name": "str", "version": "str"},
            "versions": {"skewcheck": "str"},
            "question": "str",
            "environment": "str",
            "at": "str",
            "strict": "bool",
            "verdict": "str",
            "exit": "int",
            "would": "NoneType",
            "enforce": {"mode": "str", "until": "NoneType"},
            "headline": {
                "summary": "str",
                "finding": {
                    "code": "str",
                    "subject": "str",
                    "severity": "str",
                    "sentence": "str",
                    "evidence": "list",
                    "since": "NoneType",
                    "owner": "str",
                    "fix": "str",
                },
                "safe": "str",
            },
            "next": ["str"],
            "findings": [
                {
                    "code": "str",
                    "subject": "str",
                    "severity": "str",
                    "sentence": "str",
                    "evidence": "list",
                    "since": "NoneType",
                    "owner": "str",
                    "fix": "str",
                }
            ],
            "matrix": [
                {
                    "link": "str",
                    "client": "str",
                    "server": "str",
                    "cells": [
                        {
                            "client": {
                                "build": "NoneType",
                                "presences": ["str"],
                                "percent": "int",
                                "revisions": "list",
                                "why": "str",
                                "since": "NoneType",
                                "until": "NoneType",
                            },
                            "server": {
                                "build": "str",
                                "presences": ["str"],
                                "percent": "int",
                                "revisions": "list",
                                "why": "str",
                                "since": "NoneType",
                                "until": "NoneType",
                            },
                            "fit": "str",
                            "code": "NoneType",
                            "sentence": "str",
                            "assumed": "list",
                            "pre_existing": "bool",
                            "since": "NoneType",
                            "safe_at": "NoneType",
                        }
                    ],
                }
            ],
            "observations": {
                "frontend": {
                    "owner": "str",
                    "promise": {"build": "NoneType", "why": "str", "fix": "str"},
                    "witnesses": ["str"],
                    "undeclared": "list",
                    "control_plane": "list",
                    "origins": "list",
                    "edge": {
                        "read_at": "str",
                        "url": "str",
                        "cause": "str",
                        "detail": "str",
                        "fix": "str",
                    },
                    "beyond": "NoneType",
                    "page": {
                        "read_at": "str",
                        "url": "str",
                        "build": "NoneType",
                        "dirty": "bool",
                        "why_no_build": "str",
                        "required": "list",
                        "missing": "list",
                        "gone": "list",
                        "unread": "list",
                        "age_s": "NoneType",
                        "fresh_for_s": "NoneType",
                        "identified": "NoneType",
                    },
                    "lingering": [{"build": "str", "why": "str", "until": "str"}],
                },
                "backend": {
                    "owner": "str",
                    "promise": {"build": "str", "since": "str", "commit": "NoneType"},
                    "witnesses": ["str"],
                    "undeclared": ["str"],
                    "control_plane": [
                        {
                            "read_at": "str",
                            "url": "str",
                            "service": "str",
                            "region": "str",
                            "settled": "bool",
                            "problem": "str",
                            "internal": "bool",
                            "session_affinity": "bool",
                            "latest_ready": "str",
                            "targets": [
                                {
                                    "revision": "str",
                                    "percent": "int",
                                    "tag": "str",
                                    "url": "str",
                                    "follows_latest": "bool",
                                }
                            ],
                            "revisions": [
                                {
                                    "name": "str",
                                    "created": "str",
                                    "build": "str",
                                    "dirty": "bool",
                                    "named_by": "str",
                                    "image": "str",
                                    "ready": "bool",
                                }
                            ],
                        }
                    ],
                    "origins": [
                        {
                            "revision": "str",
                            "read_at": "str",
                            "url": "str",
                            "build": "str",
                            "dirty": "bool",
                            "convention": "str",
                            "version": "str",
                            "environment": "str",
                            "protocols": "list",
                            "cacheable": "str",
                            "age_s": "NoneType",
                            "identified": "str",
                        }
                    ],
                    "edge": {
                        "read_at": "str",
                        "url": "str",
                        "build": "str",
                        "dirty": "bool",
                        "convention": "str",
                        "version": "str",
                        "environment": "str",
                        "protocols": "list",
                        "cacheable": "str",
                        "age_s": "NoneType",
                        "identified": "str",
                    },
                    "beyond": "NoneType",
                    "page": "NoneType",
                    "lingering": "list",
                },
            },
            "candidates": [
                {
                    "service": "str",
                    "named": "str",
                    "build": "str",
                    "url": "str",
                    "read": {
                        "read_at": "str",
                        "url": "str",
                        "build": "str",
                        "dirty": "bool",
                        "convention": "str",
                        "version": "str",
                        "environment": "str",
                        "protocols": "list",
                        "cacheable": "str",
                        "age_s": "NoneType",
                    },
                }
            ],
            "probes": "NoneType",
            "sources": {
                "file": "str",
                "ref": "str",
                "commit": "str",
                "policy_ref": "str",
                "policy_commit": "str",
                "notes": "list",
            },
            "overrides": [
                {
                    "finding": "str",
                    "subject": "str",
                    "until": "str",
                    "reason": "str",
                    "who": "str",
                    "expired": "bool",
                    "used": "bool",
                }
            ],
            "break_glass": {"why": "str", "until": "str", "who": "str"},
        }
    )


def test_every_observation_of_the_incident_is_there_with_its_time() -> None:
    assert read(worlds.incident())["observations"] == snapshot(
        {
            "frontend": {
                "owner": "web (C012AB)",
                "promise": {
                    "build": "9e39e39e39e39e39e39e39e39e39e39e39e39e39",
                    "since": "2026-11-22T22:10:00Z",
                    "commit": None,
                },
                "witnesses": ["edge", "page"],
                "undeclared": [],
                "control_plane": [],
                "origins": [],
                "edge": {
                    "read_at": "2026-11-23T22:10:00Z",
                    "url": "https://app.staging.acme.example/version.json",
                    "build": "01d01d01d01d01d01d01d01d01d01d01d01d01d0",
                    "dirty": False,
                    "convention": "dockerflow",
                    "version": "",
                    "environment": "",
                    "protocols": [],
                    "cacheable": "",
                    "age_s": 86400,
                    "identified": "01d01d01d01d01d01d01d01d01d01d01d01d01d0",
                },
                "beyond": {
                    "read_at": "2026-11-23T22:10:00Z",
                    "url": "https://app.staging.acme.example/version.json?skewcheck=1",
                    "build": "9e39e39e39e39e39e39e39e39e39e39e39e39e39",
                    "dirty": False,
                    "convention": "dockerflow",
                    "version": "",
                    "environment": "",
                    "protocols": [],
                    "cacheable": "",
                    "age_s": None,
                    "identified": "9e39e39e39e39e39e39e39e39e39e39e39e39e39",
                },
                "page": {
                    "read_at": "2026-11-23T22:10:00Z",
                    "url": "https://app.staging.acme.example/",
                    "build": "01d01d01d01d01d01d01d01d01d01d01d01d01d0",
                    "dirty": False,
                    "why_no_build": "",
                    "required": [],
                    "missing": [],
                    "gone": [],
                    "unread": [],
                    "age_s": 86400,
                    "fresh_for_s": None,
                    "identified": "01d01d01d01d01d01d01d01d01d01d01d01d01d0",
                },
                "lingering": [],
            },
            "backend": {
                "owner": "api",
                "promise": {
                    "build": "9e39e39e39e39e39e39e39e39e39e39e39e39e39",
                    "since": "2026-11-22T22:10:00Z",
                    "commit": None,
                },
                "witnesses": ["control-plane", "edge"],
                "undeclared": [],
                "control_plane": [
                    {
                        "read_at": "2026-11-23T22:10:00Z",
                        "url": "https://acme-api-x.a.run.app",
                        "service": "acme-api",
                        "region": "us-central1",
                        "settled": True,
                        "problem": "",
                        "internal": False,
                        "session_affinity": False,
                        "latest_ready": "acme-api-00002",
                        "targets": [
                            {
                                "revision": "acme-api-00002",
                                "percent": 100,
                                "tag": "",
                                "url": "",
                                "follows_latest": True,
                            }
                        ],
                        "revisions": [
                            {
                                "name": "acme-api-00002",
                                "created": "2026-11-22T22:10:00Z",
                                "build": "9e39e39e39e39e39e39e39e39e39e39e39e39e39",
                                "dirty": False,
                                "named_by": "label commit-sha",
                                "image": "",
                                "ready": True,
                            }
                        ],
                    }
                ],
                "origins": [],
                "edge": {
                    "read_at": "2026-11-23T22:10:00Z",
                    "url": "https://api.staging.acme.example/__version__",
                    "build": "9e39e39e39e39e39e39e39e39e39e39e39e39e39",
                    "dirty": False,
                    "convention": "dockerflow",
                    "version": "",
                    "environment": "",
                    "protocols": [],
                    "cacheable": "",
                    "age_s": None,
                    "identified": "9e39e39e39e39e39e39e39e39e39e39e39e39e39",
                },
                "beyond": None,
                "page": None,
                "lingering": [],
            },
        }
    )


def test_one_report_is_an_object_and_several_are_a_list() -> None:
    alone, both = read(worlds.incident()), read(worlds.incident(), worlds.production())
    assert alone["schema"] == both["schema"] == 1
    assert both["reports"][0] == alone
    assert list(both) == ["schema", "reports"]


def test_observing_tells_the_verdict_that_it_does_not_enforce() -> None:
    seen = read(worlds.observing())
    assert (seen["verdict"], seen["exit"], seen["would"]) == ("block", 0, "block")
    assert seen["enforce"] == {"mode": "observe", "until": "2026-12-31"}
    assert read(worlds.incident())["would"] is None
    assert read(worlds.observing_what_passes())["would"] is None


def test_what_could_not_be_read_has_a_cause_and_nothing_else_has() -> None:
    seen = read(worlds.unknown())["observations"]["backend"]
    assert seen["edge"] == snapshot(
        {
            "read_at": "2026-11-23T22:10:00Z",
            "url": "https://api.staging.acme.example/__version__",
            "cause": "unreachable",
            "detail": "connection refused",
            "fix": "curl -v https://app.staging.acme.example/version.json",
        }
    )
    assert seen["control_plane"][0]["cause"] == Code.UNAUTHORIZED


def test_a_build_that_git_does_not_know_is_not_identified() -> None:
    edge = read(report(survey(builds={})))["observations"]["frontend"]["edge"]
    assert (edge["build"], edge["identified"]) == (str(NEW), None)


def test_a_promise_names_the_commit_that_made_it() -> None:
    made = survey(frontend(promise=promise(OLD, commit=commit())))
    assert read(report(made))["observations"]["frontend"]["promise"] == snapshot(
        {
            "build": "01d01d01d01d01d01d01d01d01d01d01d01d01d0",
            "since": "2026-11-22T22:10:00Z",
            "commit": {
                "sha": "9e39e39e39e39e39e39e39e39e39e39e39e39e39",
                "subject": "Send the token as a subprotocol",
                "author": "Ada",
                "at": "2026-11-22T22:10:00Z",
            },
        }
    )


def test_without_a_manifest_there_are_no_sources() -> None:
    seen = read(worlds.urls())
    assert seen["sources"] is None
    assert seen["observations"]["web"]["promise"] is None


def test_a_file_outside_git_has_no_commit() -> None:
    assert read(report(sources=sources(commit=None)))["sources"]["commit"] is None


def test_the_same_world_is_always_written_the_same() -> None:
    assert render_json([everything()]) == render_json([everything()])


def test_times_are_in_utc() -> None:
    assert rfc3339(NOW) == "2026-11-23T22:10:00Z"
    assert rfc3339(None) is None
