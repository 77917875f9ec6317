"""Slack's Web API in memory, held to the same contract as the adapter against the stand-in server:
tests/adapters/test_slack_api.py.
"""

import threading
from dataclasses import dataclass, field
from typing import Any

from skewcheck.core.errors import ActionFailedError
from skewcheck.core.slack.inbox import Item, ItemKind
from skewcheck.ports.service import Message, Posted
from tests.builders import NOW
from tests.slack_blocks import wrong_with
from tests.slack_server import CHANNEL

RESPONSE_URL = "https://hooks.slack.com/commands/T1/1/secret"


@dataclass
class FakeMessenger:
    """`messages` are as they stand now, `answers` what single people were told. `refuses` is
    Slack's error code for whatever is asked next, for as long as it is set."""

    channels: set[str] = field(default_factory=lambda: {CHANNEL})
    groups: dict[str, frozenset[str]] = field(default_factory=dict)
    refuses: str = ""
    messages: dict[Posted, Message] = field(default_factory=dict)
    updates: list[tuple[Posted, Message]] = field(default_factory=list)
    answers: list[Message] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def post(self, channel: str, message: Message) -> Posted:
        with self._lock:
            self._check("chat.postMessage", channel, message)
            posted = Posted(channel, f"1700000000.{len(self.messages) + 1:06}")
            self.messages[posted] = message
            return posted

    def update(self, posted: Posted, message: Message) -> None:
        with self._lock:
            self._check("chat.update", posted.channel, message)
            if posted not in self.messages:
                raise _refused("chat.update", "message_not_found")
            self.messages[posted] = message
            self.updates.append((posted, message))

    def answer(self, response_url: str, message: Message) -> None:
        if not response_url.startswith("https://hooks.slack.com/"):
            raise ActionFailedError(f"{response_url!r} is no response URL of Slack")
        with self._lock:
            self._check("an answer to who asked", next(iter(self.channels)), message)
            self.answers.append(message)

    def members(self, group: str) -> frozenset[str]:
        if self.refuses or group not in self.groups:
            raise _refused("usergroups.users.list", self.refuses or "no_such_subteam")
        return self.groups[group]

    def last(self) -> Message:
        """The newest message, as it stands now."""
        return list(self.messages.values())[-1]

    def _check(self, method: str, channel: str, message: Message) -> None:
        wrong = wrong_with({"text": message.text, "blocks": list(message.blocks)})
        code = self.refuses or ("not_in_channel" if channel not in self.channels else "")
        if code or wrong:
            raise _refused(method, code or f"invalid_blocks: {wrong}")


def _refused(method: str, code: str) -> ActionFailedError:
    return ActionFailedError(f"Slack refused {method}: {code}")


def item(text: str, *, user: str = "U0ADA", key: str = "1.1", **changed: Any) -> Item:
    """A command that was just asked."""
    said: dict[str, Any] = {
        "kind": ItemKind.COMMAND,
        "at": NOW,
        "channel": CHANNEL,
        "response_url": RESPONSE_URL,
        "tries": 1,
    }
    return Item(key=key, user=user, text=text, **(said | changed))


def click(action: str, value: str, *, user: str = "U0KIM", key: str = "2.1") -> Item:
    """A button that was just pressed."""
    return item("", user=user, key=key, kind=ItemKind.CLICK, action=action, value=value)


def texts_of(message: Message) -> list[str]:
    """Every text of the blocks that a person reads, in order; people by their id."""
    return [text for block in message.blocks for text in _texts(block)]


def read(message: Message) -> str:
    return "\n".join(texts_of(message))


def buttons_of(message: Message) -> list[str]:
    """The action ids of what can be pressed."""
    actions = (each for each in message.blocks if each["type"] == "actions")
    return [str(button["action_id"]) for each in actions for button in _listed(each["elements"])]


def _listed(value: Any) -> list[dict[str, Any]]:
    return list(value)


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    if not isinstance(value, dict):
        return []
    match value.get("type"):
        case "rich_text_section":
            return ["".join(text for each in value["elements"] for text in _texts(each))]
        case "user":
            return [f"<@{value['user_id']}>"]
        case "usergroup":
            return [f"<!subteam^{value['usergroup_id']}>"]
        case "text" | "plain_text" | "link":
            return [value["text"]]
        case _:
            return [text for each in value.values() for text in _texts(each)]
