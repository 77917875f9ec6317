"""A rollout in its one message, from the announcement to the end."""

from dataclasses import replace

from inline_snapshot import snapshot

from skewcheck.core.rollout.order import RolloutKind
from skewcheck.render.slack.rollout import render_announcement, render_end, render_running
from tests.builders import NOW
from tests.render.rollout import worlds
from tests.slack_fakes import buttons_of, read


def test_what_starts_by_itself_is_told_beforehand() -> None:
    order = worlds.order(who="slack:U0ADA")
    assert read(render_announcement(order, "protocol-skew on chat", NOW)) == snapshot("""\
Redeploy of staging starts by itself
Why: protocol-skew on chat
by <@U0ADA>: format-skew on chat
Services
frontend 01d01d0 → 9e39e39 by trigger deploy-web
backend aaaa111 → bbbb222 by image us-docker.pkg.dev/acme/api:bbbb222, in acme-api@us-central1
rollout r-20261123-7f3a1b, plan 5f3c0de5f3c0de01
To stop it
skewcheck rollouts cancel staging r-20261123-7f3a1b
told at 22:10:00 UTC, before anything moves\
""")


def test_while_it_goes_on_the_newest_step_stands_first() -> None:
    view = replace(worlds.succeeded(), outcome=None, status="running")
    assert read(render_running(view)) == snapshot("""\
Redeploy of staging is under way
by ada@acme.example: format-skew on chat
Services
frontend 01d01d0 → 9e39e39 by trigger deploy-web
backend aaaa111 → bbbb222 by image us-docker.pkg.dev/acme/api:bbbb222, in acme-api@us-central1
rollout r-20261123-7f3a1b, plan 5f3c0de5f3c0de01
running
2 steps, until 2026-11-23 22:11 UTC, the newest first
22:11:01 ok acme-api-bbbb22-7f3a1b is ready and takes no traffic
22:10:05 ok backend is claimed until 2026-11-23 22:40 UTC\
""")


def test_before_its_first_step_it_says_that_there_is_none() -> None:
    view = replace(worlds.succeeded(), outcome=None, entries=(), status="")
    assert "no step yet" in read(render_running(view))


def test_the_end_tells_the_outcome_what_remains_the_evidence_and_the_way_back() -> None:
    made = render_end(worlds.succeeded())
    assert read(made) == snapshot("""\
SUCCEEDED: redeploy of staging
by ada@acme.example: format-skew on chat
Services
frontend 01d01d0 → 9e39e39 by trigger deploy-web
backend aaaa111 → bbbb222 by image us-docker.pkg.dev/acme/api:bbbb222, in acme-api@us-central1
rollout r-20261123-7f3a1b, plan 5f3c0de5f3c0de01
What remains
open tabs of frontend 01d01d0, until 2026-11-24 10:10 UTC
2 steps, until 2026-11-23 22:11 UTC, the newest first
22:11:01 ok acme-api-bbbb22-7f3a1b is ready and takes no traffic
22:10:05 ok backend is claimed until 2026-11-23 22:40 UTC
Evidence
create backend/0: operations/4711
create backend/0: answers at https://r-7f3a1b---acme-api.a.run.app
Every step
skewcheck rollouts show staging r-20261123-7f3a1b
Undo\
""")
    assert buttons_of(made) == ["undo"]


def test_a_stuck_one_tells_what_to_do_by_hand_and_offers_no_undo() -> None:
    made = render_end(worlds.stuck())
    assert f"To finish by hand\n{worlds.BY_HAND}" in read(made)
    assert buttons_of(made) == []


def test_a_rollback_that_succeeded_is_not_undone_by_a_button() -> None:
    order = worlds.order(kind=RolloutKind.ROLLBACK, why="")
    assert buttons_of(render_end(worlds.succeeded(order=order))) == []


def test_what_broke_off_is_told_with_why() -> None:
    view = replace(worlds.succeeded(), outcome=None, entries=())
    told = read(render_end(view, broke="it broke off: the manifest is gone"))
    assert told.startswith("BROKE OFF: redeploy of staging")
    assert "the manifest is gone" in told
    assert "Evidence" not in told
