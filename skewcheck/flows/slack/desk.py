"""What every ask and click in Slack needs, and how people are answered."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from skewcheck.core.errors import ActionFailedError, SkewcheckError
from skewcheck.core.slack.as_json import to_json
from skewcheck.core.slack.ids import entry_for
from skewcheck.core.slack.inbox import Item
from skewcheck.core.slack.message import Message
from skewcheck.flows.rooms import OpenRoom, Room
from skewcheck.ports.service import Messenger, Posted, Shared
from skewcheck.render.slack.answers import render_told

INBOX = "inbox"


def _looks(shared: Shared) -> tuple[str, ...]:
    return tuple(kept.key for kept in shared.shelf.all("look"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """`page` is the public address of the status page, empty where there is none; `environments`
    names all there are, by default those that were looked at."""

    shared: Shared
    open_room: OpenRoom
    page: str = ""
    environments: Callable[[], Collection[str]] | None = None

    def known(self) -> Collection[str]:
        return _looks(self.shared) if self.environments is None else self.environments()

    def answer(self, item: Item, message: Message) -> None:
        """To the one who asked. Nothing where Slack gave no way to answer."""
        if item.response_url:
            messenger_of(self.shared).answer(item.response_url, message)

    def refuse(self, item: Item, error: SkewcheckError) -> None:
        self.answer(item, render_told(str(error), error.hint))

    def tell(self, item: Item, message: Message) -> None:
        """To everybody where it was asked, else to the one who asked."""
        try:
            messenger_of(self.shared).post(item.channel, message)
        except ActionFailedError:
            self.answer(item, message)

    def named(self, item: Item, room: Room) -> Item:
        """With the name of the rollout that it proposes, the same however often it is done."""
        if item.rollout:
            return item
        named, shared = replace(item, rollout=room.new_rollout()), self.shared
        shared.shelf.put(INBOX, item.key, to_json(named), at=shared.clock.now())
        return named

    def entry_of(self, item: Item, room: Room) -> str:
        """The entry of the policy's allowlist that lets them act; empty where none does."""
        by = room.loaded.manifest.policy.approvals.by
        return entry_for(item.user, by, messenger_of(self.shared).members)


def messenger_of(shared: Shared) -> Messenger:
    if shared.messenger is None:
        raise ActionFailedError("Slack is not set up here", hint="set SKEWCHECK_SLACK_BOT_TOKEN")
    return shared.messenger


def post_to(shared: Shared, channel: str, message: Message) -> Posted:
    """Where no channel is named, or it refuses us, to the service's own channel."""
    messenger, own = messenger_of(shared), shared.channel
    if not channel and not own:
        told = "no channel of Slack is named to tell it in"
        raise ActionFailedError(told, hint="set SKEWCHECK_SLACK_CHANNEL, or owner.slack")
    try:
        return messenger.post(channel or own, message)
    except ActionFailedError:
        if not channel or not own or channel == own:
            raise
        return messenger.post(own, message)
