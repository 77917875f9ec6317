import json
from typing import Any

from inline_snapshot import snapshot

from skewcheck.core.chronicle.account import account_of
from skewcheck.core.chronicle.then import live_at
from skewcheck.render.history import render_history_json, render_records, render_report_json
from tests.core.chronicle.looks import after, stretch
from tests.render.history import pasts
from tests.render.rollout import worlds


def history(hour: float | None = None, **changed: Any) -> dict[str, Any]:
    past = pasts.past(**changed)
    at = None if hour is None else after(hour)
    then = None if at is None else live_at(past.stretches, at)
    read: dict[str, Any] = json.loads(render_history_json(past, moment=at, then=then))
    assert (read["schema"], read["question"], read["environment"]) == (1, "history", "staging")
    return read


def report() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(render_report_json([pasts.account()]))
    assert (read["schema"], read["question"]) == (1, "report")
    (told,) = read["environments"]
    assert isinstance(told, dict)
    return told


def test_a_stretch_has_all_that_was_seen() -> None:
    told = history()
    assert (told["since"], told["until"]) == ("2026-11-23T12:00:00Z", "2026-11-24T12:00:00Z")
    assert told["at"] is None
    assert told["stretches"][1] == snapshot(
        {
            "first": "2026-11-23T13:30:00Z",
            "last": "2026-11-23T16:00:00Z",
            "verdict": "block",
            "services": {
                "backend": [
                    {
                        "build": "9e399e399e399e399e399e399e399e399e399e39",
                        "percent": 100,
                        "presences": ["traffic"],
                    }
                ],
                "frontend": [
                    {
                        "build": "01d001d001d001d001d001d001d001d001d001d0",
                        "percent": None,
                        "presences": ["edge", "page"],
                    },
                    {"build": "", "percent": 10, "presences": ["traffic"]},
                ],
            },
            "pairs": [
                {
                    "link": "chat",
                    "client": "01d001d001d001d001d001d001d001d001d001d0",
                    "server": "9e399e399e399e399e399e399e399e399e399e39",
                    "fit": "no",
                    "percent": 12.5,
                },
                {
                    "link": "chat",
                    "client": "",
                    "server": "9e399e399e399e399e399e399e399e399e399e39",
                    "fit": "unknown",
                    "percent": None,
                },
            ],
            "causes": [
                {"code": "format-skew", "subject": "chat", "severity": "block"},
                {"code": "stale-edge", "subject": "frontend", "severity": "block"},
                {"code": "unreachable", "subject": "api", "severity": "unknown"},
            ],
        }
    )


def test_rollouts_of_the_window_stand_beside_it() -> None:
    assert history()["rollouts"] == snapshot(
        [
            {
                "rollout": "r-20261123-7f3a1b",
                "kind": "redeploy",
                "who": "ada@acme.example",
                "why": "format-skew on chat",
                "at": "2026-11-23T16:00:00Z",
                "last_step": "2026-11-23T16:15:00Z",
                "outcome": "succeeded",
                "services": {
                    "frontend": "9e39e39111111111111111111111111111111111",
                    "backend": "bbbb222333333333333333333333333333333333",
                },
            }
        ]
    )
    unfinished = history(rollouts=(worlds.waiting(),))["rollouts"][0]
    assert (unfinished["outcome"], unfinished["last_step"]) == (None, None)


def test_what_was_over_before_the_window_is_left_out() -> None:
    past = pasts.past(stretch(-5, -1), stretch(1, 2))
    assert len(json.loads(render_history_json(past))["stretches"]) == 1


def test_a_moment_that_somebody_saw() -> None:
    told = history(4)["at"]
    assert told["moment"] == "2026-11-23T16:00:00Z"
    assert told["seen"]["first"] == "2026-11-23T13:30:00Z"
    assert (told["before"], told["after"]) == (None, None)


def test_a_moment_that_nobody_saw_has_its_neighbours() -> None:
    told = history(4.5)["at"]
    assert told["seen"] is None
    assert told["before"]["last"] == "2026-11-23T16:00:00Z"
    assert told["after"]["first"] == "2026-11-23T17:00:00Z"
    assert history(-9)["at"]["before"] is None


