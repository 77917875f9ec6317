"""`pin` on the demo's world: promises on a branch, what they would do, and mistakes."""

import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Live
from tests.cli.desk import Desk, document
from tests.programs import Ended

AUTHOR = {
    f"GIT_{role}_{field}": value
    for role in ("AUTHOR", "COMMITTER")
    for field, value in (("NAME", "Ada"), ("EMAIL", "ada@acme.example"))
}


def git(desk: Desk, *words: str) -> str:
    return subprocess.run(
        ["git", *words],
        cwd=desk.stage.world.repository,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


def pin(desk: Desk, *words: str, **env: str) -> Ended:
    return desk.run("pin", "staging", *words, **{**AUTHOR, **env})


def test_a_pin_is_committed_and_what_it_would_do_is_told(desk: Desk) -> None:
    """The old frontend is promised: that alone breaks nothing, and its deploy would."""
    old, new = desk.stage.world.history.old, desk.stage.world.history.new_frontend
    head, files = git(desk, "rev-parse", "HEAD"), git(desk, "status", "--porcelain")
    ended = pin(desk, f"frontend={old[:8]}", COLUMNS="80")
    assert (ended.code, ended.err) == (0, "")
    branch = ended.out.partition("branch ")[2].split()[0]
    change = git(desk, "diff", "--unified=0", "HEAD", branch).splitlines()[5:]
    # Quoted as it was: only where YAML would read a number.
    assert [line.replace('"', "") for line in change] == [
        f"-    build: {new}",
        f"+    build: {old}",
    ]
    assert change[0].count('"') == change[1].count('"')
    assert (git(desk, "rev-parse", "HEAD"), git(desk, "status", "--porcelain")) == (head, files)
    assert git(desk, "log", "--format=%an %P", "-1", branch) == f"Ada {head}"
    for told in change:
        assert told in ended.out.splitlines()
    assert "gate         BLOCK" in ended.out
    assert "format-skew" in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80
    again = pin(desk, f"frontend={old}")
    assert again.code == 0
    assert "is there already, with the same content" in " ".join(again.out.split())
    git(desk, "branch", "-D", branch)


def test_the_branch_says_of_itself_what_was_foretold(desk: Desk) -> None:
    build = desk.stage.world.history.next_protocol
    told = document(pin(desk, f"backend={build}", "--branch", "foretold", "--format", "json"))
    seen = document(desk.run("status", "staging", "--ref", "foretold", "--format", "json"))
    foretold = told["outlook"]["status"]["after"]
    assert (foretold["verdict"], foretold["exit"]) == (seen["verdict"], seen["exit"])
    gate = document(
        desk.run(
            *("gate", "staging", "--candidate", f"backend={build}", "--no-probe"),
            *("--ref", "foretold", "--format", "json"),
        )
    )
    assert (told["outlook"]["gate"]["verdict"], gate["verdict"]) == ("block", "block")
    assert {each["code"] for each in told["outlook"]["gate"]["findings"]} <= {
        each["code"] for each in gate["findings"]
    }
    git(desk, "branch", "-D", "foretold")


def test_a_dry_run_leaves_no_branch_and_no_object(desk: Desk) -> None:
    objects, refs = git(desk, "count-objects"), git(desk, "for-each-ref")
    ended = desk.run("pin", "staging", f"backend={desk.stage.world.history.old}", "--dry-run")
    assert (ended.code, ended.out.startswith("DRY RUN  staging")) == (0, True)
    assert (git(desk, "count-objects"), git(desk, "for-each-ref")) == (objects, refs)


def test_what_is_live_can_be_promised(desk: Desk) -> None:
    old = desk.stage.world.history.old
    desk.stage.world.deploy_backend(old)
    told = document(pin(desk, "backend=live", "--dry-run", "--format", "json"))
    assert [each["build"] for each in told["changes"]] == [old]
    assert told["commit"] is None


def test_a_machine_without_credentials_pins_what_it_cannot_judge(desk: Desk) -> None:
    build = f"backend={desk.stage.world.history.old}"
    ended = pin(desk, build, "--dry-run", SKEWCHECK_GCP_ENDPOINT="")
    assert (ended.code, ended.err) == (0, "")
    assert "now          INCONCLUSIVE" in ended.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param([], "Missing argument", id="nothing to pin"),
        pytest.param(["api"], "write SERVICE=BUILD", id="no build"),
        pytest.param(["api="], "is empty", id="a build that was not set"),
        pytest.param(["api= "], "is empty", id="a blank build"),
        pytest.param(["=main"], "is empty", id="no service"),
        pytest.param(["api=$COMMIT_SHA"], "is not a commit", id="a variable that nobody replaced"),
        pytest.param(["api=%SHA%"], "is not a commit", id="another one"),
        pytest.param(["api=null"], "names no build", id="a placeholder"),
        pytest.param(["api=" + "0" * 40], "names no build", id="no commit at all"),
        pytest.param(["api=--all"], "is not a commit", id="an option"),
        pytest.param(["api=main", "api=main"], "named twice", id="a service twice"),
        pytest.param(["apy=main"], "did you mean `api`?", id="no such service"),
        pytest.param(["api=deadbeef"], "api=deadbeef", id="no such commit"),
        pytest.param(["api=nowhere"], "'nowhere'", id="no such branch"),
        pytest.param(["api=main~1"], "main~1", id="an expression"),
        pytest.param(["api=@nowhere"], "manifests/nowhere.yaml", id="no such environment"),
        pytest.param(["api=main", "--branch", ""], "--branch: is empty", id="an empty branch"),
        pytest.param(["api=main", "--message", " "], "--message: is empty", id="a blank message"),
        pytest.param(["api=main", "--branch", "main"], "is there already", id="a branch in use"),
        pytest.param(["api=main", "--branch", "HEAD"], "no good name", id="no name for a branch"),
        pytest.param(["api=main", "--ref", ""], "--ref: is empty", id="a ref that was not set"),
        pytest.param(["api=main", "--format", "junit"], "'junit'", id="a format that it has not"),
        pytest.param(["api=main", "--manifest", "m"], "No such option", id="a file outside of git"),
    ],
)
def test_what_is_asked_wrongly_is_a_mistake(live: Live, words: list[str], says: str) -> None:
    ended = live.ask("pin", *words, **AUTHOR)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err
    assert "Traceback" not in ended.err


