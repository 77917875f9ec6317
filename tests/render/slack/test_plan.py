# ruff: noqa: E501 - goldens are as wide as what they pin

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from inline_snapshot import snapshot

from skewcheck.core.policy import Approvals
from skewcheck.core.rollout.order import RolloutKind
from skewcheck.core.rollout.permission import Refusal
from skewcheck.core.slack.proposal import ProposalState, Proposed
from skewcheck.render.slack.plan import headline_of, render_plan, render_proposal, shown_of
from tests.builders import NOW
from tests.render.plan import worlds
from tests.slack_fakes import buttons_of, read

BY = Approvals(count=2, by=("S0OPS", "U0LIN", "ada@acme.example"))


def proposed(wanted: Approvals = BY, **changed: Any) -> Proposed:
    view = worlds.view(worlds.waived())
    bare = Proposed(
        rollout="20261123-2210-7f3a1b",
        environment="staging",
        kind=RolloutKind.REDEPLOY,
        digest=view.digest,
        asked_by="slack:U0ADA",
        at=NOW,
        expires=NOW + timedelta(minutes=15),
        why="stale edge since the morning",
    )
    bare = replace(bare, **changed)
    return replace(bare, headline=headline_of(view, bare), shown=shown_of(view, bare, wanted))


def test_a_plan_is_told_with_its_waves_and_what_they_expose() -> None:
    assert read(render_plan(worlds.view(worlds.client_first()))) == snapshot("""\
SAFE: staging, 2 services in 2 waves, at least 12 h 5 min, waits included
broken now:
broken: chat: frontend 01d01d0 → backend aaaa111: both say 2.1, but the format differs
broken: ↳ mended in wave 1 for whoever loads it anew; it ends with the last client of frontend 01d01d0, up to 12 h
wave 1
move: frontend 01d01d0 → 9e39e39 by trigger deploy-web (took 4 min last time); then its edge is told to forget
mends: chat: frontend 01d01d0 → backend aaaa111: both say 2.1, but the format differs
undo: wave 1 without a wait
undo: ↳ frontend by building 01d01d0 again (took 4 min last time)
wave 2
wait: until no client of frontend in 01d01d0 is left, up to 12 h
wait: ↳ chat: frontend 01d01d0 → backend bbbb222: client speaks 2.1, server accepts >=3
move: backend aaaa111 → bbbb222 by image us-docker.pkg.dev/acme/api:{build}
undo: waves 1 and 2 without a wait
what no invalidation reaches:
lingers: open tabs and browser caches of frontend 01d01d0, up to 12 h by policy
lingers: ↳ chat: frontend 01d01d0 → backend aaaa111: both say 2.1, but the format differs
what takes longest:
critical: frontend, then backend
plan 5f3c0de5f3c0de01, good until 2026-11-23 22:25 UTC while the world stays as it is\
""")


def test_what_stands_against_a_plan_stands_below_it() -> None:
    against = (Refusal(why="staging is held by kim: demo", fix="x"),)
    told = read(render_plan(worlds.view(worlds.client_first()), against))
    assert told.endswith("What stands against it\nstaging is held by kim: demo")


