"""What is refused before anything is opened, and what is said when the service starts."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from skewcheck.core.errors import UsageError
from skewcheck.core.probe.kits import ProbeWanted
from skewcheck.service.asked import Asked, require_libraries, require_safety
from skewcheck.service.told import opening_lines
from skewcheck.settings import read_settings

HOME = {"HOME": "/home/ada"}
LOGIN = {"SKEWCHECK_LOGIN": "iap:/projects/1/apps/acme"}
DATABASE = {"SKEWCHECK_STATE_URL": "postgresql://u:secret@db/acme"}
CLOUD_RUN = {"K_SERVICE": "skewcheck"}
URL = "http://127.0.0.1:8080/"


def asked(variables: dict[str, str] | None = None, **said: Any) -> Asked:
    usual: dict[str, Any] = {
        "settings": read_settings(HOME | (variables or {})),
        "repo": ".",
        "ref": None,
        "policy_ref": None,
        "environments": (),
        "host": "127.0.0.1",
        "port": 0,
        "interval": timedelta(seconds=60),
        "probing": ProbeWanted(),
        "allow_commands": False,
        "read_only": False,
    }
    return Asked(**(usual | said))


def lines(of: Asked) -> list[str]:
    return list(opening_lines(of, ("production", "staging"), None, URL))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_without_a_login_this_machine_may_look(host: str) -> None:
    require_safety(asked(host=host))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.7", "acme.example", "127.0.0.1.evil"])
def test_without_a_login_nobody_else_may(host: str) -> None:
    with pytest.raises(UsageError, match="nobody vouches for visitors") as caught:
        require_safety(asked(host=host))
    assert "SKEWCHECK_LOGIN=iap:AUDIENCE" in caught.value.hint
    assert "ssh -L" in caught.value.hint


def test_with_a_login_any_address_may_be_listened_on() -> None:
    require_safety(asked(LOGIN, host="0.0.0.0"))


def test_on_cloud_run_rollouts_need_a_database_that_outlives_the_instance() -> None:
    with pytest.raises(UsageError, match="the disk goes away with the instance") as caught:
        require_safety(asked(CLOUD_RUN))
    assert "SKEWCHECK_STATE_URL=postgresql://" in caught.value.hint
    assert "--read-only" in caught.value.hint


@pytest.mark.parametrize(
    "safe",
    [
        pytest.param(asked(CLOUD_RUN | DATABASE), id="a database"),
        pytest.param(asked(CLOUD_RUN, read_only=True), id="read-only"),
        pytest.param(asked(), id="elsewhere"),
    ],
)
def test_else_it_may_run(safe: Asked) -> None:
    require_safety(safe)


def test_all_packages_that_serve_needs_are_part_of_its_extra() -> None:
    require_libraries()


def test_without_them_it_says_what_to_install() -> None:
    with pytest.raises(UsageError, match="not installed: no_such_package") as caught:
        require_libraries(("starlette", "no_such_package"))
    assert caught.value.hint == "pip install 'skewcheck[serve]'"


def test_it_says_where_it_listens_on_what_and_for_whom() -> None:
    assert lines(asked()) == [
        "listening on http://127.0.0.1:8080/",
        "environments: production, staging (surveyed every 60 s)",
        "nobody logs in, so only this machine may look (SKEWCHECK_LOGIN lets others in)",
        "Slack: off",
        f"state: {Path('/home/ada/.local/state/skewcheck')}",
    ]


def test_it_says_what_is_left_out() -> None:
    variables = LOGIN | DATABASE | {"SKEWCHECK_SLACK_BOT_TOKEN": "xoxb-secret"}
    said = lines(asked(variables, read_only=True, probing=ProbeWanted(skip="--no-probe")))
    assert said[1:] == [
        "environments: production, staging (surveyed every 60 s, without probes)",
        "visitors are vouched for by iap",
        "Slack: alerts only",
        "state: the database of SKEWCHECK_STATE_URL",
        "read-only: nothing rolls out from here, and nobody is answered in Slack",
    ]
    assert "secret" not in str(said)