def test_sums_are_in_seconds() -> None:
    assert report() == snapshot(
        {
            "environment": "staging",
            "since": "2026-11-23T12:00:00Z",
            "until": "2026-11-24T12:00:00Z",
            "lasted": {
                "skew_s": 9000.0,
                "changing_s": 9000.0,
                "unknown_s": 0.0,
                "clear_s": 36000.0,
                "unseen_s": 32400.0,
            },
            "by_subject": {
                "api": {
                    "skew_s": 0.0,
                    "changing_s": 5400.0,
                    "unknown_s": 9000.0,
                    "clear_s": 39600.0,
                    "unseen_s": 32400.0,
                },
                "chat": {
                    "skew_s": 9000.0,
                    "changing_s": 9000.0,
                    "unknown_s": 0.0,
                    "clear_s": 36000.0,
                    "unseen_s": 32400.0,
                },
                "frontend": {
                    "skew_s": 9000.0,
                    "changing_s": 5400.0,
                    "unknown_s": 0.0,
                    "clear_s": 39600.0,
                    "unseen_s": 32400.0,
                },
            },
            "exposed": [{"link": "chat", "full_s": 1125.0, "unknown_share_s": 5400.0}],
            "incidents": [
                {
                    "first": "2026-11-23T13:30:00Z",
                    "last": "2026-11-23T16:00:00Z",
                    "clear_before": "2026-11-23T13:00:00Z",
                    "mended": "2026-11-23T17:00:00Z",
                    "detected_within_s": 1800.0,
                    "mended_within_s": 12600.0,
                    "causes": [
                        {"code": "format-skew", "subject": "chat"},
                        {"code": "stale-edge", "subject": "frontend"},
                    ],
                }
            ],
            "detected": {"of": 1, "open": 0, "median_s": 1800.0, "worst_s": 1800.0},
            "mended": {"of": 1, "open": 0, "median_s": 12600.0, "worst_s": 12600.0},
            "gates": {"pass": 36, "block": 4, "inconclusive": 0},
            "blocks": [
                {
                    "first": "2026-11-23T14:00:00Z",
                    "last": "2026-11-23T15:00:00Z",
                    "times": 2,
                    "candidates": {"backend": "9e399e399e399e399e399e399e399e399e399e39"},
                    "causes": [{"code": "format-skew", "subject": "chat"}],
                    "became": "mended",
                    "at": "2026-11-23T16:15:00Z",
                    "by": "r-20261123-7f3a1b",
                },
                {
                    "first": "2026-11-23T17:00:00Z",
                    "last": "2026-11-23T17:00:00Z",
                    "times": 1,
                    "candidates": {},
                    "causes": [{"code": "stale-edge", "subject": "frontend"}],
                    "became": "still",
                    "at": None,
                    "by": "",
                },
                {
                    "first": "2026-11-23T18:00:00Z",
                    "last": "2026-11-23T18:00:00Z",
                    "times": 1,
                    "candidates": {"backend": "9e399e399e399e399e399e399e399e399e399e39"},
                    "causes": [],
                    "became": "passed",
                    "at": "2026-11-23T19:00:00Z",
                    "by": "",
                },
            ],
            "let_past": [
                {"who": "ada", "what": "everything", "why": "the board demo", "times": 1},
                {"who": "Bob", "what": "stale-edge on frontend", "why": "known", "times": 2},
            ],
            "rollouts": {"succeeded": 2, "stuck": 1, "unfinished": 1, "rolled-back": 1},
        }
    )


def test_what_has_no_time_is_null() -> None:
    (told,) = json.loads(render_report_json([account_of(pasts.nothing())]))["environments"]
    assert told["detected"] == {"of": 0, "open": 0, "median_s": None, "worst_s": None}
    assert told["lasted"]["unseen_s"] == 24 * 3600


def test_records_are_one_a_line_and_no_terminal_obeys_them() -> None:
    text = render_records([{"why": "first\nline \x1b[2J", "at": "1"}, {"who": "Žofie"}])
    first, second = text.splitlines()
    assert json.loads(first) == {"why": "first\nline \x1b[2J", "at": "1"}
    assert text.isascii()
    assert "\x1b" not in text
    assert json.loads(second) == {"who": "Žofie"}
    assert render_records([]) == ""
