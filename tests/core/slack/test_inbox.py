"""What came from Slack as a value: from its payloads, and to the shelf and back."""

from typing import Any

import pytest

from skewcheck.core.slack.as_json import from_json, to_json
from skewcheck.core.slack.inbox import Item, ItemKind, click_item, command_item
from tests.builders import NOW
from tests.slack_server import CHANNEL, click, command


def test_a_command_is_read_with_all_that_answering_it_needs() -> None:
    body = command("status staging", trigger="7.7", response_url="https://hooks.slack.com/1")
    assert command_item(body, NOW) == Item(
        key="7.7",
        kind=ItemKind.COMMAND,
        user="U0ADA",
        at=NOW,
        channel=CHANNEL,
        response_url="https://hooks.slack.com/1",
        text="status staging",
    )


def test_a_click_is_read_with_its_button() -> None:
    item = click_item(click("approve", "r1", user="U0KIM", trigger="8.8"), NOW)
    assert (item.key, item.kind, item.who) == ("8.8", ItemKind.CLICK, "slack:U0KIM")
    assert (item.action, item.value, item.channel) == ("approve", "r1", CHANNEL)


@pytest.mark.parametrize(
    "changed",
    [
        {"actions": []},
        {"actions": None},
        {"actions": ["approve"]},
        {"user": "U0KIM"},
        {"channel": None},
        {"trigger_id": 7},
    ],
)
def test_a_payload_of_another_shape_is_nobodys(changed: dict[str, Any]) -> None:
    item = click_item({**click("approve", "r1"), **changed}, NOW)
    assert "" in {item.key, item.user, item.action, item.channel}


def test_it_comes_back_from_the_shelf_as_it_was() -> None:
    item = click_item(click("approve", "r1"), NOW)
    assert from_json(Item, to_json(item)) == item


def test_keys_of_a_later_version_are_left_alone() -> None:
    written = to_json(command_item(command("help"), NOW))
    assert isinstance(written, dict)
    assert from_json(Item, {**written, "mood": "fine"}).text == "help"
    with pytest.raises(ValueError, match="user"):
        from_json(Item, {"key": "1"})
