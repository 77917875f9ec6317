# ruff: noqa: E501 - goldens are as wide as what they pin

import json
from typing import Any

from inline_snapshot import snapshot

from skewcheck.core.diagnosis.values import Diagnosis
from skewcheck.core.report import Report
from skewcheck.render.machine import render_json
from skewcheck.render.machine.diagnosis import render_diagnosis_json
from tests.builders import report
from tests.render import probe_worlds as worlds
from tests.render import worlds as other_worlds
from tests.render.probe_worlds import diagnosed, diagnosis


def read(*diagnoses: Diagnosis, seen: Report | None = None) -> Any:
    return json.loads(render_diagnosis_json(seen or diagnosed(), diagnoses))


def test_the_keys_are_api() -> None:
    told = read(worlds.incident_diagnosis(logs=("22:09:51 closing",), findings=()))
    del told["probes"]
    assert told == snapshot(
        {
            "schema": 1,
            "tool": {"name": "skewcheck", "version": "0.1.0"},
            "versions": {"skewcheck": "0.1.0"},
            "question": "diagnose",
            "environment": "staging",
            "at": "2026-11-23T22:10:00Z",
            "diagnoses": [
                {
                    "link": "chat",
                    "client": "frontend",
                    "server": "backend",
                    "verdict": "pass",
                    "exit": 0,
                    "symptom": {
                        "told": 'the server closed with 1000 "main cleanup" 0.89 s after the upgrade, before any welcome (8 of 8 handshakes at the edge, in the format of 01d01d0, served by the page)',
                        "code": "closed-before-welcome",
                        "evidence": [],
                    },
                    "whys": [
                        {
                            "told": "backend 9e39e39 does not read what frontend 01d01d0 sends: both say 2.1, but the format differs: client sha256:01d001d0, server sha256:9e399e39",
                            "code": "format-skew",
                            "evidence": [
                                "the contract changed in 9e39e39 'Send the token base64url-encoded' by Grace",
                                "stale hop: the edge",
                            ],
                        },
                        {
                            "told": "users still get 01d01d0, though something newer runs behind the edge",
                            "code": None,
                            "evidence": [],
                        },
                    ],
                    "causes": [
                        {
                            "kind": "a place",
                            "told": "the edge serves 01d01d0 (version document and page), but behind it runs 9e39e39",
                            "code": "stale-edge",
                            "owner": "web (C012AB)",
                            "fix": "gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/",
                        }
                    ],
                    "excluded": [
                        "name, connection, HTTP answer, upgrade, subprotocol: passed",
                        "the server as a whole: the format of 9e39e39 is welcomed at the edge, 5 of 5 times",
                    ],
                    "masked": ["events"],
                    "logs": ["22:09:51 closing"],
                    "next": [
                        "gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/"
                    ],
                    "findings": [],
                }
            ],
            "sources": {
                "file": "manifests/staging.yaml",
                "ref": "HEAD",
                "commit": "c0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ff",
                "policy_ref": "origin/main",
                "policy_commit": "c0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ff",
                "notes": [],
            },
            "overrides": [],
            "break_glass": None,
        }
    )


def test_each_link_has_its_own_verdict_and_exit_code() -> None:
    told = read(worlds.incident_diagnosis(), worlds.unknown_diagnosis(), diagnosis(link="notify"))
    verdicts = [(each["link"], each["verdict"], each["exit"]) for each in told["diagnoses"]]
    assert verdicts == [("chat", "block", 10), ("chat", "inconclusive", 11), ("notify", "pass", 0)]
    assert told["diagnoses"][2]["symptom"] is None


def test_findings_and_probes_have_the_same_shape_as_in_every_report() -> None:
    seen = worlds.incident_probed()
    whole = json.loads(render_json([seen]))
    told = read(diagnosis(findings=seen.findings), seen=seen)
    assert told["diagnoses"][0]["findings"] == whole["findings"]
    assert told["probes"] == whole["probes"]


def test_a_cause_without_a_code_has_null() -> None:
    (told,) = read(worlds.open_diagnosis())["diagnoses"]
    assert [each["code"] for each in told["causes"]] == [None, "closed-before-welcome"]


def test_who_lets_what_past_is_said_here_too() -> None:
    told = read(diagnosis(), seen=other_worlds.broken_glass())
    assert told["break_glass"]["who"] == "ada@acme.example"
    assert read(diagnosis(), seen=report())["probes"] is None
