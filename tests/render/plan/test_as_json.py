# ruff: noqa: E501 - goldens are as wide as what they pin

import json

from inline_snapshot import snapshot

from skewcheck.core.plan.plan import Answer, Plan
from skewcheck.render.plan import render_plan_json
from tests.render.plan import worlds


def test_a_program_gets_all_that_a_person_reads() -> None:
    told = json.loads(render_plan_json(worlds.view(worlds.waived(), next=("run it",))))
    assert told == snapshot(
        {
            "schema": 1,
            "question": "plan",
            "environment": "staging",
            "at": "2026-11-23T22:10:00Z",
            "digest": "5f3c0de5f3c0de01",
            "expires": "2026-11-23T22:25:00Z",
            "going_back": False,
            "answer": "safe",
            "exit": 0,
            "summary": "2 services in 2 waves, at least 5 min, waits included",
            "seconds": 300.0,
            "critical": ["frontend", "backend"],
            "services": [
                {
                    "service": "frontend",
                    "serving": ["01d01d0000000000000000000000000000000000"],
                    "at_edge": ["01d01d0000000000000000000000000000000000"],
                    "lingering": [],
                    "target": "9e39e39111111111111111111111111111111111",
                    "means": "trigger deploy-web",
                    "by_trigger": True,
                    "last_took_s": 240.0,
                    "previous": "01d01d0000000000000000000000000000000000",
                    "client_lingers_s": 43200.0,
                },
                {
                    "service": "backend",
                    "serving": ["aaaa111222222222222222222222222222222222"],
                    "at_edge": [],
                    "lingering": [],
                    "target": "bbbb222333333333333333333333333333333333",
                    "means": "image us-docker.pkg.dev/acme/api:{build}",
                    "by_trigger": False,
                    "last_took_s": None,
                    "previous": "",
                    "client_lingers_s": 0.0,
                },
            ],
            "links": [{"link": "chat", "client": "frontend", "server": "backend"}],
            "waves": [
                {
                    "wave": 1,
                    "waits": [],
                    "moves": [
                        {
                            "service": "frontend",
                            "build": "9e39e39111111111111111111111111111111111",
                            "away": ["01d01d0000000000000000000000000000000000"],
                            "invalidates": True,
                            "narrows": False,
                        }
                    ],
                    "sticky": [],
                    "exposes": [],
                    "mends": [
                        {
                            "link": "chat",
                            "client": "frontend",
                            "client_build": "01d01d0000000000000000000000000000000000",
                            "server": "backend",
                            "server_build": "aaaa111222222222222222222222222222222222",
                            "fit": "no",
                            "sentence": "both say 2.1, but the format differs",
                        }
                    ],
                    "undo": {"at_once_from_wave": 1, "first_gone": []},
                },
                {
                    "wave": 2,
                    "waits": [
                        {
                            "service": "frontend",
                            "builds": ["01d01d0000000000000000000000000000000000"],
                            "seconds": 0.0,
                            "pairs": [
                                {
                                    "link": "chat",
                                    "client": "frontend",
                                    "client_build": "01d01d0000000000000000000000000000000000",
                                    "server": "backend",
                                    "server_build": "bbbb222333333333333333333333333333333333",
                                    "fit": "no",
                                    "sentence": "client speaks 2.1, server accepts >=3",
                                }
                            ],
                            "waiver": {"who": "ada@acme.example", "reason": "chat is down for all"},
                            "accepts": "every tab of frontend 01d01d0 that is still open, up to 12 h",
                            "accepts_s": 43200.0,
                        }
                    ],
                    "moves": [
                        {
                            "service": "backend",
                            "build": "bbbb222333333333333333333333333333333333",
                            "away": ["aaaa111222222222222222222222222222222222"],
                            "invalidates": False,
                            "narrows": False,
                        }
                    ],
                    "sticky": [],
                    "exposes": [
                        {
                            "link": "chat",
                            "client": "frontend",
                            "client_build": "01d01d0000000000000000000000000000000000",
                            "server": "backend",
                            "server_build": "bbbb222333333333333333333333333333333333",
                            "fit": "no",
                            "sentence": "client speaks 2.1, server accepts >=3",
                        }
                    ],
                    "mends": [],
                    "undo": {"at_once_from_wave": 1, "first_gone": []},
                },
            ],
            "arcs": [
                {
                    "before": "frontend",
                    "after": "backend",
                    "kind": "client first",
                    "wait_s": 43200.0,
                    "pair": {
                        "link": "chat",
                        "client": "frontend",
                        "client_build": "01d01d0000000000000000000000000000000000",
                        "server": "backend",
                        "server_build": "bbbb222333333333333333333333333333333333",
                        "fit": "no",
                        "sentence": "client speaks 2.1, server accepts >=3",
                    },
                }
            ],
            "broken_now": [
                {
                    "link": "chat",
                    "client": "frontend",
                    "client_build": "01d01d0000000000000000000000000000000000",
                    "server": "backend",
                    "server_build": "aaaa111222222222222222222222222222222222",
                    "fit": "no",
                    "sentence": "both say 2.1, but the format differs",
                    "mended_in_wave": 1,
                    "outlives": True,
                }
            ],
            "broken_after": [],
            "outlives": [
                {
                    "link": "chat",
                    "client": "frontend",
                    "client_build": "01d01d0000000000000000000000000000000000",
                    "server": "backend",
                    "server_build": "aaaa111222222222222222222222222222222222",
                    "fit": "no",
                    "sentence": "both say 2.1, but the format differs",
                }
            ],
            "too_long": [],
            "deadlocks": [],
            "next": ["run it"],
        }
    )


def test_a_deadlock_keeps_its_proof() -> None:
    told = json.loads(render_plan_json(worlds.view(worlds.deadlocked())))
    assert told["deadlocks"] == snapshot(
        [
            {
                "members": ["backend", "frontend"],
                "cycle": [
                    {
                        "before": "frontend",
                        "after": "backend",
                        "kind": "client first",
                        "wait_s": 43200.0,
                        "pair": {
                            "link": "chat",
                            "client": "frontend",
                            "client_build": "01d01d0000000000000000000000000000000000",
                            "server": "backend",
                            "server_build": "bbbb222333333333333333333333333333333333",
                            "fit": "no",
                            "sentence": "client speaks 2.1, server accepts >=3",
                        },
                    },
                    {
                        "before": "backend",
                        "after": "frontend",
                        "kind": "server first",
                        "wait_s": 0.0,
                        "pair": {
                            "link": "chat",
                            "client": "frontend",
                            "client_build": "9e39e39111111111111111111111111111111111",
                            "server": "backend",
                            "server_build": "aaaa111222222222222222222222222222222222",
                            "fit": "no",
                            "sentence": "client speaks 3.0, server accepts >=2,<3",
                        },
                    },
                ],
                "fixes": [
                    {
                        "kind": "widen server",
                        "service": "backend",
                        "told": "let bbbb222 keep accepting 2.1",
                    },
                    {
                        "kind": "window",
                        "service": "frontend",
                        "told": "move both at once; connects fail",
                    },
                ],
                "bridges": ["backend"],
                "exact": True,
            }
        ]
    )
    assert (told["answer"], told["exit"], told["seconds"]) == ("no safe order", 10, None)


def test_a_service_without_means_has_empty_ones() -> None:
    plan = Plan(answer=Answer.SAFE)
    told = json.loads(render_plan_json(worlds.view(plan, services={}, expires=None)))
    assert told["expires"] is None
    assert [(each["means"], each["by_trigger"]) for each in told["services"]] == [
        ("", False), ("", False),
    ]  # fmt: skip
