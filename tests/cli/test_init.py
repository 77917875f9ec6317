"""`skewcheck init` as a newcomer runs it: without a manifest, on the demo's world."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from skewcheck.core.documents import parse_manifest
from skewcheck.sandbox import story
from skewcheck.sandbox.api import faults
from tests.programs import Ended, environment, run_here, run_installed, run_on_a_terminal
from tests.repositories import git, signature
from tests.system.stage import Stage

PROJECT = ("--project", "acme-staging")


@dataclass(frozen=True)
class Newcomer:
    """A clone of the demo's repository from which the manifests were taken."""

    stage: Stage
    clone: Path

    @property
    def file(self) -> Path:
        return self.clone / "manifests" / "staging.yaml"

    @property
    def urls(self) -> tuple[str, ...]:
        """Host names of the sandbox do not resolve, so a person gives its addresses."""
        world = self.stage.world
        web = f"{story.WEB}={world.frontend_edge.url}"
        return ("--url", web, "--url", f"{story.API}={world.backend_edge.url}")

    @property
    def env(self) -> dict[str, str]:
        return {**environment(self.stage.home), **self.stage.env}

    def init(self, *words: str, **env: str) -> Ended:
        where = ("--repo", str(self.clone))
        return run_here("init", "staging", *PROJECT, *words, *where, env={**self.env, **env})

    def on_a_terminal(self, says: str, *words: str) -> tuple[int, str]:
        """The exit code, and what a person saw who typed that."""
        said = ("init", "staging", *PROJECT, *words)
        return run_on_a_terminal(*said, at=self.clone, env=self.env, says=says)


@pytest.fixture(scope="module")
def healthy(stage: Stage) -> Stage:
    stage.healthy()
    return stage


@pytest.fixture
def newcomer(healthy: Stage, tmp_path: Path) -> Iterator[Newcomer]:
    clone = tmp_path / "acme"
    git("clone", "--quiet", healthy.world.repository, clone, at=tmp_path)
    git("rm", "--quiet", "-r", "manifests", at=clone)
    git("commit", "--quiet", "--message", "Without manifests", at=clone, env=signature())
    yield Newcomer(healthy, clone)
    healthy.world.cloud.faults.clear()


def test_all_that_can_be_found_is_written_and_holds(newcomer: Newcomer) -> None:
    ended = newcomer.init(*newcomer.urls, "--path", "/ws")
    assert (ended.code, ended.err) == (0, "")
    manifest = parse_manifest(newcomer.file.read_bytes(), file="manifests/staging.yaml")
    web, api = manifest.services[story.WEB], manifest.services[story.API]
    assert (web.ref, web.paths) == ("main", ("web/**", "contracts/**"))
    assert api.paths == ("api/**", "contracts/**")
    assert web.deploy is not None
    assert web.deploy.image == f"{story.WEB_IMAGE}:{{build}}"
    cdn = manifest.cloud_cdn_of(story.WEB)
    assert cdn is not None
    assert (cdn.url_map, cdn.host) == (story.URL_MAP, story.WEB_HOST)
    chat = manifest.links["chat"]
    assert (chat.client, chat.server, chat.path) == (story.WEB, story.API, "/ws")
    assert chat.contract == "contracts/chat.yaml"


def test_the_next_command_that_it_names_reads_what_it_wrote(newcomer: Newcomer) -> None:
    ended = newcomer.init(*newcomer.urls, "--path", "/ws")
    (command,) = (line for line in ended.out.splitlines() if "skewcheck status" in line)
    status = run_here(*command.split()[1:], env=newcomer.env)
    assert f"{story.WEB} " in status.out
    assert "= as promised" in status.out
    assert status.code in {0, 10}  # an old page may linger in this world


def test_what_is_not_found_is_listed_by_line(newcomer: Newcomer) -> None:
    ended = newcomer.init()
    assert ended.code == 11
    assert "to fill in:\n" in ended.out
    (told,) = (line for line in ended.out.splitlines() if "links.chat.path" in line)
    line = int(told.split()[1])
    assert newcomer.file.read_text().splitlines()[line - 1] == "    path: UNKNOWN"
    assert "next, once what is needed is there:" in ended.out


def test_a_host_that_does_not_answer_is_still_the_guess(newcomer: Newcomer) -> None:
    newcomer.init()
    text = newcomer.file.read_text()
    assert f"url: https://{story.WEB_HOST}\n" in text
    assert f"https://{story.WEB_HOST} did not answer from here" in text


