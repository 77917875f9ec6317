"""`diff` of the demo's staging and a production on a branch: what differs, and exit codes."""

import pytest

from tests.cli.conftest import Live
from tests.cli.desk import Desk, document
from tests.cli.test_pin import AUTHOR, git
from tests.programs import Ended


@pytest.fixture
def release(desk: Desk) -> Desk:
    """A branch on which production promises the old frontend, and the backend of protocol 3."""
    world = desk.stage.world
    if "release" not in git(desk, "branch", "--list"):
        written = world.manifest.read_text().replace(
            "environment: staging", "environment: production"
        )
        for new, other in (
            (world.history.new_frontend, world.history.old),
            (world.history.new_backend, world.history.next_protocol),
        ):
            written = written.replace(new, other)
        git(desk, "checkout", "--quiet", "-b", "release")
        production = world.manifest.with_name("production.yaml")
        production.write_text(written)
        git(desk, "add", "--all")
        identity = ("-c", "user.name=Ada", "-c", "user.email=ada@acme.example")
        git(desk, *identity, "commit", "--quiet", "--message", "Promise production")
        git(desk, "checkout", "--quiet", "main")
    return desk


def diff(desk: Desk, *words: str, **env: str) -> Ended:
    return desk.run("diff", "staging", "production", "--ref", "release", *words, **env)


def test_builds_commits_owners_and_contracts_between_two_environments(release: Desk) -> None:
    history = release.stage.world.history
    ended = diff(release, "--format", "json")
    told = document(ended)
    assert (ended.code, ended.err, told["differs"], told["unknown"]) == (0, "", True, [])
    web, api = told["services"]
    assert (web["owner"], api["owner"]) == ("web", "api")
    assert (web["first"]["promised"], web["second"]["promised"]) == (
        history.new_frontend,
        history.old,
    )
    assert [each["build"] for each in web["second"]["live"]] == [history.new_frontend]
    between = web["between"]["promised"]
    assert (between["relation"], between["only_first"]["count"]) == ("ahead", 3)
    assert api["between"]["promised"]["relation"] == "behind"
    (link,) = told["links"]
    client, server = link["contracts"]
    assert [each["sha"] for each in client["commits"]] == [history.format_change]
    assert client["commits"][0]["author"] == "Grace"
    assert server["differences"][0] == "version 2.1 → 3.0"


def test_a_difference_is_no_failure_unless_it_is_asked_for(release: Desk) -> None:
    assert diff(release, "--promises").code == 0
    assert diff(release, "--promises", "--exit-code").code == 10


def test_promises_need_neither_network_nor_credentials(release: Desk) -> None:
    dead = "http://127.0.0.1:9"
    ended = diff(release, "--promises", SKEWCHECK_GCP_ENDPOINT="", HTTP_PROXY=dead, NO_PROXY="")
    assert (ended.code, ended.err) == (0, "")
    assert "only promises were compared" in ended.out


def test_what_could_not_be_learnt_is_11_and_told_once(release: Desk) -> None:
    ended = diff(release, SKEWCHECK_GCP_ENDPOINT="", COLUMNS="80")
    assert (ended.code, ended.err) == (11, "")
    assert ended.out.count("no usable Google credentials") == 1
    assert "live      " in ended.out
    assert "(edge" in ended.out
    assert diff(release, "--exit-code", SKEWCHECK_GCP_ENDPOINT="").code == 10


def test_it_fits_into_80_columns_and_has_no_colour_in_a_pipe(release: Desk) -> None:
    ended = diff(release, COLUMNS="80")
    assert max(map(len, ended.out.splitlines())) <= 80
    assert "\x1b" not in ended.out
    _, coloured = release.on_a_terminal(
        *("diff", "staging", "production", "--ref", "release", "--promises"), TERM="xterm"
    )
    assert "\x1b[1;36mDIFFERENT" in coloured


def test_a_change_gets_markdown(release: Desk) -> None:
    ended = diff(release, "--promises", "--format", "markdown")
    assert ended.out.startswith("## DIFFERENT: staging → production\n")


def test_production_can_be_pinned_to_what_staging_promises(release: Desk) -> None:
    """And then the two do not differ."""
    pins = ("frontend=@staging", "backend=@staging", "--branch", "catch-up")
    ended = release.run("pin", "production", *pins, "--ref", "release", **AUTHOR)
    assert (ended.code, ended.err) == (0, "")
    same = release.run("diff", "staging", "production", "--ref", "catch-up", "--exit-code")
    assert (same.code, same.out.startswith("THE SAME  staging → production")) == (0, True)
    git(release, "branch", "-D", "catch-up")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(["staging"], "Missing argument 'OTHER'", id="one environment"),
        pytest.param(["staging", "staging"], "compared with itself", id="one twice"),
        pytest.param(["staging", "prod"], "environments there: staging", id="none of that name"),
        pytest.param(["staging", "prod", "--ref", ""], "--ref: is empty", id="an empty ref"),
        pytest.param(["staging", "prod", "--format", "junit"], "'junit'", id="an unknown format"),
    ],
)
def test_what_is_asked_wrongly_is_a_mistake(live: Live, words: list[str], says: str) -> None:
    ended = live.run("diff", *words, "--repo", str(live.repository.path))
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err
    assert "Traceback" not in ended.err
