# ruff: noqa: E501 - goldens are as wide as what they pin

from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from inline_snapshot import snapshot
from rich.cells import cell_len

from skewcheck.core.rollout.journal import Entry, Outcome
from skewcheck.core.rollout.order import ServiceOrder
from skewcheck.core.rollout.view import RolloutView
from skewcheck.render.rollout import (
    render_entry,
    render_outcome,
    render_rollout,
    render_rollouts,
)
from tests.builders import NOW
from tests.render.plan.worlds import WEB_NEW
from tests.render.rollout import worlds


def line(entry: Entry) -> str:
    return render_entry(entry, width=80, colour=False)


def told(view: RolloutView) -> str:
    return render_rollout(view, width=80, colour=False)


@pytest.mark.parametrize(
    ("entry", "shown"),
    [
        (worlds.CLAIMED, "22:10:05  ok         backend is claimed until 2026-11-23 22:40 UTC\n"),
        (
            worlds.REFUSED,
            "22:13:00  FAILED     backend: somebody else has moved the traffic meanwhile\n",
        ),
        (worlds.STOPPED, "22:10:05  cancelled  bob@acme.example cancelled it\n"),
    ],
)
def test_each_step_is_a_line_with_its_time_and_how_it_went(entry: Entry, shown: str) -> None:
    assert line(entry) == shown


def test_a_step_that_says_nothing_is_told_by_its_key() -> None:
    assert line(worlds.entry(told="")) == "22:10:05  ok         claim backend/0\n"
    assert told(worlds.succeeded(entries=(worlds.entry(told=""),))).count("claim backend/0") == 1


def test_times_are_in_utc_wherever_a_step_was_written_down() -> None:
    berlin = timezone(timedelta(hours=1))
    entry = worlds.entry(at=NOW.astimezone(berlin))
    assert line(entry).startswith("22:10:00  ok")
    assert "1 step, until 2026-11-23 22:10 UTC" in told(worlds.succeeded(entries=(entry,)))


def test_only_what_worked_is_green() -> None:
    drawn = [
        render_entry(entry, width=80, colour=True)
        for entry in (worlds.CLAIMED, worlds.REFUSED, worlds.STOPPED)
    ]
    assert ["\x1b[32m" in text for text in drawn] == [True, False, False]


def test_a_rollout_that_worked_shows_each_step_with_its_evidence() -> None:
    assert told(worlds.succeeded()) == snapshot("""\
SUCCEEDED  staging  redeploy r-20261123-7f3a1b  (exit 0)  2026-11-23 22:10 UTC
who      ada@acme.example
why      format-skew on chat
plan     5f3c0de5f3c0de01, 2 waves
rules    promises at c0ffeec, policy at d00dfee
service  frontend 01d01d0 → 9e39e39 by trigger deploy-web
service  backend aaaa111 → bbbb222 by image us-docker.pkg.dev/acme/api:bbbb222,
         in acme-api@us-central1

2 steps, until 2026-11-23 22:11 UTC
22:10:05  ok         backend is claimed until 2026-11-23 22:40 UTC
                     - step claim backend/0
22:11:01  ok         acme-api-bbbb22-7f3a1b is ready and takes no traffic
                     - step create backend/0
                     - operations/4711
                     - answers at https://r-7f3a1b---acme-api.a.run.app

what remains:
  - open tabs of frontend 01d01d0, until 2026-11-24 10:10 UTC
""")


def test_a_stuck_rollout_shows_the_commands_that_finish_it() -> None:
    assert told(worlds.stuck()) == snapshot("""\
STUCK  staging  redeploy r-20261123-0badc0  (exit 12)  2026-11-23 22:10 UTC
who      ada@acme.example
why      format-skew on chat
plan     5f3c0de5f3c0de01, 2 waves
rules    promises at c0ffeec, policy at d00dfee
resumes  r-20261122-aaaaaa
status   the way back failed 3 times
service  frontend 01d01d0 → 9e39e39 by trigger deploy-web
service  backend aaaa111 → bbbb222 by image us-docker.pkg.dev/acme/api:bbbb222,
         in acme-api@us-central1

3 steps, 1 FAILED, 1 cancelled, until 2026-11-23 22:13 UTC
22:10:05  ok         backend is claimed until 2026-11-23 22:40 UTC
                     - step claim backend/0
22:13:00  FAILED     backend: somebody else has moved the traffic meanwhile
                     - step shift backend/0 in wave 2
                     - acme-api-00009 has 100%
22:10:05  cancelled  bob@acme.example cancelled it
                     - step wait frontend in wave 2

what remains:
  - traffic of acme-api@us-central1 stays pinned

to finish by hand:
  gcloud run services update-traffic acme-api --project=acme-staging --region=us-central1 --to-revisions=acme-api-00001=100
""")