def test_a_file_that_is_there_is_left_alone(newcomer: Newcomer) -> None:
    newcomer.file.parent.mkdir()
    newcomer.file.write_text("mine\n")
    calls = len(newcomer.stage.world.cloud.control_plane.calls)
    ended = newcomer.init()
    assert (ended.code, ended.out) == (2, "")
    assert "manifests/staging.yaml is there already" in ended.err
    assert "next: " in ended.err
    assert newcomer.file.read_text() == "mine\n"
    assert len(newcomer.stage.world.cloud.control_plane.calls) == calls


def test_on_stdout_there_is_the_manifest_alone(newcomer: Newcomer) -> None:
    ended = newcomer.init("--stdout", "--path", "/ws")
    assert ended.code == 0
    parse_manifest(ended.out.encode(), file="stdout")
    assert ended.err.startswith("the manifest: 2 services and 1 link, ")
    assert not newcomer.file.exists()


def test_a_person_is_asked_for_what_is_missing(newcomer: Newcomer) -> None:
    code, seen = newcomer.on_a_terminal("ws\n/ws\n")
    assert code == 0, seen
    assert "chat: the path of the WebSocket, such as /ws" in seen
    assert "not a path such as /ws" in seen
    assert parse_manifest(newcomer.file.read_bytes(), file="f").links["chat"].path == "/ws"


def test_a_person_may_leave_it_for_later(newcomer: Newcomer) -> None:
    code, seen = newcomer.on_a_terminal("\n")
    assert code == 11, seen
    assert "path: UNKNOWN" in newcomer.file.read_text()


def test_load_balancers_that_may_not_be_read_are_a_remark(newcomer: Newcomer) -> None:
    denied = faults.denied("compute.urlMaps.list", "projects/acme-staging")
    newcomer.stage.world.cloud.faults.always(denied, path="/global/urlMaps")
    ended = newcomer.init(*newcomer.urls, "--path", "/ws")
    assert ended.code == 0, ended.err
    text = " ".join(newcomer.file.read_text().replace("#", " ").split())
    assert "Load balancers could not be read" in text
    assert "gcloud projects add-iam-policy-binding acme-staging" in text


def test_services_that_may_not_be_listed_end_it_with_the_cure(newcomer: Newcomer) -> None:
    denied = faults.denied("run.services.list", "projects/acme-staging")
    newcomer.stage.world.cloud.faults.always(denied, path="/locations/-/services")
    ended = newcomer.init()
    assert (ended.code, ended.out) == (1, "")
    assert "run.services.list" in ended.err
    assert "next: gcloud projects add-iam-policy-binding acme-staging" in ended.err
    assert not newcomer.file.exists()


def test_without_credentials_one_line_says_how_to_sign_in(newcomer: Newcomer) -> None:
    env = {**environment(newcomer.stage.home)}
    where = ("--repo", str(newcomer.clone))
    ended = run_here("init", "staging", *PROJECT, *where, env=env)
    assert ended.code == 1
    assert ended.err.endswith("next: gcloud auth application-default login\n")


def test_outside_of_git_one_is_told_how_to_begin(newcomer: Newcomer, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ended = run_installed("init", "staging", *PROJECT, at=tmp_path / "empty", env=newcomer.env)
    assert ended.code == 2
    assert "next: git init" in ended.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(("--project", ""), "a variable that was not set?", id="no project"),
        pytest.param(("--client", ""), "a variable that was not set?", id="empty client"),
        pytest.param(("--region", ""), "a variable that was not set?", id="empty region"),
        pytest.param(("--url", "web"), "SERVICE=https://host", id="no URL"),
        pytest.param(("--url", "a=http://x", "--url", "a=http://y"), "a second", id="two URLs"),
        pytest.param(("--path", "ws"), "not a path such as /ws", id="no path"),
        pytest.param(("--link", "My Chat"), "not a name such as chat", id="no name"),
        pytest.param(("--client", "nobody"), "--client nobody: no such service", id="nobody"),
        pytest.param(("--service", "acme-wep"), "did you mean `acme-web`", id="a slip"),
        pytest.param(("--contract", "nope.yaml"), "nope.yaml: no such file", id="no contract"),
    ],
)
def test_a_wrong_flag_is_named(newcomer: Newcomer, words: tuple[str, ...], told: str) -> None:
    ended = newcomer.init(*words)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert not newcomer.file.exists()


def test_an_environment_that_is_no_name_is_refused(newcomer: Newcomer) -> None:
    ended = run_here("init", "../Prod", *PROJECT, env=newcomer.env)
    assert (ended.code, ended.out) == (2, "")
    assert "not a name such as staging" in ended.err
