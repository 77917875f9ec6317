"""`skewcheck doctor` on the demo's world: well, and with one thing after another that is not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from skewcheck.core.question import Exit
from skewcheck.sandbox import story
from tests.cli.desk import Desk, document
from tests.programs import Ended, run_here
from tests.repositories import git
from tests.slack_server import TOKEN, slack_server

LOGIN = "gcloud auth application-default login"


def checks(ended: Ended) -> dict[str, dict[str, Any]]:
    """What is not ok, by `name subject`."""
    found = document(ended)["checks"]
    return {f"{each['name']} {each['subject']}": each for each in found if each["state"] != "ok"}


def wrong(ended: Ended) -> dict[str, str]:
    """State and fix of what is bad or unknown."""
    return {
        name: f"{each['state']}: {each['fix']}"
        for name, each in checks(ended).items()
        if each["state"] != "not needed"
    }


def doctor(desk: Desk, *words: str, **env: str) -> Ended:
    return desk.run("doctor", *words, "--format", "json", **env)


@pytest.fixture
def denied(desk: Desk) -> Iterator[set[str]]:
    denied = desk.stage.world.cloud.denied_permissions
    yield denied
    denied.clear()


def test_a_healthy_world_is_well(desk: Desk) -> None:
    ended = desk.run("doctor", "staging")
    assert (ended.code, ended.err) == (Exit.PASS, "")
    assert "\n  ok          version-document backend: " in ended.out
    assert ended.out.endswith(" ok, 2 not needed: exit 0\n")


def test_without_an_environment_all_are_looked_at(desk: Desk) -> None:
    ended = doctor(desk)
    assert ended.code == Exit.PASS
    assert {each["environment"] for each in document(ended)["checks"]} == {"", "staging"}


def test_it_changes_nothing(desk: Desk) -> None:
    before = desk.changeable()
    doctor(desk, "staging")
    assert desk.changeable() == before


def test_permissions_that_lack_come_with_the_grant(desk: Desk, denied: set[str]) -> None:
    denied |= {"run.services.update", "compute.urlMaps.invalidateCache"}
    ended = doctor(desk, "staging")
    assert ended.code == Exit.BLOCK
    assert set(wrong(ended)) == {
        "may-redeploy frontend",
        "may-redeploy backend",
        "may-invalidate frontend",
    }
    assert "add-iam-policy-binding acme-api" in wrong(ended)["may-redeploy backend"]


def test_who_only_reads_does_not_need_them(desk: Desk, denied: set[str]) -> None:
    denied |= {"run.services.update", "compute.urlMaps.invalidateCache"}
    assert doctor(desk, "staging", "--for", "read").code == Exit.PASS


def test_settings_that_cut_sockets_and_keep_visitors_are_bad(desk: Desk) -> None:
    settings = desk.stage.world.cloud.url_maps.backend(story.API_HOST)
    settings.protocol, settings.affinity = "HTTP2", "GENERATED_COOKIE"
    try:
        ended = doctor(desk, "staging")
    finally:
        settings.protocol, settings.affinity = "HTTPS", "NONE"
    assert ended.code == Exit.BLOCK
    assert set(wrong(ended)) == {"http2 backend", "session-affinity backend"}
    assert "--session-affinity=NONE" in wrong(ended)["session-affinity backend"]


def test_the_default_timeout_in_front_of_machines_is_bad(desk: Desk) -> None:
    """The api's URL is the sandbox's; its edge says by which host users come."""
    place = f"service: {story.API}\n"
    edge = f"    edge: {{cloud_cdn: {{host: {story.API_HOST}}}}}\n"
    branch = desk.promise("edge", place, place + edge)
    settings = desk.stage.world.cloud.url_maps.backend(story.API_HOST)
    behind, settings.cloud_run = settings.cloud_run, ""
    try:
        ended = doctor(desk, "staging", "--ref", branch)
    finally:
        settings.cloud_run = behind
    assert "--timeout=3600s" in wrong(ended)["socket-lifetime backend"]


def test_a_page_of_yesterday_is_no_matter_of_setup(desk: Desk) -> None:
    desk.stage.stale_edge()
    assert doctor(desk, "staging").code == Exit.PASS


def test_a_shallow_clone_that_can_fetch_is_well(desk: Desk, tmp_path: Path) -> None:
    clone = cloned(desk, tmp_path)
    assert wrong(at(desk, clone)) == {}


def test_one_that_cannot_is_told_what_it_lacks(desk: Desk, tmp_path: Path) -> None:
    clone = cloned(desk, tmp_path)
    git("remote", "set-url", "origin", str(tmp_path / "gone"), at=clone)
    git("remote", "set-head", "origin", "--delete", at=clone)
    ended = at(desk, clone)
    assert ended.code == Exit.BLOCK
    assert wrong(ended)["history staging"] == "bad: git fetch --unshallow origin"
    assert wrong(ended)["default-branch staging"] == "bad: git remote set-head origin --auto"
    assert "contracts chat" in wrong(ended)


def cloned(desk: Desk, folder: Path) -> Path:
    origin = desk.stage.world.repository.as_uri()
    git("clone", "--quiet", "--depth=1", origin, "clone", at=folder)
    return folder / "clone"


def at(desk: Desk, repository: Path) -> Ended:
    words = ("doctor", "staging", "--repo", str(repository), "--format", "json")
    return run_here(*words, env=desk.env)


def test_without_credentials_the_login_is_the_mend_of_all(desk: Desk) -> None:
    ended = doctor(desk, "staging", SKEWCHECK_GCP_ENDPOINT="")
    assert ended.code == Exit.BLOCK
    assert wrong(ended).pop("credentials this machine") == f"bad: {LOGIN}"
    assert set(wrong(ended).values()) == {f"bad: {LOGIN}", f"unknown: {LOGIN}"}


def test_a_database_that_does_not_answer_is_told_without_its_password(desk: Desk) -> None:
    url = "postgresql://ada:s3cret@127.0.0.1:1/acme"
    ended = doctor(desk, "staging", SKEWCHECK_STATE_URL=url)
    assert ended.code == Exit.BLOCK
    assert "pg_isready" in wrong(ended)["state this machine"]
    assert "s3cret" not in ended.out + ended.err


def test_in_a_build_step_rollouts_need_a_database(desk: Desk) -> None:
    ended = doctor(desk, "staging", CI="true")
    assert set(wrong(ended)) == {"state this machine"}
    assert doctor(desk, "staging", "--for", "read", CI="true").code == Exit.PASS


def test_so_they_do_on_cloud_run_whose_disk_goes_away(desk: Desk) -> None:
    ended = doctor(desk, "staging", K_SERVICE="skewcheck")
    assert "goes away with the Cloud Run instance" in checks(ended)["state this machine"]["told"]


def test_a_probes_token_that_is_not_set_is_bad(desk: Desk) -> None:
    ended = doctor(desk, "staging", SKEWCHECK_CHAT_TOKEN="")
    assert wrong(ended) == {"probe-token chat": "bad: export SKEWCHECK_CHAT_TOKEN=…"}


def test_a_token_command_runs_only_where_it_may(desk: Desk) -> None:
    branch = desk.promise("command", "env: SKEWCHECK_CHAT_TOKEN", "command: [echo, a-good-token]")
    refs = ("--ref", branch, "--policy-ref", branch)
    ended = doctor(desk, "staging", *refs)
    assert ended.code == Exit.INCONCLUSIVE
    assert wrong(ended) == {
        "probe-token chat": "unknown: skewcheck doctor staging --allow-commands"
    }
    assert doctor(desk, "staging", *refs, "--allow-commands").code == Exit.PASS


def test_who_serves_needs_slack(desk: Desk) -> None:
    ended = doctor(desk, "staging", "--for", "all")
    assert set(wrong(ended)) == {"slack this machine"}
    with slack_server() as slack:
        told = {"SKEWCHECK_SLACK_BOT_TOKEN": TOKEN, "SKEWCHECK_SLACK_ENDPOINT": slack.endpoint}
        ended = doctor(desk, "staging", "--for", "all", SKEWCHECK_SLACK_CHANNEL="C1", **told)
        assert ended.code == Exit.PASS
        assert set(wrong(doctor(desk, "staging", **told))) == {"slack-channel this machine"}
    assert TOKEN not in ended.out


@pytest.mark.parametrize("prepared", ["nothing", "a repository", "a commit"])
def test_without_a_manifest_it_names_the_way_to_one(
    desk: Desk, tmp_path: Path, prepared: str
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    if prepared != "nothing":
        git("init", "--quiet", at=empty)
    if prepared == "a commit":
        author = ("-c", "user.name=Ada", "-c", "user.email=ada@acme.example")
        git(*author, "commit", "--quiet", "--allow-empty", "--message=Begin", at=empty)
    ended = run_here("doctor", "--repo", str(empty), "--format", "json", env=desk.env)
    assert ended.code == Exit.INCONCLUSIVE
    manifest = checks(ended)["manifest this machine"]
    assert manifest["told"].startswith("no manifest: ")
    if prepared == "a commit":
        assert manifest["fix"].startswith("skewcheck init")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("production",), id="an environment that is not there"),
        pytest.param(("--ref", "gone"), id="a ref that is not there"),
        pytest.param(("--ref", ""), id="a variable that nobody set"),
        pytest.param(("--for", "fun"), id="another purpose"),
    ],
)
def test_what_was_written_wrongly_is_a_usage_error(desk: Desk, words: tuple[str, ...]) -> None:
    ended = desk.run("doctor", *words)
    assert (ended.code, ended.out) == (Exit.USAGE, "")


def test_a_manifest_that_breaks_a_rule_is_told_with_its_place(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "staging.yaml"
    text = desk.stage.world.manifest.read_text()
    file.write_text(text.replace("services:", "services:\n  web: {colour: red}", 1))
    ended = desk.run("doctor", "--manifest", str(file))
    assert (ended.code, ended.out) == (Exit.USAGE, "")
    assert "services.web.colour: unknown key" in ended.err


def test_a_file_outside_of_git_is_read_as_the_environment_it_names(desk: Desk) -> None:
    file = str(desk.stage.world.manifest)
    ended = doctor(desk, "--manifest", file)
    assert ended.code == Exit.PASS
    assert checks(ended)["default-branch staging"]["state"] == "not needed"
