"""The one message of each rollout: posted before anything moves, and kept up to date to its end.

Of all replicas one updates it at a time; what Slack refuses is tried again, ever more rarely.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from skewcheck.core.errors import SkewcheckError, UsageError
from skewcheck.core.rollout.order import Order
from skewcheck.core.rollout.view import RolloutView
from skewcheck.core.slack.as_json import from_json, to_json
from skewcheck.core.slack.message import Message
from skewcheck.core.slack.post import Post
from skewcheck.flows.note import record_end
from skewcheck.flows.redeploy import find_run, view_of
from skewcheck.flows.rooms import OpenRoom, Room
from skewcheck.flows.slack.desk import messenger_of, post_to
from skewcheck.flows.slack.proposals import channel_for
from skewcheck.ports.rollout import Run
from skewcheck.ports.service import Kept, Posted, Shared
from skewcheck.render.slack.answers import render_told
from skewcheck.render.slack.rollout import render_announcement, render_end, render_running

POST = "post"
_TURN = timedelta(seconds=60)
_KEPT = timedelta(days=60)
_STARTS_WITHIN = timedelta(minutes=10)
_GIVES_UP = 20
_MOST_PAUSE_S = 300
_UNDER_WAY = {"waiting", "running"}


def announce(shared: Shared, room: Room, order: Order, why: str) -> Posted:
    """That a rollout starts by itself. ActionFailedError where Slack refuses: then it must not."""
    message = render_announcement(order, why, shared.clock.now())
    posted = post_to(shared, channel_for(shared, room, order), message)
    register(shared, order.rollout, order.environment, posted)
    return posted


def register(shared: Shared, rollout: str, environment: str, posted: Posted) -> None:
    """From now on that message tells of the rollout; the first that is registered stays it."""
    post = Post(environment=environment, channel=posted.channel, ts=posted.ts)
    shared.shelf.add(POST, rollout, to_json(post), at=shared.clock.now())


def environment_of(shared: Shared, rollout: str) -> str:
    """Where the rollout of a message was. UsageError where nobody knows it any more."""
    kept = shared.shelf.read(POST, rollout)
    if kept is None:
        raise UsageError(
            "this rollout is not known here, or was long ago",
            hint="/skewcheck rollback ENVIRONMENT ROLLOUT",
        )
    return from_json(Post, kept.value).environment


def follow_posts(shared: Shared, open_room: OpenRoom) -> tuple[str, ...]:
    """Brings every message up to date that is not; why some could not be."""
    now = shared.clock.now()
    troubles = []
    for kept, post in _unfinal(shared):
        turn = f"post {kept.key}"
        if not shared.shelf.take_turn(turn, shared.holder, now=now, lasts=_TURN):
            continue
        try:
            _follow(shared, open_room, kept, post)
        except SkewcheckError as error:
            troubles.append(f"rollout {kept.key} in Slack: {error}")
            _later(shared, kept, post)
        shared.shelf.end_turn(turn, shared.holder)
    shared.shelf.forget(POST, before=now - _KEPT)
    return tuple(troubles)


def _unfinal(shared: Shared) -> Iterator[tuple[Kept, Post]]:
    now = shared.clock.now()
    for kept in shared.shelf.all(POST):
        post = from_json(Post, kept.value)
        if not post.final and (post.retry_at is None or post.retry_at <= now):
            yield kept, post


def _follow(shared: Shared, open_room: OpenRoom, kept: Kept, post: Post) -> None:
    with open_room(post.environment) as room:
        run = _run(room, kept.key)
        if run is None:
            if shared.clock.now() - kept.at > _STARTS_WITHIN:
                messenger_of(shared).update(_place(post), _not_started(kept.key, post.environment))
                _keep(shared, kept, replace(post, final=True))
            return
        if run.status in _UNDER_WAY:
            view = view_of(room.engine, run)
            if (len(view.entries), view.status) != (post.told, post.status):
                messenger_of(shared).update(_place(post), render_running(view))
                _keep(shared, kept, _told(post, view))
            return
        view = view_of(room.engine, run, room.doors.platform)
    _end(shared, kept, post, run, view)


def _not_started(rollout: str, environment: str) -> Message:
    told = f"rollout {rollout} of {environment} did not start after all"
    return render_told(told, f"/skewcheck status {environment}")


def _end(shared: Shared, kept: Kept, post: Post, run: Run, view: RolloutView) -> None:
    """Told with what came of it; its end is on record before its message says so."""
    if view.outcome is not None:
        record_end(shared.audit, view.order, view.outcome, at=shared.clock.now())
    broke = "" if view.outcome is not None else f"it broke off: {run.result}"
    messenger_of(shared).update(_place(post), render_end(view, broke=broke))
    _keep(shared, kept, replace(_told(post, view), final=True))


def _run(room: Room, rollout: str) -> Run | None:
    """None before it was started: it was announced, and then perhaps refused."""
    try:
        return find_run(room.engine, room.environment, rollout)
    except UsageError:
        return None


def _told(post: Post, view: RolloutView) -> Post:
    told = len(view.entries)
    return replace(post, told=told, status=view.status, failures=0, retry_at=None)


def _later(shared: Shared, kept: Kept, post: Post) -> None:
    failures = post.failures + 1
    pause = timedelta(seconds=min(2**failures, _MOST_PAUSE_S))
    late = replace(post, failures=failures, retry_at=shared.clock.now() + pause)
    _keep(shared, kept, replace(late, final=failures >= _GIVES_UP))


def _keep(shared: Shared, kept: Kept, post: Post) -> None:
    shared.shelf.replace(kept, POST, to_json(post), at=shared.clock.now())


def _place(post: Post) -> Posted:
    return Posted(post.channel, post.ts)