def test_a_proposal_tells_what_it_does_what_it_exposes_and_who_may_approve() -> None:
    made = render_proposal(proposed(), wanted=BY)
    assert read(made) == snapshot("""\
Redeploy of staging? 2 services in 2 waves, at least 5 min, waits included
asked by <@U0ADA>: stale edge since the morning
WAIVED by ada@acme.example: chat is down for all (accepts: every tab of frontend 01d01d0 that is still open, up to 12 h)
broken now:
broken: chat: frontend 01d01d0 → backend aaaa111: both say 2.1, but the format differs
broken: ↳ mended in wave 1 for whoever loads it anew; it ends with the last client of frontend 01d01d0, up to 12 h
wave 1
move: frontend 01d01d0 → 9e39e39 by trigger deploy-web (took 4 min last time); then its edge is told to forget
mends: chat: frontend 01d01d0 → backend aaaa111: both say 2.1, but the format differs
undo: wave 1 without a wait
undo: ↳ frontend by building 01d01d0 again (took 4 min last time)
wave 2
no wait: until no client of frontend in 01d01d0 is left: waived by ada@acme.example (chat is down for all)
no wait: ↳ accepted: every tab of frontend 01d01d0 that is still open, up to 12 h
no wait: ↳ chat: frontend 01d01d0 → backend bbbb222: client speaks 2.1, server accepts >=3
move: backend aaaa111 → bbbb222 by image us-docker.pkg.dev/acme/api:{build}
may fail: chat: frontend 01d01d0 → backend bbbb222: client speaks 2.1, server accepts >=3
undo: waves 1 and 2 without a wait
what no invalidation reaches:
lingers: open tabs and browser caches of frontend 01d01d0, up to 12 h by policy
lingers: ↳ chat: frontend 01d01d0 → backend aaaa111: both say 2.1, but the format differs
what takes longest:
critical: frontend, then backend
plan 5f3c0de5f3c0de01, good until 2026-11-23 22:25 UTC while the world stays as it is
2 of these, and not who asked, may start it: <!subteam^S0OPS>, <@U0LIN>, ada@acme.example
0 of 2 approvals, good until 2026-11-23 22:25 UTC
Approve
Decline\
""")
    assert buttons_of(made) == ["approve", "decline"]


def test_its_buttons_are_worth_the_rollouts_name() -> None:
    assert render_proposal(proposed(), wanted=BY).blocks[-1] == snapshot(
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "text": {"type": "plain_text", "text": "Approve", "emoji": False},
                    "action_id": "approve",
                    "value": "20261123-2210-7f3a1b",
                    "style": "primary",
                },
                {
                    "type": "button",
                    "text": {"type": "plain_text", "text": "Decline", "emoji": False},
                    "action_id": "decline",
                    "value": "20261123-2210-7f3a1b",
                    "style": "danger",
                },
            ],
        }
    )


def test_who_has_approved_so_far_is_named() -> None:
    told = read(render_proposal(proposed(), given=["slack:U0KIM"], wanted=BY))
    assert "1 of 2 approvals, good until 2026-11-23 22:25 UTC: <@U0KIM>" in told


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (ProposalState.STARTED, "Started, approved by <@U0KIM>"),
        (ProposalState.DECLINED, "Declined by <@U0LIN>"),
        (ProposalState.EXPIRED, "Expired 2026-11-23 22:25 UTC: ask again"),
        (
            ProposalState.CHANGED,
            "Changed: it would be plan d2 now, so nothing started. Ask again",
        ),
    ],
)
def test_what_is_decided_says_so_and_has_no_buttons(state: ProposalState, told: str) -> None:
    over = replace(proposed(), state=state, decided_by="slack:U0LIN", became="d2")
    made = render_proposal(over, given=["slack:U0KIM"])
    assert read(made).splitlines()[-1] == told
    assert buttons_of(made) == []
    assert made.text.endswith(f"({state})")


def test_where_nobody_has_to_approve_one_of_the_list_still_starts_it() -> None:
    nobody = Approvals(by=("U0LIN",))
    told = read(render_proposal(proposed(nobody), wanted=nobody))
    assert "1 of these may start it: <@U0LIN>" in told
    assert "0 of 1 approvals" in read(render_proposal(proposed(nobody)))


def test_a_rollback_says_that_one_person_is_enough_whoever_asked() -> None:
    told = read(render_proposal(proposed(kind=RolloutKind.ROLLBACK), wanted=BY))
    assert told.startswith("Rollback of staging?")
    assert "1 of these may start it" in told


def test_what_nobody_asked_for_says_so() -> None:
    told = read(render_proposal(proposed(triggered=True, asked_by="skewcheck@acme", why="")))
    assert "nobody asked, the policy says on_skew: redeploy; by skewcheck@acme\n" in told
