"""Acme with a Slack workspace: what is typed and pressed there comes about in the rollouts' world.

Ada asks, Kim and Lin are on the allowlist, Kim by a group; Mallory is in the workspace, no more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from skewcheck.core.errors import UsageError
from skewcheck.core.rollout.as_json import order_from_json
from skewcheck.core.rollout.order import Order
from skewcheck.core.slack.as_json import from_json
from skewcheck.core.slack.proposal import Proposed
from skewcheck.flows.rooms import Room
from skewcheck.flows.slack.carry_out import carry_out
from skewcheck.flows.slack.desk import Desk
from skewcheck.flows.slack.posts import follow_posts
from skewcheck.flows.slack.proposals import expire_proposals
from skewcheck.ports.service import Message
from tests.flows.rollout.world import Rollouts
from tests.flows.sharing import RolloutsRoom, sharing, trail
from tests.slack_fakes import FakeMessenger, click, item, read

ADA, KIM, LIN, MALLORY = "U0ADA", "U0KIM", "U0LIN", "U0MALLORY"
TWO = {"count": "2", "by": ["S0OPS", LIN]}
ONE = {"count": "1", "by": ["S0OPS", LIN]}
NONE_NEEDED = {"by": [ADA, KIM]}


@dataclass
class Workspace:
    """`approvals` is the policy's; `rollouts` the world behind it."""

    approvals: dict[str, Any] = field(default_factory=lambda: ONE)
    policy: dict[str, Any] = field(default_factory=dict)
    services: dict[str, Any] = field(default_factory=dict)
    page: str = ""

    def __post_init__(self) -> None:
        policy = {"approvals": self.approvals, **self.policy}
        self.rollouts = Rollouts(policy=policy, services=self.services)
        self.slack = FakeMessenger(groups={"S0OPS": frozenset({KIM, "U0OLA"})})
        self.clock = self.rollouts.world.clock
        self.shared = replace(sharing(self.clock), messenger=self.slack, channel="")
        self.room: Room = RolloutsRoom(self.rollouts)
        self._keys = 0

    @property
    def desk(self) -> Desk:
        return Desk(shared=self.shared, open_room=self.open_room, page=self.page,
                    environments=lambda: ("staging", "production"))  # fmt: skip

    @contextmanager
    def open_room(self, environment: str) -> Iterator[Room]:
        if environment != "staging":
            raise UsageError(f"manifests/{environment}.yaml: no such file", hint="commit it")
        yield self.room

    def says(self, user: str, text: str, **changed: Any) -> str:
        """What they are answered, besides that it is being worked on."""
        return self._heard(lambda: carry_out(
            self.desk, item(text, user=user, **({"key": self._key()} | changed))))  # fmt: skip

    def presses(self, user: str, action: str, value: str | None = None, *, key: str = "") -> str:
        """A button of the newest proposal, or one with that value."""
        named = self.proposed().rollout if value is None else value
        pressed = click(action, named, user=user, key=key or self._key())
        return self._heard(lambda: carry_out(self.desk, pressed))

    def _heard(self, act: Any) -> str:
        before = len(self.slack.answers)
        act()
        told = [read(each) for each in self.slack.answers[before:]]
        return "\n".join(each for each in told if not each.endswith("…"))

    def _key(self) -> str:
        self._keys += 1
        return f"{self._keys}.0"

    def later(self, **length: float) -> None:
        self.clock.at += timedelta(**length)

    def proposals(self) -> list[Proposed]:
        """The oldest first."""
        kept = [from_json(Proposed, each.value) for each in self.shared.shelf.all("proposal")]
        return sorted(kept, key=lambda each: each.ts)

    def proposed(self) -> Proposed:
        return self.proposals()[-1]

    def state(self) -> str:
        return str(self.proposed().state)

    def message(self) -> Message:
        """The newest, as it stands now."""
        return self.slack.last()

    def orders(self) -> list[Order]:
        """The newest first."""
        return [order_from_json(run.order) for run in self.rollouts.engine.runs()]

    def carried_out(self) -> None:
        """By whoever carries rollouts out."""
        self.rollouts.follow(self.orders()[0].rollout)

    def sweep(self) -> tuple[str, ...]:
        expire_proposals(self.shared)
        return follow_posts(self.shared, self.open_room)

    def events(self, *keys: str) -> list[Any]:
        """Of the audit trail, the oldest first; with keys, tuples of what stands there."""
        records = trail(self.shared)
        if not keys:
            return [each["event"] for each in records]
        return [tuple(each.get(key) for key in ("event", *keys)) for each in records]


def asked(approvals: dict[str, Any] | None = None, **more: Any) -> Workspace:
    """Ada has asked for a redeploy, and it stands there with its buttons."""
    workspace = Workspace(approvals=ONE if approvals is None else approvals, **more)
    assert workspace.says(ADA, "redeploy staging - the incident") == ""
    assert workspace.state() == "open"
    return workspace


def started(workspace: Workspace) -> bool:
    return bool(workspace.orders())
