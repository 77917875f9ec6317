"""What came from Slack and was acknowledged: enough to do it on any replica, after any crash."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from skewcheck.core.slack.ids import who_of


class ItemKind(StrEnum):
    COMMAND = "command"
    CLICK = "click"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """`key` is Slack's trigger id, the same for each repetition. `text` is what stands behind the
    command; `action` and `value` are the button's. `rollout` is the name that this item has given
    to what it proposes, so that doing it again proposes the same."""

    key: str
    kind: ItemKind
    user: str
    at: datetime
    channel: str = ""
    response_url: str = ""
    text: str = ""
    action: str = ""
    value: str = ""
    tries: int = 0
    rollout: str = ""

    @property
    def who(self) -> str:
        return who_of(self.user)


def command_item(body: Mapping[str, Any], at: datetime) -> Item:
    """From the payload of a slash command."""
    return Item(
        key=_text(body, "trigger_id"),
        kind=ItemKind.COMMAND,
        user=_text(body, "user_id"),
        at=at,
        channel=_text(body, "channel_id"),
        response_url=_text(body, "response_url"),
        text=_text(body, "text"),
    )


def click_item(body: Mapping[str, Any], at: datetime) -> Item:
    """From the payload of a click on a button of a message."""
    actions = body.get("actions")
    action = actions[0] if isinstance(actions, list) and actions else {}
    return Item(
        key=_text(body, "trigger_id"),
        kind=ItemKind.CLICK,
        user=_text(_part(body, "user"), "id"),
        at=at,
        channel=_text(_part(body, "channel"), "id"),
        response_url=_text(body, "response_url"),
        action=_text(action, "action_id"),
        value=_text(action, "value"),
    )


def _part(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = body.get(key)
    return part if isinstance(part, dict) else {}


def _text(body: Any, key: str) -> str:
    value = body.get(key) if isinstance(body, dict) else None
    return value if isinstance(value, str) else ""
