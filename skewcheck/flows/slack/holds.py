"""Holding an environment from Slack, and letting it go: as `skewcheck hold`, for those listed."""

from skewcheck.core.audit.records import held, released
from skewcheck.core.errors import ActionFailedError, UsageError
from skewcheck.core.rollout.consent import Hold
from skewcheck.core.slack.asks import HoldAsk
from skewcheck.core.slack.deciding import not_listed
from skewcheck.core.slack.inbox import Item
from skewcheck.flows.rooms import Room
from skewcheck.flows.slack.desk import Desk
from skewcheck.render.slack.answers import render_hold


def hold(desk: Desk, item: Item, ask: HoldAsk) -> None:
    """What cannot be recorded does not happen."""
    now = desk.shared.clock.now()
    if ask.until is not None and ask.until <= now:
        told = f"{ask.until:%Y-%m-%d %H:%M} UTC is over"
        raise UsageError(told, hint=f"/skewcheck hold {ask.environment} WHY until LATER")
    with desk.open_room(ask.environment) as room:
        _require_listed(desk, item, room)
        asked = Hold(who=item.who, why=ask.why, at=now, until=ask.until)
        desk.shared.audit.append(held(ask.environment, asked))
        room.notes.set_hold(asked)
    desk.tell(item, render_hold(ask.environment, asked))


def release(desk: Desk, item: Item, environment: str) -> None:
    with desk.open_room(environment) as room:
        _require_listed(desk, item, room)
        now = desk.shared.clock.now()
        desk.shared.audit.append(released(environment, who=item.who, at=now))
        room.notes.set_hold(None)
    desk.tell(item, render_hold(environment, None))


def _require_listed(desk: Desk, item: Item, room: Room) -> None:
    if not desk.entry_of(item, room):
        told = not_listed(room.loaded.manifest.policy.approvals)
        raise ActionFailedError(told, hint=f"skewcheck hold {room.environment}, at a terminal")
