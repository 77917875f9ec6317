from datetime import datetime

import pytest
from inline_snapshot import snapshot
from rich.cells import cell_len

from skewcheck.core.chronicle.account import Account, Past, account_of
from skewcheck.core.chronicle.then import live_at
from skewcheck.render.history import render_history, render_report
from tests.core.chronicle.looks import after, stretch
from tests.render.history import pasts
from tests.render.rollout import worlds


def told(past: Past, at: datetime | None = None, width: int = 80) -> str:
    then = None if at is None else live_at(past.stretches, at)
    return render_history(past, width=width, colour=False, at=at, then=then)


def summed(*accounts: Account) -> str:
    return render_report(accounts, width=80, colour=False)


def test_a_history_is_told_the_newest_first_with_its_gaps_and_rollouts() -> None:
    assert told(pasts.past()) == snapshot("""\
staging  2026-11-23 12:00 UTC to 2026-11-24 12:00 UTC, 24 h
skew 2 h 30 min, nobody looked for 9 h
2026-11-24 07:00 to 14:00 UTC  PASS
  backend   9e399e3 100% (traffic)
  frontend  9e399e3 100% (traffic)
2026-11-24 06:00 UTC  INCONCLUSIVE
  backend   9e399e3 100% (traffic)
  frontend  9e399e3 100% (traffic)
  - chat: 01d001d → 9e399e3 ? not known
2026-11-23 21:00 to 2026-11-24 06:00 UTC  nobody looked
2026-11-23 17:00 to 21:00 UTC  PASS
  backend   9e399e3 100% (traffic)
  frontend  9e399e3 100% (traffic)
2026-11-23 16:00 UTC  redeploy r-20261123-7f3a1b SUCCEEDED by ada@acme.example:
    frontend 9e39e39, backend bbbb222
2026-11-23 13:30 to 16:00 UTC  BLOCK  skew
  backend   9e399e3 100% (traffic)
  frontend  01d001d (edge, page), ? not known 10% (traffic)
  - chat: 01d001d → 9e399e3 DOES NOT FIT, 12.5% of new meetings
  - chat: ? → 9e399e3 ? not known
  - stale-edge on frontend
  - unreachable on api
2026-11-23 10:00 to 13:00 UTC  PASS
  backend   9e399e3 100% (traffic)
  frontend  9e399e3 100% (traffic)
""")


def test_an_empty_history_says_what_to_do() -> None:
    assert told(pasts.nothing()) == snapshot("""\
staging  2026-11-23 12:00 UTC to 2026-11-24 12:00 UTC, 24 h
? not known: nobody looked
next: skewcheck status staging, or skewcheck serve, which looks by itself
""")


def test_a_moment_that_somebody_saw() -> None:
    assert told(pasts.past(), after(4)) == snapshot("""\
staging  at 2026-11-23 16:00 UTC
2026-11-23 13:30 to 16:00 UTC  BLOCK  skew
  backend   9e399e3 100% (traffic)
  frontend  01d001d (edge, page), ? not known 10% (traffic)
  - chat: 01d001d → 9e399e3 DOES NOT FIT, 12.5% of new meetings
  - chat: ? → 9e399e3 ? not known
  - stale-edge on frontend
  - unreachable on api
meanwhile  redeploy r-20261123-7f3a1b SUCCEEDED by ada@acme.example: frontend
    9e39e39, backend bbbb222
""")


def test_a_moment_that_nobody_saw_is_not_known_and_its_neighbours_are_told() -> None:
    assert told(pasts.past(), after(4.5)) == snapshot("""\
staging  at 2026-11-23 16:30 UTC
? not known: nobody looked then

the last look before it:
2026-11-23 13:30 to 16:00 UTC  BLOCK  skew
  backend   9e399e3 100% (traffic)
  frontend  01d001d (edge, page), ? not known 10% (traffic)
  - chat: 01d001d → 9e399e3 DOES NOT FIT, 12.5% of new meetings
  - chat: ? → 9e399e3 ? not known
  - stale-edge on frontend
  - unreachable on api

the first look after it:
2026-11-23 17:00 to 21:00 UTC  PASS
  backend   9e399e3 100% (traffic)
  frontend  9e399e3 100% (traffic)
""")


