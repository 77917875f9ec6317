# ruff: noqa: E501 - goldens are as wide as what they pin

import json

from inline_snapshot import snapshot

from skewcheck.render.rollout import render_entry_json, render_rollout_json, render_rollouts_json
from tests.render.rollout import worlds


def test_a_program_gets_all_that_a_person_reads() -> None:
    assert json.loads(render_rollout_json(worlds.stuck())) == snapshot(
        {
            "schema": 1,
            "question": "rollout",
            "rollout": "r-20261123-0badc0",
            "environment": "staging",
            "kind": "redeploy",
            "who": "ada@acme.example",
            "why": "format-skew on chat",
            "at": "2026-11-23T22:10:00Z",
            "digest": "5f3c0de5f3c0de01",
            "manifest_commit": "c0ffeec444444444444444444444444444444444",
            "policy_commit": "d00dfee555555555555555555555555555555555",
            "resumes": "r-20261122-aaaaaa",
            "services": [
                {
                    "service": "frontend",
                    "serving": ["01d01d0000000000000000000000000000000000"],
                    "target": "9e39e39111111111111111111111111111111111",
                    "image": "",
                    "trigger": "deploy-web",
                    "places": [],
                },
                {
                    "service": "backend",
                    "serving": ["aaaa111222222222222222222222222222222222"],
                    "target": "bbbb222333333333333333333333333333333333",
                    "image": "us-docker.pkg.dev/acme/api:bbbb222",
                    "trigger": "",
                    "places": [
                        {"project": "acme-staging", "region": "us-central1", "service": "acme-api"}
                    ],
                },
            ],
            "outcome": "stuck",
            "exit": 12,
            "status": "the way back failed 3 times",
            "steps": [
                {
                    "step": "claim backend/0",
                    "at": "2026-11-23T22:10:05Z",
                    "mark": "ok",
                    "ok": True,
                    "cancelled": False,
                    "told": "backend is claimed until 2026-11-23 22:40 UTC",
                    "evidence": [],
                    "url": "",
                },
                {
                    "step": "shift backend/0 in wave 2",
                    "at": "2026-11-23T22:13:00Z",
                    "mark": "FAILED",
                    "ok": False,
                    "cancelled": False,
                    "told": "backend: somebody else has moved the traffic meanwhile",
                    "evidence": ["acme-api-00009 has 100%"],
                    "url": "",
                },
                {
                    "step": "wait frontend in wave 2",
                    "at": "2026-11-23T22:10:05Z",
                    "mark": "cancelled",
                    "ok": False,
                    "cancelled": True,
                    "told": "bob@acme.example cancelled it",
                    "evidence": [],
                    "url": "",
                },
            ],
            "remains": ["traffic of acme-api@us-central1 stays pinned"],
            "by_hand": [
                "gcloud run services update-traffic acme-api --project=acme-staging --region=us-central1 --to-revisions=acme-api-00001=100"
            ],
        }
    )


def test_an_unfinished_rollout_has_neither_outcome_nor_exit() -> None:
    told = json.loads(render_rollout_json(worlds.waiting()))
    assert (told["outcome"], told["exit"], told["steps"]) == (None, None, [])


def test_a_list_has_each_rollout_in_full() -> None:
    told = json.loads(render_rollouts_json([worlds.waiting(), worlds.succeeded()]))
    assert (told["schema"], told["question"]) == (1, "rollouts")
    assert [each["outcome"] for each in told["rollouts"]] == [None, "succeeded"]
    assert [len(each["steps"]) for each in told["rollouts"]] == [0, 2]


def test_a_program_follows_a_rollout_line_by_line() -> None:
    text = render_entry_json(worlds.CREATED)
    assert text.count("\n") == 1
    assert json.loads(text) == snapshot(
        {
            "schema": 1,
            "step": "create backend/0",
            "at": "2026-11-23T22:11:01Z",
            "mark": "ok",
            "ok": True,
            "cancelled": False,
            "told": "acme-api-bbbb22-7f3a1b is ready and takes no traffic",
            "evidence": ["operations/4711"],
            "url": "https://r-7f3a1b---acme-api.a.run.app",
        }
    )
