"""What people wrote wrong: one line with the place and the next command, exit 2 or 11."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import CONTRACT, Live, codes_of, manifest
from tests.programs import Ended, environment, run_here
from tests.repositories import Repository
from tests.servers import Reply

MANIFEST, CONTRACT_FILE = "manifests/staging.yaml", "contracts/chat.yaml"


@pytest.fixture
def tried(live: Live, tmp_path: Path) -> Callable[..., Ended]:
    """Runs status on a new repository with these files; the services are the live ones."""

    def run(files: dict[str, str | None], *words: str) -> Ended:
        repository = Repository(tmp_path / "acme")
        good = {MANIFEST: written(live), CONTRACT_FILE: CONTRACT}
        present = {name: text for name, text in (good | files).items() if text is not None}
        head = repository.commit(dict(present))
        for service in ("web", "api"):
            said = {"source": "s", "version": "1", "commit": head.value, "build": "b"}
            live.answer(service, Reply(body=json.dumps(said).encode()))
        where = ("--repo", str(repository.path))
        return run_here("status", "staging", *where, *words, env=environment(tmp_path))

    return run


def written(live: Live, **changed: Any) -> str:
    return json.dumps(manifest(live.server.url(""), **changed))


def bent(live: Live, change: Callable[[dict[str, Any]], None]) -> str:
    document = manifest(live.server.url(""))
    change(document)
    return json.dumps(document)


def one_problem(ended: Ended, *words: str) -> None:
    """Exit 2, nothing on stdout, and on stderr the problem with its next command."""
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("skewcheck: ")
    assert "\nnext: " in ended.err
    assert "Traceback" not in ended.err
    for word in words:
        assert word in ended.err


def test_the_good_files_pass(tried: Callable[..., Ended]) -> None:
    ended = tried({})
    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", ["staging.yaml:1:1: the file is empty"], id="empty"),
        pytest.param("# nothing\n", ["staging.yaml"], id="only a comment"),
        pytest.param("a: {[", ["staging.yaml:1:"], id="not YAML"),
        pytest.param("- a\n- b\n", ["staging.yaml:1:1"], id="a list"),
        pytest.param("schema: 1\nschema: 1\n", ["staging.yaml:2:1", "schema"], id="twice"),
        pytest.param("a: &x [*x]\n", ["staging.yaml:1:"], id="an alias that holds itself"),
        pytest.param("[" * 10_000, ["staging.yaml:1:"], id="nested 10,000 deep"),
        pytest.param("schema: 1\nenvironment: [a]\n", ["environment"], id="mistyped"),
        pytest.param("schema: 2\nenvironment: staging\n", ["schema"], id="of another schema"),
        pytest.param("a: !!python/object/apply:os.system [x]\n", ["staging.yaml:1:"], id="code"),
        pytest.param("environment: \x1b[31mred\n", ["staging.yaml"], id="control characters"),
    ],
)
def test_a_manifest_that_is_none_is_told_with_its_place(
    tried: Callable[..., Ended], text: str, words: list[str]
) -> None:
    ended = tried({MANIFEST: text})
    one_problem(ended, *words)
    assert "\x1b" not in ended.err


def test_all_mistakes_are_told_at_once_with_what_was_meant(
    tried: Callable[..., Ended], live: Live
) -> None:
    def change(document: dict[str, Any]) -> None:
        document["servces"] = document.pop("services")
        document["links"]["chat"]["serverr"] = "api"

    one_problem(tried({MANIFEST: bent(live, change)}), "services", "serverr")


def test_a_dangling_link_names_the_near_miss(tried: Callable[..., Ended], live: Live) -> None:
    def change(document: dict[str, Any]) -> None:
        document["links"]["chat"]["server"] = "apy"

    one_problem(tried({MANIFEST: bent(live, change)}), "links.chat.server", "apy", "api")


def test_a_manifest_that_is_missing_names_what_is_there(tried: Callable[..., Ended]) -> None:
    ended = tried({MANIFEST: None, "manifests/production.yaml": "x"})
    one_problem(ended, "no such file at HEAD", "environments there: production")


@pytest.mark.parametrize("words", [["--ref", "nope"], ["--policy-ref", "nope"]])
def test_a_ref_that_is_missing_is_a_mistake(tried: Callable[..., Ended], words: list[str]) -> None:
    one_problem(tried({}, *words), "nope", "git fetch")


@pytest.mark.parametrize("ref", ["--upload-pack=x", "a..b", "\udcff", "\x1b[31m", ""])
def test_a_ref_that_is_none_reaches_neither_git_nor_the_terminal(
    tried: Callable[..., Ended], ref: str
) -> None:
    ended = tried({}, f"--ref={ref}")
    assert ended.code == 2
    assert "\x1b" not in ended.err


def test_a_folder_that_is_no_repository_is_a_mistake(tmp_path: Path) -> None:
    env = environment(tmp_path)
    one_problem(run_here("status", "x", "--repo", str(tmp_path), env=env), "not a git repository")


def test_a_repository_without_manifests_says_what_to_try(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "acme")
    repository.commit({"README": ""})
    ended = run_here("status", "--repo", str(repository.path), env=environment(tmp_path))
    one_problem(ended, "no manifests/*.yaml", "skewcheck demo")


def test_a_repository_without_a_commit_is_a_mistake(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "acme")
    ended = run_here("status", "--repo", str(repository.path), env=environment(tmp_path))
    one_problem(ended, "has no commits yet")


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a\nb", "\x1b[31m", ""])
def test_an_environment_is_a_name_and_no_path(live: Live, name: str) -> None:
    ended = live.run("status", "--repo", str(live.repository.path), "--", name)
    one_problem(ended)
    assert not set("\x1b") & set(ended.err)


@pytest.mark.parametrize(
    ("contract", "code"),
    [
        pytest.param(None, "contract-missing", id="missing"),
        pytest.param("", "contract-invalid", id="empty"),
        pytest.param("a: [", "contract-invalid", id="not YAML"),
        pytest.param("[1]", "contract-invalid", id="a list"),
        pytest.param(CONTRACT + "extra: 1\n", "contract-invalid", id="an unknown key"),
        pytest.param(CONTRACT.replace('"2.1"', "[]"), "contract-invalid", id="mistyped"),
        pytest.param(CONTRACT.replace('"2.1"', "one"), "contract-invalid", id="no version"),
        pytest.param(CONTRACT.replace(">=2.0,<3", ">=3"), "contract-invalid", id="accepts others"),
    ],
)
def test_a_contract_that_is_none_is_unknown_and_never_a_pass(
    tried: Callable[..., Ended], contract: str | None, code: str
) -> None:
    ended = tried({CONTRACT_FILE: contract}, "--format", "json")
    assert (ended.code, ended.err) == (11, "")
    assert codes_of(ended, "unknown") == {code}


@pytest.mark.parametrize(
    "place", ["file:///nonexistent/acme", "../nothing", "ext::sh -c true", "-x"]
)
def test_a_services_repository_that_is_none_is_told_with_its_place(
    tried: Callable[..., Ended], live: Live, place: str
) -> None:
    def change(document: dict[str, Any]) -> None:
        document["services"]["api"]["repository"] = place

    one_problem(tried({MANIFEST: bent(live, change)}), "services.api.repository")


def test_an_empty_manifest_of_services_has_nothing_to_check(
    tried: Callable[..., Ended], live: Live
) -> None:
    ended = tried({MANIFEST: written(live, services={}, links={})}, "--format", "json")
    assert ended.code == 11
    assert codes_of(ended) == {"nothing-to-check"}


def test_a_manifest_of_the_working_tree_is_read_only_when_asked_for(
    tried: Callable[..., Ended], live: Live, tmp_path: Path
) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(written(live, policy={"drift": "block"}))
    ended = tried({}, "--manifest", str(draft), "--format", "json")
    assert ended.code == 0
    sources = json.loads(ended.out)["sources"]
    assert (sources["file"], sources["commit"]) == (str(draft), None)


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"environment: production\n"])
def test_a_manifest_file_that_is_none_is_a_mistake(
    tried: Callable[..., Ended], tmp_path: Path, content: bytes | None
) -> None:
    draft = tmp_path / "draft.yaml"
    if content is not None:
        draft.write_bytes(content)
    one_problem(tried({}, "--manifest", str(draft)), "draft.yaml")
