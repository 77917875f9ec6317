"""`skewcheck stamp` on real repositories: what it writes, what it refuses, and that the other
commands read it."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import CONTRACT, codes_of, told
from tests.cli.test_modules import ENGINE, loaded
from tests.programs import Ended, environment, run_here, run_installed
from tests.repositories import Repository
from tests.servers import Reply, serve

PAGE = "<!doctype html>\r\n<html><head><meta charset=utf-8><title>Chat</title></head></html>"
SOURCES: dict[str, str | None] = {
    ".gitignore": "dist/\nbuild.js\n",
    "web/app.ts": "app",
    "api/main.py": "app",
    "contracts/chat.yaml": CONTRACT,
    "contracts/chat-before.yaml": CONTRACT.replace("2.1", "2.0"),
}


@dataclass(frozen=True)
class Project:
    """A repository with a frontend that was built."""

    repository: Repository

    @property
    def top(self) -> Path:
        return self.repository.path

    @property
    def dist(self) -> Path:
        return self.top / "dist"

    def stamp(self, *words: str, at: Path | None = None, **env: str) -> Ended:
        where = () if "--repo" in words else ("--repo", str(at or self.top))
        return run_here("stamp", *words, *where, env=environment(self.top.parent) | env)

    def built(self, *words: str) -> Ended:
        ended = self.stamp(str(self.dist), *words)
        assert ended.code == 0, ended.err
        return ended

    def document(self, file: str = "version.json") -> dict[str, Any]:
        read: dict[str, Any] = json.loads((self.dist / file).read_bytes())
        return read

    def write(self, files: dict[str, str]) -> None:
        for name, content in files.items():
            (self.top / name).parent.mkdir(parents=True, exist_ok=True)
            (self.top / name).write_bytes(content.encode())


@pytest.fixture
def acme(tmp_path: Path) -> Project:
    project = Project(Repository(tmp_path / "acme"))
    project.repository.commit(SOURCES)
    project.write({"dist/index.html": PAGE, "dist/assets/app.js": "app"})
    return project


def test_a_built_frontend_says_its_commit_and_what_it_speaks(acme: Project) -> None:
    ended = acme.built("--environment", "staging", "--version", "2026.3")
    head = acme.repository.head
    document = acme.document()
    (claim,) = document.pop("protocols")
    assert document == {"version": "2026.3", "commit": str(head), "environment": "staging"}
    assert (claim["name"], claim["role"], claim["version"]) == ("chat", "client", "2.1")
    assert acme.document("contracts.json")["contracts"][0]["fingerprint"] == claim["fingerprint"]
    page = (acme.dist / "index.html").read_bytes().decode()
    meta = f'<meta name="build-sha" content="{head}">'
    assert page == PAGE.replace("<title>", f"{meta}<title>")
    assert ended.out.splitlines() == [
        f"{acme.dist}/version.json: {head.short}, client of chat 2.1",
        f"{acme.dist}/contracts.json: chat 2.1",
        f"{acme.dist}/index.html: build-sha {head.short}",
        "next: serve version.json and pages with Cache-Control: no-store, deploy, then",
        "      skewcheck status --url frontend=https://…",
    ]
    before = "contracts/chat-before.yaml"
    assert ended.err == f"note: {before} is left out: contracts/chat.yaml is the contract of chat\n"


def test_a_second_stamp_replaces_the_first(acme: Project) -> None:
    acme.built()
    first = {file: file.read_bytes() for file in acme.dist.rglob("*") if file.is_file()}
    acme.built()
    assert {file: file.read_bytes() for file in acme.dist.rglob("*") if file.is_file()} == first
    head = acme.repository.commit({"web/app.ts": "next"})
    acme.built()
    page = (acme.dist / "index.html").read_text()
    assert page.count("build-sha") == 1
    assert str(head) in page


def test_the_status_of_the_deployed_build_has_nothing_to_say_about_it(acme: Project) -> None:
    acme.built()
    never = {"Cache-Control": "no-store"}
    served = {
        "/": Reply(
            headers={**never, "Content-Type": "text/html"},
            body=(acme.dist / "index.html").read_bytes(),
        ),
        "/version.json": Reply(headers=never, body=(acme.dist / "version.json").read_bytes()),
    }
    with serve(served) as server:
        words = ("status", "--url", f"web={server.url('')}", "--format", "json")
        ended = run_here(*words, env=environment(acme.top.parent))
    assert codes_of(ended) <= {"nothing-to-check"}, ended.out
    assert str(acme.repository.head) in ended.out
    assert told(ended)["schema"] == 1


def test_a_dirty_tree_is_refused_and_nothing_is_written(acme: Project) -> None:
    acme.write({"web/app.ts": "changed", "web/new.ts": "", "a": "", "b": ""})
    ended = acme.stamp(str(acme.dist))
    assert (ended.code, ended.out) == (2, "")
    assert "web/app.ts, a, b and 1 more" in ended.err
    assert "next: git stash -u, or commit it" in ended.err
    assert sorted(each.name for each in acme.dist.iterdir()) == ["assets", "index.html"]
    assert (acme.dist / "index.html").read_bytes().decode() == PAGE


def test_a_dirty_build_may_be_stamped_as_one(acme: Project) -> None:
    acme.write({"web/app.ts": "changed"})
    ended = acme.built("--allow-dirty")
    assert "dirty" in ended.out
    assert acme.document()["dirty"] is True
    assert f"{acme.repository.head}-dirty" in (acme.dist / "index.html").read_text()


def test_the_contract_has_to_be_committed_even_where_the_rest_need_not_be(acme: Project) -> None:
    acme.write({"contracts/chat.yaml": CONTRACT.replace("jwt-auth", "jwt")})
    ended = acme.stamp(str(acme.dist), "--allow-dirty")
    assert ended.code == 2
    assert "contracts/chat.yaml: not as commit" in ended.err
    acme.repository.commit()
    acme.write({"contracts/news.yaml": CONTRACT})
    ended = acme.stamp(str(acme.dist), "--allow-dirty")
    assert (ended.code, "contracts/news.yaml: not as" in ended.err) == (2, True)


def test_a_dist_that_git_does_not_ignore_is_no_change(acme: Project) -> None:
    acme.write({"out/index.html": PAGE})
    assert acme.stamp(str(acme.top / "out")).code == 0
    acme.repository.commit()
    acme.write({"out/index.html": PAGE + "built anew"})
    assert acme.stamp(str(acme.top / "out")).code == 0


def test_a_folder_of_sources_may_hold_no_changes_but_our_own_files(acme: Project) -> None:
    api = acme.top / "api"
    assert acme.stamp(str(api)).code == 0
    assert acme.stamp(str(api)).code == 0
    said = json.loads((api / "version.json").read_bytes())["protocols"]
    assert [claim["role"] for claim in said] == ["server"]
    acme.write({"api/new.py": ""})
    ended = acme.stamp(str(api))
    assert (ended.code, "unknown to git: api/new.py" in ended.err) == (2, True)


def test_a_servers_build_that_git_does_not_know_is_no_change(acme: Project) -> None:
    acme.write({"target/api.jar": ""})
    assert acme.stamp(str(acme.top / "target"), "--role", "server").code == 0


def test_the_module_for_browsers_is_written_before_there_is_a_dist(acme: Project) -> None:
    shutil.rmtree(acme.dist)
    module = acme.top / "build.js"
    ended = acme.stamp("--module", str(module))
    assert ended.code == 0
    head = acme.repository.head
    assert ended.out == (
        f"{module}: {head.short}, chat 2.1\nnext: bundle it, then skewcheck stamp DIST\n"
    )
    assert f'export const build = "{head}";' in module.read_text()


def test_a_module_that_git_does_not_ignore_does_not_stand_in_its_own_way(acme: Project) -> None:
    module = acme.top / "web" / "spoken.mjs"
    words = (str(acme.dist), "--module", str(module))
    assert (acme.stamp(*words).code, acme.stamp(*words).code) == (0, 0)
    ended = acme.stamp(str(acme.dist))
    assert (ended.code, "web/spoken.mjs" in ended.err, ".gitignore" in ended.err) == (2, True, True)


def test_contracts_are_named_from_where_one_stands_or_from_the_top(acme: Project) -> None:
    env = environment(acme.top.parent)
    words = ("stamp", "../dist", "--contract")
    for name in ("chat-before.yaml", "contracts/chat-before.yaml"):
        ended = run_installed(*words, name, at=acme.top / "contracts", env=env)
        assert ended.code == 0, ended.err
        assert acme.document()["protocols"][0]["version"] == "2.0"


def test_without_a_contract_that_is_told(acme: Project) -> None:
    before, chat = "contracts/chat-before.yaml", "contracts/chat.yaml"
    acme.repository.commit({before: None, chat: None})
    assert "nothing is said of protocols" in acme.built().err
    assert acme.document()["protocols"] == []


def test_pages_that_cannot_be_stamped_and_files_that_are_old_now_are_told(acme: Project) -> None:
    files = {"part.html": "<p>", "index.html.gz": "", "index.html.br": "", "app.js.gz": ""}
    acme.write({f"dist/{name}": content for name, content in files.items()})
    acme.write({"dist/version.json": '{"version": "1.0.0"}'})
    notes = acme.built("--contract", str(acme.top / "contracts/chat.yaml")).err.splitlines()
    assert notes == [
        "note: part.html is left as it is: it has no <head>",
        "note: version.json was there, written by something else, and has been replaced",
        "note: index.html.br still holds what was there before: compress after the stamp",
        "note: index.html.gz still holds what was there before: compress after the stamp",
    ]


def test_a_version_file_that_is_no_json_is_replaced_too(acme: Project) -> None:
    acme.write({"dist/version.json": "1.0.0"})
    assert "written by something else" in acme.built().err


def test_a_page_that_names_another_build_is_refused_before_anything_is_written(
    acme: Project,
) -> None:
    other = f'<head><meta name="git-sha" content="{"b2" * 20}"></head>'
    acme.write({"dist/z.html": other})
    ended = acme.stamp(str(acme.dist))
    assert (ended.code, ended.out) == (2, "")
    assert "z.html names another build by itself: meta" in ended.err
    assert not (acme.dist / "version.json").exists()
    assert (acme.dist / "index.html").read_bytes().decode() == PAGE


def test_many_pages_are_not_all_listed(acme: Project) -> None:
    acme.write({f"dist/{number}.html": PAGE for number in range(30)})
    out = acme.built().out.splitlines()
    assert len(out) == 25
    assert out[22] == "and 11 more pages"


def test_nothing_remote_reaches_the_terminal(acme: Project) -> None:
    acme.write({"dist/\x1b[31m.html": "<p>"})
    assert "\x1b" not in acme.built().err


def test_without_git_the_commit_is_believed_and_that_is_told(tmp_path: Path) -> None:
    project = Project(Repository(tmp_path / "acme"))
    shutil.rmtree(project.top / ".git")
    project.write({"dist/index.html": PAGE, "contracts/chat.yaml": CONTRACT})
    ended = project.stamp(str(project.dist))
    assert (ended.code, "--commit SHA" in ended.err) == (2, True)
    ended = project.built("--commit", "A1" * 20)
    assert "not held against git" in ended.err
    assert project.document()["commit"] == "a1" * 20
    assert project.document()["protocols"][0]["version"] == "2.1"
    ended = project.stamp(str(project.dist), "--commit", "a1" * 20, "--contract", "x.yaml")
    assert (ended.code, "x.yaml: no such file here" in ended.err) == (2, True)


def test_without_the_git_command_only_the_commit_helps(acme: Project) -> None:
    (acme.top.parent / "empty").mkdir()
    env = environment(acme.top.parent, PATH=str(acme.top.parent / "empty"))
    ended = run_installed("stamp", "dist", at=acme.top, env=env)
    assert (ended.code, "skewcheck stamp … --commit SHA" in ended.err) == (1, True)
    ended = run_installed("stamp", "dist", "--commit", "a1" * 20, at=acme.top, env=env)
    assert (ended.code, "not held against git" in ended.err) == (0, True)


def test_a_shallow_clone_is_enough(acme: Project, tmp_path: Path) -> None:
    acme.repository.commit({"web/app.ts": "second"})
    clone = acme.repository.clone(tmp_path / "clone", "--depth=1")
    shutil.copytree(acme.dist, clone / "dist")
    assert acme.stamp(str(clone / "dist"), at=clone).code == 0
    assert str(acme.repository.head) in (clone / "dist" / "version.json").read_text()


def test_the_checkout_is_that_of_the_folder_else_the_one_we_stand_in(
    acme: Project, tmp_path: Path
) -> None:
    env = environment(tmp_path)
    other = Repository(tmp_path / "other")
    other.commit({"x": "x"})
    outside = tmp_path / "outside"
    shutil.copytree(acme.dist, outside)
    for dist, at in ((acme.dist, other.path), (outside, acme.top)):
        ended = run_installed("stamp", str(dist), at=at, env=env)
        assert ended.code == 0, ended.err
        assert acme.repository.head.short in ended.out


def test_a_commit_that_is_not_checked_out_is_refused(acme: Project) -> None:
    ended = acme.stamp(str(acme.dist), "--commit", "a1" * 20)
    assert (ended.code, "--commit a1a1a1a is not what is checked out" in ended.err) == (2, True)
    acme.built("--commit", str(acme.repository.head))


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        pytest.param(["--commit", ""], "is empty (a variable that was not set?)", id="no commit"),
        pytest.param(["--commit", "a1a1a1a"], "not a full 40-digit git SHA", id="a short commit"),
        pytest.param(["--commit", "0" * 40], "is no commit", id="the null commit"),
        pytest.param(["--commit", "$COMMIT_SHA"], "a variable that was not set", id="its name"),
        pytest.param(["--environment", ""], "is empty", id="no environment"),
        pytest.param(["--environment", "Staging 1"], "is no environment's name", id="a bad name"),
        pytest.param(["--version", "a\tb"], "is no plain text", id="control characters"),
        pytest.param(["--source", "git@x:y"], "not an http(s) URL", id="no URL"),
        pytest.param(["--source", "https://[x"], "Invalid IPv6 URL", id="half a URL"),
        pytest.param(["--build", "https://u:p@x/y"], "holds credentials", id="a password"),
        pytest.param(["--module", "build.ts"], "is no .js file", id="no JavaScript"),
        pytest.param(["--module", "no/build.js"], "mkdir -p no", id="no folder for the module"),
        pytest.param(["--contract", "nope.yaml"], "no such file in commit", id="no contract"),
        pytest.param(["--contract", "/etc/hosts"], "is not below", id="a contract elsewhere"),
    ],
)
def test_what_is_written_wrongly_is_a_usage_error(
    acme: Project, words: list[str], problem: str
) -> None:
    ended = acme.stamp(str(acme.dist), *words)
    assert (ended.code, ended.out) == (2, "")
    assert problem in " ".join(ended.err.split())
    assert not (acme.dist / "version.json").exists()


def test_two_named_contracts_of_one_protocol_are_refused(acme: Project) -> None:
    named = [str(acme.top / f"contracts/{name}.yaml") for name in ("chat", "chat-before")]
    ended = acme.stamp(str(acme.dist), "--contract", named[0], "--contract", named[1])
    assert (ended.code, "both contracts of 'chat'" in ended.err) == (2, True)


def test_a_broken_contract_is_told_with_its_place(acme: Project) -> None:
    acme.repository.commit({"contracts/chat.yaml": CONTRACT.replace("accepts", "acepts")})
    ended = acme.stamp(str(acme.dist))
    assert (ended.code, "contracts/chat.yaml:4" in ended.err) == (2, True)


@pytest.mark.parametrize(
    ("folder", "problem"),
    [
        pytest.param("absent", "absent is no folder", id="not there"),
        pytest.param("web/app.ts", "app.ts is no folder", id="a file"),
        pytest.param("empty", "empty has no files", id="empty"),
        pytest.param("stamped", "stamped has no files", id="nothing but an older stamp"),
        pytest.param(".", "is the repository itself", id="the repository"),
        pytest.param("..", "is the repository itself", id="what holds the repository"),
    ],
)
def test_only_a_folder_that_was_built_can_be_stamped(
    acme: Project, folder: str, problem: str
) -> None:
    (acme.top / "empty").mkdir()
    acme.write({"stamped/version.json": "{}"})
    ended = acme.stamp(str(acme.top / folder))
    assert (ended.code, ended.out, problem in ended.err) == (2, "", True), ended.err


def test_without_anything_to_write_it_says_what_is_missing(acme: Project) -> None:
    ended = acme.stamp()
    assert (ended.code, "skewcheck stamp DIST" in ended.err) == (2, True)


def test_neither_network_nor_cloud_nor_engine_is_loaded(acme: Project) -> None:
    code, modules = loaded(["stamp", "dist"], acme.top, environment(acme.top.parent))
    assert code == 0
    assert "git" in modules
    assert not modules & ({"requests", "google", "websockets", "rich"} | ENGINE)
    _, modules = loaded(["stamp", "--help"], acme.top, environment(acme.top.parent))
    assert not modules & {"requests", "google", "git", "pydantic", "yaml"}
