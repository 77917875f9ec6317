"""What Slack has handed over, on the shelf until it is done: of all replicas one does it.

Rules of this file: it stands there before Slack is told that we have it; what came twice is done
once; whose replica dies, theirs is done by another when the turn is over.
"""

from dataclasses import replace
from datetime import timedelta

from skewcheck.core.slack.as_json import from_json, to_json
from skewcheck.core.slack.ids import is_user
from skewcheck.core.slack.inbox import Item
from skewcheck.flows.slack.carry_out import apologise, carry_out
from skewcheck.flows.slack.desk import INBOX, Desk
from skewcheck.ports.service import Shared

_SEEN = "seen"
_SEEN_LASTS = timedelta(minutes=10)
_TURN = timedelta(seconds=60)
_MOST_TRIES = 3


def is_first(shared: Shared, signature: str) -> bool:
    """Whether nobody has seen a request with that signature yet: the same again is a replay."""
    return shared.shelf.add(_SEEN, f"signed {signature}", None, at=shared.clock.now())


def accept(shared: Shared, item: Item) -> bool:
    """False for what is here already, was done already, or is nobody's."""
    if not item.key or not is_user(item.user) or _is_done(shared, item.key):
        return False
    return shared.shelf.add(INBOX, item.key, to_json(item), at=shared.clock.now())


def waiting(shared: Shared) -> tuple[str, ...]:
    return tuple(kept.key for kept in shared.shelf.all(INBOX))


def take_turn(shared: Shared, key: str) -> bool:
    """To be taken anew before it ends, for as long as the work goes on."""
    now = shared.clock.now()
    return shared.shelf.take_turn(f"{INBOX} {key}", shared.holder, now=now, lasts=_TURN)


def attempt(desk: Desk, key: str) -> None:
    """Nothing where it is done, or another replica's. What it raises leaves it here, to be tried
    again, until it has been tried too often."""
    shared = desk.shared
    if not take_turn(shared, key):
        return
    kept = shared.shelf.read(INBOX, key)
    if kept is not None and not _is_done(shared, key):
        item = from_json(Item, kept.value)
        if item.tries >= _MOST_TRIES:
            apologise(desk, item)
        else:
            item = replace(item, tries=item.tries + 1)
            shared.shelf.put(INBOX, key, to_json(item), at=shared.clock.now())
            carry_out(desk, item)
    _finish(shared, key)


def forget_seen(shared: Shared) -> None:
    """Older requests are refused for their age alone."""
    shared.shelf.forget(_SEEN, before=shared.clock.now() - _SEEN_LASTS)


def _is_done(shared: Shared, key: str) -> bool:
    return shared.shelf.read(_SEEN, f"done {key}") is not None


def _finish(shared: Shared, key: str) -> None:
    """Remembered before it is taken away: it may come once more."""
    shared.shelf.put(_SEEN, f"done {key}", None, at=shared.clock.now())
    shared.shelf.remove(INBOX, key)
    shared.shelf.end_turn(f"{INBOX} {key}", shared.holder)
