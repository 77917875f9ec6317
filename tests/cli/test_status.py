"""Status of one environment, several, all, and none; the same world in every format."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from tests.cli.conftest import Live, codes_of, manifest
from tests.programs import environment, run_here
from tests.repositories import Repository, git
from tests.servers import Reply


@pytest.fixture
def two(live: Live, tmp_path: Path) -> Repository:
    """Staging passes; production expects another environment's name of the same services."""
    repository = Repository(tmp_path / "two")
    base = live.server.url("")
    contract = (live.repository.path / "contracts/chat.yaml").read_text()
    head = repository.commit(
        {
            "contracts/chat.yaml": contract,
            "manifests/staging.yaml": json.dumps(manifest(base)),
            "manifests/production.yaml": json.dumps(manifest(base, environment="production")),
        }
    )
    said = json.dumps({"commit": head.value, "environment": "staging"}).encode()
    for service in ("web", "api"):
        live.answer(service, Reply(body=said))
    return repository


def test_without_an_argument_all_environments_are_looked_at(
    two: Repository, tmp_path: Path
) -> None:
    words = ("status", "--repo", str(two.path), "--format", "json")
    ended = run_here(*words, env=environment(tmp_path))
    reports = json.loads(ended.out)["reports"]
    assert [each["environment"] for each in reports] == ["production", "staging"]
    assert [each["exit"] for each in reports] == [10, 0]
    assert ended.code == 10


def test_the_named_ones_are_looked_at_in_the_order_given(two: Repository, tmp_path: Path) -> None:
    where = ("--repo", str(two.path))
    words = ("status", "staging", "production", *where)
    ended = run_here(*words, env=environment(tmp_path))
    assert ended.code == 10
    assert ended.out.index("PASS  staging") < ended.out.index("BLOCK  production")
    assert run_here("status", "staging", *where, env=environment(tmp_path)).code == 0


@pytest.mark.parametrize("form", ["table", "json", "markdown", "junit", "github"])
def test_every_format_tells_the_verdict_and_has_the_same_exit(live: Live, form: str) -> None:
    live.answer("api", Reply(body=b"{}"))
    ended = live.ask("status", "--format", form)
    assert (ended.code, ended.err) == (11, "")
    assert "inconclusive" in ended.out.lower()
    assert "no-version-document" in ended.out
    if form == "junit":
        assert Xml.fromstring(ended.out).get("errors") != "0"  # noqa: S314 - our own


def test_github_actions_get_their_format_unasked(live: Live) -> None:
    live.answer("api", Reply(body=b"{}"))
    assert "::error " in live.ask("status", GITHUB_ACTIONS="true").out


def test_a_pipe_gets_no_colour(live: Live) -> None:
    assert "\x1b" not in live.ask("status", TERM="xterm-256color").out


def test_two_runs_at_once_do_not_disturb_each_other(live: Live) -> None:
    """As processes, because two build steps are; they share state and cache."""
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(live.installed, "status", "staging") for _ in range(2)]
    assert [(each.result().code, each.result().err) for each in runs] == [(0, "")] * 2


def test_verify_gives_up_at_once_when_no_time_is_left(live: Live) -> None:
    live.answer("api", Reply(body=b"{}"))
    ended = live.ask("verify", "--until", "0s", "--format", "json")
    assert ended.code == 11
    assert json.loads(ended.out)["question"] == "verify"


def test_a_repository_is_found_by_its_url(live: Live, tmp_path: Path) -> None:
    """The api lives in a repository of its own, mirrored over the file transport."""
    api = Repository(tmp_path / "api")
    contract = (live.repository.path / "contracts/chat.yaml").read_text()
    head = api.commit({"contracts/chat.yaml": contract})
    written = manifest(live.server.url(""))
    written["services"]["api"]["repository"] = api.url
    web = Repository(tmp_path / "web")
    files: dict[str, str | None] = {
        "contracts/chat.yaml": contract,
        "manifests/staging.yaml": json.dumps(written),
    }
    own = web.commit(files)
    for service, build in (("web", own), ("api", head)):
        live.answer(service, Reply(body=json.dumps({"commit": build.value}).encode()))
    words = ("status", "staging", "--repo", str(web.path), "--format", "json")
    ended = run_here(*words, env=environment(tmp_path))
    assert (ended.code, codes_of(ended)) == (0, set())


@pytest.fixture
def deep(live: Live, tmp_path: Path) -> Repository:
    """What runs is two commits older than the promise, so that history matters."""
    repository = Repository(tmp_path / "deep")
    contract = (live.repository.path / "contracts/chat.yaml").read_text()
    files: dict[str, str | None] = {
        "contracts/chat.yaml": contract,
        "manifests/staging.yaml": json.dumps(manifest(live.server.url(""))),
    }
    live_build = repository.commit(files)
    repository.commit({"web/a": "1"})
    repository.commit({"web/a": "2"})
    for service in ("web", "api"):
        live.answer(service, Reply(body=json.dumps({"commit": live_build.value}).encode()))
    return repository


def test_a_shallow_clone_is_deepened_where_its_remote_answers(
    deep: Repository, tmp_path: Path
) -> None:
    clone = deep.clone(tmp_path / "clone", "--depth", "1")
    words = ("status", "staging", "--repo", str(clone), "--format", "json")
    ended = run_here(*words, env=environment(tmp_path))
    assert "2 commits behind" in ended.out
    assert not codes_of(ended, "unknown")


def test_a_shallow_clone_without_its_remote_is_unknown_and_names_the_fix(
    deep: Repository, tmp_path: Path
) -> None:
    clone = deep.clone(tmp_path / "clone", "--depth", "1")
    git("remote", "set-url", "origin", (tmp_path / "gone").as_uri(), at=clone)
    words = ("status", "staging", "--repo", str(clone), "--format", "json")
    ended = run_here(*words, env=environment(tmp_path))
    assert ended.code in {10, 11}
    assert codes_of(ended, "unknown")
    assert "git fetch --unshallow origin" in ended.out
