"""People in a Slack workspace, before the running service: what they type, press and are told."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from skewcheck.adapters.clock import SystemClock
from tests.processes import waited_for
from tests.serving import Served
from tests.slack_server import CHANNEL, SECRET, TOKEN, Slack, click, command, form, signed

# Slack gives up after three seconds; how long it takes is measured in benchmarks/.
_PATIENCE_S = 20.0


def slack_variables(slack: Slack) -> dict[str, str]:
    """What the service is told of Slack."""
    return {
        "SKEWCHECK_SLACK_ENDPOINT": slack.endpoint,
        "SKEWCHECK_SLACK_BOT_TOKEN": TOKEN,
        "SKEWCHECK_SLACK_SIGNING_SECRET": SECRET,
        "SKEWCHECK_SLACK_CHANNEL": CHANNEL,
    }


def actions(message: dict[str, Any]) -> dict[str, str]:
    """The buttons of a message, with their values."""
    blocks = message.get("blocks", [])
    buttons = [b for block in blocks if block["type"] == "actions" for b in block["elements"]]
    return {each["action_id"]: each["value"] for each in buttons}


@dataclass
class Workspace:
    slack: Slack
    served: Served
    triggers: Iterator[int] = field(default_factory=lambda: count(1))

    def say(self, text: str, user: str) -> int:
        """A slash command."""
        return self.send(
            form(
                command(
                    text,
                    user=user,
                    trigger=f"1.{next(self.triggers)}",
                    response_url=self.slack.response_url(),
                )
            )
        )

    def press(self, action: str, rollout: str, user: str) -> int:
        return self.send(
            form(
                click(
                    action,
                    rollout,
                    user=user,
                    trigger=f"2.{next(self.triggers)}",
                    response_url=self.slack.response_url(),
                )
            )
        )

    def send(self, body: bytes, headers: dict[str, str] | None = None) -> int:
        """The status of the acknowledgement."""
        given = signed(body, SECRET, SystemClock().now()) if headers is None else headers
        place = urlsplit(self.served.url).netloc
        with closing(HTTPConnection(place, timeout=_PATIENCE_S)) as connection:
            connection.request("POST", "/slack/events", body=body, headers=given)
            return connection.getresponse().status

    def proposal(self) -> str:
        """The name of the rollout that the first message with buttons proposes."""

        def proposed() -> list[str]:
            posted = map(actions, self.slack.told("chat.postMessage"))
            return [each["approve"] for each in posted if "approve" in each]

        assert waited_for(lambda: bool(proposed())), self.slack.said
        return proposed()[0]

    def answered(self, words: str, *, times: int = 1) -> bool:
        """Whether somebody was told that, to themselves."""

        def answers() -> int:
            return sum(words in json.dumps(each) for each in self.slack.told("response_url"))

        return waited_for(lambda: answers() >= times)

    def shown(self, words: str) -> bool:
        """Whether a message in the channel came to say that."""
        return waited_for(
            lambda: any(words in json.dumps(e) for e in tuple(self.slack.messages.values()))
        )

    def outcomes(self) -> list[str | None]:
        return [each["outcome"] for each in self.served.rollouts()]

    def ended(self) -> bool:
        return waited_for(lambda: bool(self.outcomes()) and all(self.outcomes()))
