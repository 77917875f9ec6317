# ruff: noqa: E501 - goldens are as wide as what they pin

import json
from typing import Any

from inline_snapshot import snapshot

from skewcheck.core.report import Report
from skewcheck.render.machine import render_json
from tests.builders import report, unreadable
from tests.render import probe_worlds as worlds
from tests.render.probe_worlds import holding, incident_link, link, probe_report, rated, refused


def read(seen: Report) -> Any:
    return json.loads(render_json([seen]))["probes"]


def test_a_report_without_probes_has_null() -> None:
    assert read(report()) is None


def test_the_keys_are_api() -> None:
    (told,) = read(probe_report(incident_link()))["links"]
    told["probed"] = told["probed"][:1]
    told["probed"][0]["ladder"] = told["probed"][0]["ladder"][-2:]
    told["probed"][0]["probe_ids"] = told["probed"][0]["probe_ids"][:1]
    assert told == snapshot(
        {
            "link": "chat",
            "client": "frontend",
            "server": "backend",
            "owner": "web (C012AB)",
            "probed": [
                {
                    "format": {
                        "fingerprint": "sha256:01d001d001d001d001d001d001d001d001d001d001d001d001d001d001d001d0",
                        "version": "2.1",
                        "builds": ["01d01d01d01d01d01d01d01d01d01d01d01d01d0"],
                        "why": "served by the page",
                        "candidate": False,
                        "live": True,
                    },
                    "target": {
                        "place": "edge",
                        "url": "https://api.staging.acme.example/ws",
                        "revision": "",
                        "build": "",
                    },
                    "variant": "as a browser",
                    "state": "fails",
                    "word": "fails",
                    "held": 0,
                    "tried": 8,
                    "took_s": 0.94,
                    "ladder": [
                        {
                            "rung": "welcome",
                            "state": "failed",
                            "told": 'the server closed with 1000 "main cleanup" 0.89 s after the upgrade, before any welcome',
                            "code": "closed-before-welcome",
                            "evidence": [],
                        },
                        {
                            "rung": "events",
                            "state": "masked",
                            "told": 'masked by welcome: the server closed with 1000 "main cleanup" 0.89 s after the upgrade, before any welcome',
                            "code": None,
                            "evidence": [],
                        },
                    ],
                    "probe_ids": ["0123456789ab"],
                }
            ],
            "rates": [
                {
                    "format": {
                        "fingerprint": "sha256:9e399e399e399e399e399e399e399e399e399e399e399e399e399e399e399e39",
                        "version": "2.1",
                        "builds": ["9e39e39e39e39e39e39e39e39e39e39e39e39e39"],
                        "why": "served by the page",
                        "candidate": False,
                        "live": True,
                    },
                    "target": {
                        "place": "edge",
                        "url": "https://api.staging.acme.example/ws",
                        "revision": "",
                        "build": "",
                    },
                    "wanted": 0.9,
                    "successes": 35,
                    "tried": 35,
                    "answer": "above",
                    "sentence": "35 of 35 handshakes held (100.0 %), surely more than 90 %: between 90.0 % and 100.0 %",
                    "failures": {},
                }
            ],
            "doubts": [
                {"what": "not-comparable", "why": "no way past the edge for all of it", "fix": ""}
            ],
            "no_origin": "",
            "health": {
                "read_at": "2026-11-23T22:10:00Z",
                "url": "https://api.staging.acme.example/__heartbeat__",
                "status": 503,
                "states": [
                    {"name": "supervisor", "state": "available", "said": "ok"},
                    {"name": "threads", "state": "unavailable", "said": "down"},
                    {"name": "queue", "state": "unsaid", "said": ""},
                ],
            },
            "said_environment": "",
            "logs": [
                {
                    "at": "2026-11-23T22:09:51Z",
                    "by": "acme-api/acme-api-00002",
                    "severity": "WARNING",
                    "text": "websocket: closing 1000 main cleanup",
                    "probe_id": "0123456789ab",
                }
            ],
            "no_logs": "the load balancer's are not there yet",
        }
    )


def test_the_probes_say_when_and_against_which_target() -> None:
    told = read(probe_report())
    assert told == {"at": "2026-11-23T22:10:00Z", "success_target": 0.9, "links": []}


def test_a_negative_control_that_fails_was_refused() -> None:
    (told,) = read(probe_report(link(refused())))["links"][0]["probed"]
    assert (told["state"], told["word"], told["held"], told["tried"]) == ("fails", "refused", 0, 1)


def test_health_that_could_not_be_read_has_a_cause() -> None:
    (told,) = read(probe_report(link(holding(), health=unreadable())))["links"]
    assert told["health"]["cause"] == "unreachable"
    assert read(probe_report(link()))["links"][0]["health"] is None


def test_a_rate_says_what_failed_how_often() -> None:
    failed = rated(30, failures=(("welcome-missing", 5),))
    (told,) = read(probe_report(link(rated=(failed,))))["links"][0]["rates"]
    assert told["failures"] == {"welcome-missing": 5}
    assert (told["successes"], told["tried"], told["wanted"]) == (30, 35, 0.9)


def test_every_probe_can_be_found_in_the_log_by_its_id() -> None:
    (told,) = read(probe_report(link(worlds.failing(3))))["links"][0]["probed"]
    assert told["probe_ids"] == ["0123456789ab"] * 3
