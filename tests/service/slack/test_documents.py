"""What people paste into Slack fits what the program does."""

import re
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

from skewcheck.adapters.slack_api import SCOPES
from skewcheck.core.slack.reading import SHAPES
from skewcheck.service.slack import SlackService
from tests.flows.slack.world import Workspace
from tests.service.slack.desk import settings
from tests.slack_server import Slack

DOCS = Path(__file__).parents[3] / "docs"
TEXT = (DOCS / "slack.md").read_text(encoding="utf-8")
FILE = (DOCS / "slack-manifest.yaml").read_text(encoding="utf-8")
MANIFEST: dict[str, Any] = yaml.safe_load(FILE)


def test_the_app_asks_for_the_scopes_that_are_used_and_no_others() -> None:
    scopes = MANIFEST["oauth_config"]["scopes"]["bot"]
    assert sorted(scopes) == sorted({"commands", *SCOPES.values()})
    for scope in scopes:
        assert f"| `{scope}` |" in TEXT
    for method in SCOPES:
        assert f"`{method}`" in TEXT


def test_the_app_calls_the_route_that_is_served() -> None:
    space = Workspace()
    service = SlackService(space.shared, settings(Slack()), space.open_room)
    [route] = service.routes()
    [command] = MANIFEST["features"]["slash_commands"]
    for url in (command["url"], MANIFEST["settings"]["interactivity"]["request_url"]):
        assert url == f"https://skewcheck.acme.example{route.path}"
    assert command["command"] == "/skewcheck"
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True
    assert len(MANIFEST["display_information"]["description"]) <= 140


def test_the_text_shows_the_very_file() -> None:
    [shown] = re.findall(r"^   ```yaml\n(.*?)^   ```$", TEXT, re.DOTALL | re.MULTILINE)
    assert textwrap.dedent(shown) == FILE


@pytest.mark.parametrize("verb", list(SHAPES))
def test_every_command_is_documented_and_hinted_at(verb: str) -> None:
    assert f"| `/skewcheck {SHAPES[verb].usage}` |" in TEXT
    assert verb in MANIFEST["features"]["slash_commands"][0]["usage_hint"]


def test_every_variable_is_documented() -> None:
    named = set(re.findall(r"SKEWCHECK_SLACK_[A-Z_]+", (DOCS / "commands.md").read_text("utf-8")))
    assert named - {"SKEWCHECK_SLACK_ENDPOINT"} == set(
        re.findall(r"`(SKEWCHECK_SLACK_[A-Z_]+)` \|", TEXT)
    )
