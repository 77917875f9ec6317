"""What was pinned, as people and programs read it."""

import json
from typing import Any

import pytest
from inline_snapshot import snapshot

from skewcheck.core.findings import Code, Severity
from skewcheck.core.gate import judge_gate
from skewcheck.core.judge import Judgement
from skewcheck.core.pinning.edit import Change
from skewcheck.core.pinning.outlook import Outlook
from skewcheck.core.pinning.pinned import Pinned, Proposed
from skewcheck.core.question import Question
from skewcheck.core.survey import ContractAbsent
from skewcheck.render.pin import render_pin
from skewcheck.render.pin_json import render_pin_json
from tests.builders import (
    MANIFEST_COMMIT,
    NEW,
    NEXT,
    NOW,
    OLD,
    candidate,
    commit,
    finding,
    report,
    survey,
)

BRANCH = "skewcheck/pin-staging-0123456"
HOSTILE = "\x1b[2J\u202eevil\n"
DIFF = (
    "--- a/manifests/staging.yaml",
    "+++ b/manifests/staging.yaml",
    "@@ -9,3 +9,3 @@",
    "   frontend:",
    f"-    build: {OLD}",
    f"+    build: {NEW}",
)


def proposed(**changed: Any) -> Proposed:
    said: dict[str, Any] = {"commit": NEXT, "existed": False, "remote": "origin"}
    return Proposed(**(said | changed))


def pinned(**changed: Any) -> Pinned:
    said: dict[str, Any] = {
        "environment": "staging",
        "at": NOW,
        "file": "manifests/staging.yaml",
        "base": MANIFEST_COMMIT,
        "branch": BRANCH,
        "changes": (
            Change(service="frontend", build=NEW, was=OLD, line=9),
            Change(service="api", build=NEXT, was=None, ref="main", paths=("api/**",), line=20),
        ),
        "commits": {"frontend": commit()},
        "diff": DIFF,
        "proposed": proposed(),
    }
    return Pinned(**(said | changed))


def outlook() -> Outlook:
    """The stale edge stays; behind-manifest goes, settling comes; the gate blocks."""
    stale = finding()
    gone = finding(Code.BEHIND_MANIFEST, severity=Severity.NOTICE, sentence=f"runs {OLD}")
    absent = ContractAbsent(why="there is no contracts/chat.yaml", fix="write one")
    looked = survey(candidates=[candidate()], contracts={("chat", "server", NEXT): absent})
    return Outlook(
        before=report(judgement=Judgement(findings=(stale, gone), matrix=())),
        after=report(judgement=Judgement(findings=(stale,), matrix=())),
        gate=report(looked, judge_gate(looked), question=Question.GATE),
    )


def shown(told: Pinned, width: int = 80) -> str:
    return render_pin(told, width=width, colour=False)


def test_a_pin_is_told_with_its_change_and_what_to_do_next() -> None:
    assert shown(pinned()) == snapshot("""\
PINNED  staging  branch skewcheck/pin-staging-0123456 is new (a3c7a3c)
  frontend  01d01d0 → 9e39e39 'Send the token as a subprotocol' by Ada
  api       a3c7a3c; `build` stands in place of `ref: main` and its paths
      api/**: it no longer moves by itself

--- a/manifests/staging.yaml
+++ b/manifests/staging.yaml
@@ -9,3 +9,3 @@
   frontend:
-    build: 01d01d01d01d01d01d01d01d01d01d01d01d01d0
+    build: 9e39e39e39e39e39e39e39e39e39e39e39e39e39

what to do next:
  git push origin skewcheck/pin-staging-0123456
""")


def test_what_it_would_do_is_told_from_now_to_the_gate() -> None:
    told = shown(pinned(changes=(), diff=(), outlook=outlook()))
    assert told == snapshot("""\
NOTHING TO DO  staging  manifests/staging.yaml promises that already

what it would do:
  now          BLOCK  1 finding blocks, 1 notice  (exit 10)
  once merged  BLOCK  1 finding blocks  (exit 10)
  gate         INCONCLUSIVE  1 unknown, 1 notice: nobody can say that it is safe
               (exit 11)

contracts:
  - no contract of chat for the server: there is no contracts/chat.yaml

findings that go:
  notice   behind-manifest  frontend  runs 01d01d0

what the gate would say:
  unknown  contract-missing  chat  a3c7a3c: there is no contracts/chat.yaml

no WebSocket was opened: the gate of a deploy opens them too

what to do next:
  git push origin skewcheck/pin-staging-0123456
""")


@pytest.mark.parametrize(
    ("changed", "head"),
    [
        pytest.param({"proposed": None}, "DRY RUN  staging  nothing is committed", id="dry run"),
        pytest.param(
            {"proposed": None, "changes": ()}, "NOTHING TO DO  staging  manifests/", id="no change"
        ),
        pytest.param(
            {"proposed": proposed(existed=True)},
            f"PINNED  staging  branch {BRANCH} is there already",
            id="asked twice",
        ),
    ],
)
def test_the_first_line_says_what_happened(changed: dict[str, Any], head: str) -> None:
    assert shown(pinned(**changed), width=120).startswith(head)


def test_without_a_remote_the_branch_is_merged_here() -> None:
    assert f"git merge {BRANCH}" in shown(pinned(proposed=proposed(remote="")))
    assert "what to do next" not in shown(pinned(proposed=None))


def test_a_line_of_the_diff_is_never_wrapped() -> None:
    long = "+" + "x" * 200
    assert long in shown(pinned(diff=(long,)), width=60).splitlines()


def test_colours_are_those_of_a_diff() -> None:
    coloured = render_pin(pinned(outlook=outlook()), width=80, colour=True)
    assert "\x1b[32m+    build" in coloured
    assert "\x1b[31m-    build" in coloured
    assert "\x1b[1m+++ b/" in coloured


def test_hostile_texts_are_shown_and_not_obeyed() -> None:
    told = pinned(
        changes=(Change(service="frontend", build=NEW, was=None, ref=HOSTILE, line=9),),
        commits={"frontend": commit(NEW, HOSTILE)},
        diff=(f"+{HOSTILE}",),
        branch=HOSTILE,
        outlook=outlook(),
    )
    assert not {"\x1b", "\u202e"} & set(shown(told))
    assert not {"\x1b", "\u202e"} & set(render_pin_json(told))


def test_programs_read_full_names() -> None:
    told = json.loads(render_pin_json(pinned(outlook=outlook())))
    assert (told["schema"], told["question"], told["commit"], told["existed"]) == (
        1,
        "pin",
        str(NEXT),
        False,
    )
    first, second = told["changes"]
    assert (first["build"], first["was"], first["commit"]["author"]) == (str(NEW), str(OLD), "Ada")
    assert (second["was"], second["ref"], second["paths"]) == (None, "main", ["api/**"])
    assert second["commit"] is None
    assert told["diff"].splitlines() == list(DIFF)
    seen = told["outlook"]
    assert [each["code"] for each in seen["goes"]] == ["behind-manifest"]
    assert seen["comes"] == []
    assert seen["status"]["before"]["verdict"] == seen["status"]["after"]["verdict"] == "block"
    assert (seen["gate"]["exit"], len(seen["notes"])) == (11, 1)
    assert [each["code"] for each in seen["gate"]["findings"]] == ["contract-missing"]
    assert told["next"] == [f"git push origin {BRANCH}"]


def test_programs_read_of_a_dry_run_that_nothing_was_committed() -> None:
    told = json.loads(render_pin_json(pinned(proposed=None)))
    assert (told["commit"], told["outlook"], told["next"]) == (None, None, [])
