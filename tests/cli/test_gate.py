"""What a build step may get wrong, and what a person may let past: told, recorded, expiring."""

import json
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Live, codes_of, told
from tests.programs import run_here

UNKNOWN = "de" * 20
WHY = ("--override", "the board demo; 2999-12-31")


def broken_glass(state: Path) -> list[dict[str, object]]:
    with closing(sqlite3.connect(state / "audit.db")) as db:
        rows = db.execute("SELECT record FROM skewcheck_audit ORDER BY id").fetchall()
    records = [json.loads(record) for (record,) in rows]
    return [record for record in records if record["event"] == "break-glass"]


@pytest.mark.parametrize(
    ("candidates", "words"),
    [
        pytest.param(["api="], "is empty", id="an empty substitution"),
        pytest.param(["api= "], "is empty", id="a blank one"),
        pytest.param(["=abcdef1"], "is empty", id="no service"),
        pytest.param(["api"], "is empty", id="no commit at all"),
        pytest.param(["api=$COMMIT_SHA"], "is not a commit", id="an unset substitution"),
        pytest.param(["api=${COMMIT_SHA}"], "is not a commit", id="in braces"),
        pytest.param(["api=-x"], "is not a commit", id="an option"),
        pytest.param(["api=main", "api=HEAD"], "named twice", id="twice the same"),
        pytest.param(["api=main@"], "not a URL", id="an empty URL"),
        pytest.param(["api=main@ftp://x"], "not a URL", id="no web address"),
        pytest.param(["api=main@https://"], "not a URL", id="no host"),
        pytest.param(["api=main@http://[::1"], "not a URL", id="half an IPv6 address"),
    ],
)
def test_a_candidate_that_is_none_is_a_mistake(
    live: Live, candidates: list[str], words: str
) -> None:
    flags = [word for each in candidates for word in ("--candidate", each)]
    ended = live.ask("gate", *flags)
    assert (ended.code, ended.out) == (2, "")
    assert "--candidate" in ended.err
    assert words in ended.err


@pytest.mark.parametrize(
    ("named", "words"), [("apy", "did you mean `api`?"), ("backend", "it has api, web")]
)
def test_a_candidate_of_no_service_names_the_near_miss(live: Live, named: str, words: str) -> None:
    ended = live.ask("gate", "--candidate", f"{named}=main")
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err.replace("web, api", "api, web")


@pytest.mark.parametrize("named", ["nowhere", "a..b", "@{u}", "main~1000", "HEAD^{tree}"])
def test_a_candidate_that_names_no_commit_is_a_mistake(live: Live, named: str) -> None:
    ended = live.ask("gate", "--candidate", f"api={named}")
    assert (ended.code, ended.out) == (2, "")
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("named", ["deadbee", "de" * 20])
def test_a_commit_that_git_does_not_know_is_inconclusive(live: Live, named: str) -> None:
    ended = live.ask("gate", "--candidate", f"api={named}", "--format", "json")
    assert ended.code == 11
    assert "build-not-in-repository" in codes_of(ended, "unknown")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "why",
        "why;",
        "; 2999-12-31",
        "why; tomorrow",
        "why; 2999-13-01",
        "why; 2999-W01-1",
        "why; 29990101",
        "why; 2020-01-01",
    ],
)
def test_an_override_without_a_reason_or_a_day_to_come_is_a_mistake(
    live: Live, tmp_path: Path, text: str
) -> None:
    ended = live.ask("gate", "--override", text, SKEWCHECK_STATE_DIR=str(tmp_path / "state"))
    assert (ended.code, ended.out) == (2, "")
    assert '"why; YYYY-MM-DD"' in ended.err
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("words", [["--retry-while-unknown", "-1"], ["--retry-interval", "10"]])
def test_a_number_that_is_none_is_a_mistake(live: Live, words: list[str]) -> None:
    assert live.ask("gate", *words).code == 2


def test_breaking_the_glass_is_printed_and_recorded_and_changes_no_verdict(
    live: Live, tmp_path: Path
) -> None:
    candidate = ("--candidate", f"api={UNKNOWN}")
    state = {"SKEWCHECK_STATE_DIR": str(tmp_path / "state"), "USER": "ada"}
    ended = live.ask("gate", *candidate, *WHY, "--format", "json", **state)
    report = told(ended)
    assert (ended.code, report["verdict"], report["exit"]) == (0, "inconclusive", 0)
    assert report["break_glass"]["why"] == "the board demo"
    assert report["break_glass"]["who"].startswith("ada@")
    (record,) = broken_glass(tmp_path / "state")
    assert (record["schema"], record["environment"]) == (1, "staging")
    assert (record["verdict"], record["candidates"]) == ("inconclusive", {"api": UNKNOWN})
    assert record["who"] == report["break_glass"]["who"]
    mode = stat.S_IMODE((tmp_path / "state" / "audit.db").stat().st_mode)
    assert mode == 0o600
    again = live.ask("gate", *WHY, **state)
    assert "the board demo" in again.out
    assert len(broken_glass(tmp_path / "state")) == 2


def test_what_cannot_be_recorded_lets_nothing_past(live: Live, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    ended = live.ask("gate", *WHY, SKEWCHECK_STATE_DIR=str(blocked / "state"))
    assert (ended.code, ended.out) == (1, "")
    assert "next: " in ended.err


def test_an_audit_trail_that_cannot_be_opened_lets_nothing_past(live: Live, tmp_path: Path) -> None:
    """The rest of the state works, so that only the record itself fails."""
    (tmp_path / "audit.db").mkdir()
    ended = live.ask("gate", *WHY, SKEWCHECK_STATE_DIR=str(tmp_path))
    assert (ended.code, ended.out) == (1, "")
    assert "cannot use the audit trail" in ended.err


def test_a_candidate_that_is_live_already_passes(live: Live) -> None:
    ended = live.ask("gate", "--candidate", f"api={live.head}")
    assert (ended.code, ended.err) == (0, "")


def test_the_identity_of_a_machine_without_a_user_name_is_still_told(
    live: Live, tmp_path: Path
) -> None:
    where = ("--repo", str(live.repository.path))
    env = {**live.env, "SKEWCHECK_STATE_DIR": str(tmp_path), "USER": "", "LOGNAME": ""}
    run_here("gate", "staging", *where, *WHY, env=env)
    assert str(broken_glass(tmp_path)[0]["who"]).endswith(f"@{os.uname().nodename}")