def test_where_git_does_not_know_who_commits_it_is_told_how(live: Live) -> None:
    ended = live.ask("pin", "api=main")
    assert (ended.code, ended.out) == (2, "")
    assert 'git config user.name "Your Name" && git config user.email' in ended.err


def test_what_git_refuses_is_12(live: Live) -> None:
    live.repository.git("branch", "pins")
    ended = live.ask("pin", "api=main", "--branch", "pins/one", **AUTHOR)
    assert (ended.code, ended.out) == (12, "")
    assert "git refused to create the branch" in ended.err


def test_a_ref_gives_way_and_a_build_without_a_contract_is_told(live: Live, tmp_path: Path) -> None:
    """The first commit of the orphan branch has no contract at the link's path."""
    clone = live.repository.clone(tmp_path / "clone")
    git_there = ("-C", str(clone), "-c", "user.name=A", "-c", "user.email=a@acme.example")
    live.repository.git(*git_there, "checkout", "--quiet", "--orphan", "before")
    live.repository.git(*git_there, "rm", "-r", "--quiet", "--force", ".")
    live.repository.git(*git_there, "commit", "--quiet", "--allow-empty", "--message", "Begin")
    live.repository.git(*git_there, "checkout", "--quiet", "main")
    words = ("pin", "staging", "api=before", "--dry-run", "--repo", str(clone))
    ended = live.run(*words)
    assert (ended.code, ended.err) == (0, "")
    assert "`build` stands in place of `ref: main`" in ended.out
    assert "no contract of chat for the server: there is no contracts/chat.yaml" in ended.out


def test_what_is_promised_already_is_nothing_to_do(live: Live) -> None:
    told = document(live.ask("pin", "api=main", "--format", "json", "--branch", "p1", **AUTHOR))
    ended = live.ask("pin", f"api={told['changes'][0]['build']}", "--ref", "p1", **AUTHOR)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("NOTHING TO DO  staging")


def test_colour_is_for_terminals_that_want_it(desk: Desk) -> None:
    build = f"backend={desk.stage.world.history.old}"
    _, coloured = desk.on_a_terminal("pin", "staging", build, "--dry-run", TERM="xterm")
    assert "\x1b[32m+    build" in coloured
    _, plain = desk.on_a_terminal("pin", "staging", build, "--dry-run", TERM="xterm", NO_COLOR="1")
    assert "\x1b[32m" not in plain