def test_an_unfinished_rollout_says_what_it_does_and_has_no_exit() -> None:
    assert told(worlds.waiting()) == snapshot("""\
UNFINISHED  staging  rollback r-20261123-111111  2026-11-23 22:10 UTC
who      ada@acme.example
why      format-skew on chat
plan     5f3c0de5f3c0de01, 2 waves
rules    promises at c0ffeec, policy at d00dfee
status   waits until 2026-11-24 10:10 UTC; the terminal may be closed
service  frontend 01d01d0 → 9e39e39 by trigger deploy-web
service  backend aaaa111 → bbbb222 by image us-docker.pkg.dev/acme/api:bbbb222,
         in acme-api@us-central1

no step yet
""")


def test_only_a_rollout_that_succeeded_is_green() -> None:
    def drawn(outcome: Outcome | None) -> str:
        return render_rollout(worlds.succeeded(outcome=outcome), width=80, colour=True)

    green = [outcome for outcome in (*Outcome, None) if "\x1b[1;32m" in drawn(outcome)]
    assert green == [Outcome.SUCCEEDED]


def test_a_rollout_that_went_back_has_the_exit_of_a_failed_action() -> None:
    first = told(worlds.succeeded(outcome=Outcome.ROLLED_BACK)).splitlines()[0]
    assert first.startswith("ROLLED BACK  staging  redeploy r-20261123-7f3a1b  (exit 12)")


def test_a_service_that_is_only_stale_at_its_edge_says_so() -> None:
    stale = ServiceOrder(name="frontend", target=WEB_NEW)
    text = told(worlds.succeeded(order=worlds.order(services=(stale,))))
    assert "\nservice  frontend 01d01d0 → 9e39e39 by its edge only\n" in text


def test_rollouts_stand_in_a_table_where_there_is_room() -> None:
    views = [worlds.waiting(), worlds.stuck(), worlds.succeeded()]
    assert render_rollouts(views, width=160, colour=False) == snapshot("""\
rollout             when                   kind       outcome      who                to
r-20261123-111111   2026-11-23 22:10 UTC   rollback   UNFINISHED   ada@acme.example   frontend 9e39e39, backend bbbb222
                                                                                      waits until 2026-11-24 10:10 UTC; the terminal may be closed
r-20261123-0badc0   2026-11-23 22:10 UTC   redeploy   STUCK        ada@acme.example   frontend 9e39e39, backend bbbb222
                                                                                      the way back failed 3 times
r-20261123-7f3a1b   2026-11-23 22:10 UTC   redeploy   SUCCEEDED    ada@acme.example   frontend 9e39e39, backend bbbb222
""")


def test_rollouts_stand_one_below_the_other_where_there_is_none() -> None:
    views = [worlds.waiting(), worlds.stuck(), worlds.succeeded()]
    assert render_rollouts(views, width=80, colour=False) == snapshot("""\
r-20261123-111111  2026-11-23 22:10 UTC  rollback  UNFINISHED  ada@acme.example
  frontend 9e39e39, backend bbbb222  waits until 2026-11-24 10:10 UTC; the
      terminal may be closed
r-20261123-0badc0  2026-11-23 22:10 UTC  redeploy  STUCK  ada@acme.example
  frontend 9e39e39, backend bbbb222  the way back failed 3 times
r-20261123-7f3a1b  2026-11-23 22:10 UTC  redeploy  SUCCEEDED  ada@acme.example
  frontend 9e39e39, backend bbbb222
""")


def test_no_rollout_is_said_not_left_blank() -> None:
    assert render_rollouts([], width=80, colour=False) == "no rollout yet\n"


def test_every_line_but_a_command_fits_into_eighty_columns() -> None:
    long = replace(worlds.REFUSED, told="word " * 40, evidence=("x" * 200,))
    view = replace(worlds.stuck(), entries=(long,), remains=("word " * 40,))
    wide = [each for each in told(view).splitlines() if cell_len(each) > 80]
    assert [each.strip() for each in wide] == [worlds.BY_HAND]
    assert all(cell_len(each) <= 80 for each in line(long).splitlines())


def test_who_saw_each_step_is_told_how_it_ended_and_what_is_left() -> None:
    assert render_outcome(worlds.stuck(), width=80, colour=False) == snapshot("""\
STUCK  staging  redeploy r-20261123-0badc0  (exit 12)  2026-11-23 22:10 UTC

what remains:
  - traffic of acme-api@us-central1 stays pinned

to finish by hand:
  gcloud run services update-traffic acme-api --project=acme-staging --region=us-central1 --to-revisions=acme-api-00001=100

every step: skewcheck rollouts show staging r-20261123-0badc0
""")
    assert render_outcome(worlds.succeeded(), width=80, colour=False) == snapshot("""\
SUCCEEDED  staging  redeploy r-20261123-7f3a1b  (exit 0)  2026-11-23 22:10 UTC

what remains:
  - open tabs of frontend 01d01d0, until 2026-11-24 10:10 UTC

every step: skewcheck rollouts show staging r-20261123-7f3a1b
""")