@pytest.mark.parametrize(
    ("hour", "title"), [(-3, "the first look after it:"), (30, "the last look before it:")]
)
def test_outside_of_all_looks_there_is_one_neighbour(hour: float, title: str) -> None:
    text = told(pasts.past(), after(hour))
    assert title in text
    assert text.count(" look ") == 1


def test_without_any_look_a_moment_says_what_to_do() -> None:
    assert "next: skewcheck status staging" in told(pasts.nothing(), after(1))


def test_a_rollout_that_is_still_going_on_was_under_way_ever_since() -> None:
    past = pasts.past(rollouts=(worlds.waiting(), pasts.ROLLOUT))
    assert "meanwhile  rollback r-20261123-111111 UNFINISHED" in told(past, after(20))
    assert "meanwhile" not in told(past, after(3))


def test_sums_of_a_day_that_went_wrong() -> None:
    assert summed(pasts.account()) == snapshot("""\
staging  2026-11-23 12:00 UTC to 2026-11-24 12:00 UTC, 24 h
looked    15 h of 24 h; nobody looked for 9 h
skew      2 h 30 min (chat 2 h 30 min, frontend 2 h 30 min)
between   2 h 30 min between two looks that differ about it
unknown   api 2 h 30 min
exposed   chat: as if all new meetings had failed for 19 min; for 1 h 30 min a
          share that nobody knows
detected  within 30 min (median), 30 min (worst), of 1
mended    within 3 h 30 min (median), 3 h 30 min (worst), of 1
gates     40 asked: 36 pass, 4 block
rollouts  5 ordered: 2 succeeded, 1 stuck, 1 unfinished, 1 rolled back

skew:
  2026-11-23 13:30 UTC  format-skew on chat, stale-edge on frontend  seen within
      30 min, mended within 3 h 30 min

blocked by the gate:
  2026-11-23 14:00 UTC  backend 9e399e3, 2 times  format-skew on chat  mended by
      a rollout r-20261123-7f3a1b, 2026-11-23 16:15 UTC
  2026-11-23 17:00 UTC  as it stood  stale-edge on frontend  still blocked
  2026-11-23 18:00 UTC  backend 9e399e3  passed later, 2026-11-23 19:00 UTC

let past:
  ada  everything, 1 time  the board demo
  Bob  stale-edge on frontend, 2 times  known
""")


def test_of_nothing_everything_is_unknown() -> None:
    assert summed(account_of(pasts.nothing())) == snapshot("""\
staging  2026-11-23 12:00 UTC to 2026-11-24 12:00 UTC, 24 h
? not known: nobody looked, and no gate was asked
next: skewcheck status staging, or skewcheck serve, which looks by itself
looked    0 s of 24 h; nobody looked for 24 h
skew      none that anybody saw
detected  nothing to measure
mended    nothing to measure
gates     none asked
rollouts  none ordered
""")


def test_several_environments_stand_one_below_the_other() -> None:
    text = summed(pasts.account(), account_of(pasts.nothing()))
    assert text.count("\n\nstaging  2026-11-23 12:00 UTC") == 1


def test_a_day_without_skew_says_so() -> None:
    text = summed(account_of(pasts.past(stretch(0, 24))))
    assert "skew      none that anybody saw" in text
    assert "looked    24 h of 24 h\n" in text
    assert "detected  nothing to measure" in text
    assert "gates     none asked" in text


def test_looks_that_stand_alone_have_no_length() -> None:
    text = summed(account_of(pasts.past(stretch(1, 1))))
    assert "looked    at single moments of 24 h only" in text
    assert "? not known" not in text
    seen = summed(account_of(pasts.past(stretch(1, 1, pasts.STALE))))
    assert "skew      seen, for no time that is known" in seen


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    texts = (
        told(pasts.past(), width=width),
        render_report([pasts.account()], width=width, colour=False),
    )
    assert all(cell_len(line) <= width for text in texts for line in text.splitlines())


def test_only_a_pass_is_green() -> None:
    green = "\x1b[1;32m"
    assert green in render_history(pasts.past(stretch(0, 1)), width=80, colour=True)
    bad = pasts.past(stretch(0, 1, pasts.STALE), rollouts=())
    assert green not in render_history(bad, width=80, colour=True)
    assert green not in render_history(pasts.nothing(), width=80, colour=True)
