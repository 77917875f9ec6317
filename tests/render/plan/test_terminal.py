from dataclasses import replace
from typing import Any

import pytest
from inline_snapshot import snapshot
from rich.cells import cell_len

from skewcheck.core.plan.plan import Answer, ArcKind, Fix, Move, Pair, Plan, Wait, Wave
from skewcheck.core.plan.view import Means
from skewcheck.render.plan import render_plan
from tests.render.plan import worlds
from tests.render.plan.worlds import API_NEW, HOUR, WEB_NEW, WEB_OLD

NOT_KNOWN = Pair(link="chat", client=WEB_OLD, server=API_NEW, unknown=True)
ENDLESS = replace(worlds.WAIT, seconds=None)


def told(plan: Plan, *, width: int = 80, **changed: Any) -> str:
    return render_plan(worlds.view(plan, **changed), width=width, colour=False)


def flat(plan: Plan, **changed: Any) -> str:
    """On lines as long as they want."""
    return told(plan, width=1000, **changed)


def test_a_plan_from_a_broken_world_says_what_it_mends_and_waits_for() -> None:
    command = "skewcheck rollout start staging --plan 5f3c0de5f3c0de01"
    assert told(worlds.client_first(), next=(command,)) == snapshot("""\
SAFE  staging  2 services in 2 waves, at least 12 h 5 min, waits included  (exit
    0)  2026-11-23 22:10 UTC
plan 5f3c0de5f3c0de01, good until 2026-11-23 22:25 UTC while the world stays as
    it is

broken now:
  broken    chat: frontend 01d01d0 → backend aaaa111: both say 2.1, but the
            format differs
            - mended in wave 1 for whoever loads it anew; it ends with the last
              client of frontend 01d01d0, up to 12 h

wave 1
  move      frontend 01d01d0 → 9e39e39 by trigger deploy-web (took 4 min last
            time); then its edge is told to forget
  mends     chat: frontend 01d01d0 → backend aaaa111: both say 2.1, but the
            format differs
  undo      wave 1 without a wait
            - frontend by building 01d01d0 again (took 4 min last time)

wave 2
  wait      until no client of frontend in 01d01d0 is left, up to 12 h
            - chat: frontend 01d01d0 → backend bbbb222: client speaks 2.1,
              server accepts >=3
  move      backend aaaa111 → bbbb222 by image
            us-docker.pkg.dev/acme/api:{build}
  undo      waves 1 and 2 without a wait

what no invalidation reaches:
  lingers   open tabs and browser caches of frontend 01d01d0, up to 12 h by
            policy
            - chat: frontend 01d01d0 → backend aaaa111: both say 2.1, but the
              format differs

what takes longest:
  critical  frontend, then backend

what to do next:
  skewcheck rollout start staging --plan 5f3c0de5f3c0de01
""")


def test_a_waived_wait_is_loud_and_says_what_it_accepts() -> None:
    assert told(worlds.waived()) == snapshot("""\
SAFE  staging  2 services in 2 waves, at least 5 min, waits included  (exit 0)
    2026-11-23 22:10 UTC
WAIVED by ada@acme.example: chat is down for all (accepts: every tab of frontend
    01d01d0 that is still open, up to 12 h)
plan 5f3c0de5f3c0de01, good until 2026-11-23 22:25 UTC while the world stays as
    it is

broken now:
  broken    chat: frontend 01d01d0 → backend aaaa111: both say 2.1, but the
            format differs
            - mended in wave 1 for whoever loads it anew; it ends with the last
              client of frontend 01d01d0, up to 12 h

wave 1
  move      frontend 01d01d0 → 9e39e39 by trigger deploy-web (took 4 min last
            time); then its edge is told to forget
  mends     chat: frontend 01d01d0 → backend aaaa111: both say 2.1, but the
            format differs
  undo      wave 1 without a wait
            - frontend by building 01d01d0 again (took 4 min last time)

wave 2
  no wait   until no client of frontend in 01d01d0 is left: waived by
            ada@acme.example (chat is down for all)
            - accepted: every tab of frontend 01d01d0 that is still open, up to
              12 h
            - chat: frontend 01d01d0 → backend bbbb222: client speaks 2.1,
              server accepts >=3
  move      backend aaaa111 → bbbb222 by image
            us-docker.pkg.dev/acme/api:{build}
  may fail  chat: frontend 01d01d0 → backend bbbb222: client speaks 2.1, server
            accepts >=3
  undo      waves 1 and 2 without a wait

what no invalidation reaches:
  lingers   open tabs and browser caches of frontend 01d01d0, up to 12 h by
            policy
            - chat: frontend 01d01d0 → backend aaaa111: both say 2.1, but the
              format differs

what takes longest:
  critical  frontend, then backend
""")


def test_servers_behind_shipped_clients_go_back_only_when_those_are_gone() -> None:
    text = flat(worlds.server_first())
    first, second = [line for line in text.splitlines() if line.startswith("  undo")]
    assert first == "  undo      wave 1 without a wait"
    assert second == (
        "  undo      wave 2 without a wait; wave 1 only when no new client is left of"
        " frontend (up to 12 h)"
    )


def test_several_waves_go_back_together() -> None:
    move = Wave(waits=(), moves=(worlds.MOVE_API,))
    sticking = replace(move, sticky=("frontend",))
    text = flat(Plan(answer=Answer.SAFE, waves=(move, move, move, sticking, move)))
    undo = [line[12:] for line in text.splitlines() if line.startswith("  undo")]
    assert undo[1:3] == ["waves 1 and 2 without a wait", "waves 1 to 3 without a wait"]
    assert undo[4].startswith("waves 4 and 5 without a wait; waves 1 to 3 only when")


def test_what_a_trigger_deployed_is_built_again_to_go_back() -> None:
    assert "- frontend by building 01d01d0 again (took 4 min last time)" in flat(
        worlds.client_first()
    )


def test_a_trigger_that_nobody_knows_how_to_take_back_says_so() -> None:
    blind = Means(told="trigger deploy-web", by_trigger=True)
    text = flat(worlds.client_first(), services={"frontend": blind, "backend": worlds.IMAGE})
    assert "- frontend by hand: nobody knows which build its trigger goes back to" in text
    assert "trigger deploy-web (nobody knows how long it takes)" in text


@pytest.mark.parametrize(
    "move",
    [
        pytest.param(Move(service="frontend", build=WEB_NEW, invalidates=True), id="edge"),
        pytest.param(
            Move(service="frontend", build=WEB_OLD, away=(WEB_NEW,), narrows=True), id="narrows"
        ),
    ],
)
def test_what_no_trigger_built_is_not_built_again(move: Move) -> None:
    text = flat(Plan(answer=Answer.SAFE, waves=(Wave(waits=(), moves=(move,)),)))
    assert "by building" not in text


def test_a_rollback_says_that_it_is_one() -> None:
    text = flat(worlds.client_first(), going_back=True)
    assert text.startswith("SAFE  staging  rollback of 2 services in 2 waves")


def test_an_empty_plan_says_that_there_is_nothing_to_do() -> None:
    assert told(Plan(answer=Answer.SAFE), expires=None) == snapshot("""\
SAFE  staging  nothing to do  (exit 0)  2026-11-23 22:10 UTC
plan 5f3c0de5f3c0de01
""")


def test_an_empty_plan_does_not_hide_what_is_broken() -> None:
    plan = Plan(answer=Answer.SAFE, broken_now=(worlds.BOTH_OLD,), outlives=(worlds.BOTH_OLD,))
    assert "  nothing to do: no move mends 1 pair broken now  (exit 0)" in flat(plan)


def test_a_plan_that_does_not_end_never_names_a_least_time() -> None:
    text = flat(worlds.client_first(seconds=None))
    assert text.startswith("SAFE  staging  2 services in 2 waves, without an end  (exit 0)")


def test_a_deadlock_is_a_numbered_proof_with_what_would_break_it() -> None:
    assert told(worlds.deadlocked()) == snapshot("""\
NO SAFE ORDER  staging  1 deadlock  (exit 10)  2026-11-23 22:10 UTC
plan 5f3c0de5f3c0de01, good until 2026-11-23 22:25 UTC while the world stays as
    it is

deadlock: each of these has to move before another: backend, frontend
  1.        frontend has to be done, and its old clients gone (up to 12 h),
            before backend moves (client first)
            - chat: frontend 01d01d0 → backend bbbb222: client speaks 2.1,
              server accepts >=3
  2.        backend has to be done before frontend moves (server first)
            - chat: frontend 9e39e39 → backend aaaa111: client speaks 3.0,
              server accepts >=2,<3
  any of    widen server backend: let bbbb222 keep accepting 2.1
            window frontend: move both at once; connects fail
  or all    bridging releases of backend, which talk old and new, free all of
            them (no smaller set does)
""")


def test_each_of_several_deadlocks_is_numbered() -> None:
    loose = worlds.deadlock(bridges=("backend", "frontend"), exact=False)
    bare = worlds.deadlock(fixes=(), bridges=())
    text = flat(worlds.deadlocked(loose, bare))
    assert text.startswith("NO SAFE ORDER  staging  2 deadlocks  (exit 10)")
    assert "\ndeadlock 1 of 2: each of these" in text
    assert "\ndeadlock 2 of 2: each of these" in text
    assert "(no service of it can be left out; a smaller set may exist)" in text
    assert text.count("bridging") == 1


def test_a_drained_server_that_affinity_reaches_is_waited_for_too() -> None:
    arc = replace(worlds.SERVER_FIRST, wait_s=None)
    text = flat(worlds.deadlocked(worlds.deadlock(cycle=(worlds.CLIENT_FIRST, arc))))
    assert (
        "backend has to be done, and its drained revisions gone (for ever: they never end by"
        f" themselves), before frontend moves ({ArcKind.SERVER_FIRST})"
    ) in text


def test_what_stands_in_the_way_is_counted_by_kind() -> None:
    plan = worlds.client_first(
        answer=Answer.NO_SAFE_ORDER, broken_after=(worlds.STALE,), too_long=(ENDLESS,)
    )
    text = flat(plan)
    assert text.startswith(
        "NO SAFE ORDER  staging  1 pair of targets does not fit, 1 wait without an end  (exit 10)"
    )
    assert "\ntargets that are not known to fit, so no order can help:\n  targets   chat:" in text
    assert (
        "\nwaits without an end:\n  wait      until no client of frontend in 01d01d0 is left,"
        " for ever: they never end by themselves\n            - chat:"
    ) in text
    assert "\nwave 1, never carried out as it stands\n" in text
    two = replace(plan, broken_after=(worlds.STALE, worlds.EARLY), too_long=())
    assert "  2 pairs of targets do not fit  (exit 10)" in flat(two)


def test_what_is_unknown_and_decides_is_listed_once() -> None:
    arc = replace(worlds.CLIENT_FIRST, pair=NOT_KNOWN)
    plan = Plan(
        answer=Answer.UNKNOWN_DECIDES,
        arcs=(arc, worlds.SERVER_FIRST),
        deadlocks=(worlds.deadlock(cycle=(arc, worlds.SERVER_FIRST)),),
        broken_after=(replace(worlds.EARLY, unknown=True),),
        too_long=(Wait(service="frontend", builds=(WEB_OLD,), seconds=None, pairs=(NOT_KNOWN,)),),
    )
    text = flat(plan)
    assert text.startswith(
        "UNKNOWN DECIDES  staging  there would be a safe order if what is not known fitted"
        "  (exit 11)"
    )
    unknown = [line for line in text.splitlines() if line.startswith("  unknown")]
    assert len(unknown) == 2
    assert all("not known whether they fit" in line for line in unknown)


@pytest.mark.parametrize(
    ("changed", "mend"),
    [
        pytest.param({"outlives": ()}, "- mended in wave 1\n", id="for good"),
        pytest.param({}, "- mended in wave 1 for whoever loads it anew; it ends with the last"
                     " client of frontend 01d01d0, up to 12 h\n", id="tabs go on"),
        pytest.param({"waves": ()}, "- no move mends it: it ends with the last client of frontend"
                     " 01d01d0, up to 12 h\n", id="only lingers"),
        pytest.param({"waves": (), "outlives": ()}, "- nothing here mends it\n", id="not at all"),
    ],
)  # fmt: skip
def test_each_broken_pair_says_when_it_is_mended(changed: dict[str, Any], mend: str) -> None:
    assert mend in flat(worlds.client_first(**changed))


def lingers(plan: Plan, **changed: Any) -> list[str]:
    return [line[12:] for line in flat(plan, **changed).splitlines() if "  lingers" in line]


def test_tabs_and_caches_are_beyond_every_invalidation() -> None:
    waves = (Wave(waits=(), moves=(worlds.MOVE_WEB,)),)
    assert lingers(Plan(answer=Answer.SAFE, waves=waves)) == [
        "open tabs and browser caches of frontend 01d01d0, up to 12 h by policy"
    ]


def test_a_client_without_an_edge_lingers_where_it_runs() -> None:
    party = worlds.web(behind_edge=False, at_edge=(), lingering=(API_NEW, WEB_NEW))
    world = worlds.world(party, worlds.api())
    assert lingers(worlds.client_first(), world=world) == [
        "running clients of frontend 01d01d0, bbbb222, up to 12 h by policy"
    ]


def test_a_client_that_leaves_nothing_behind_is_not_told() -> None:
    gone = worlds.web(client_linger_s=0.0)
    plan = Plan(answer=Answer.SAFE, waves=(Wave(waits=(), moves=(worlds.MOVE_WEB,)),))
    assert lingers(plan, world=worlds.world(gone, worlds.api())) == []
    assert lingers(worlds.deadlocked()) == []


def test_a_link_of_its_own_may_let_clients_live_longer() -> None:
    world = worlds.world(linger_s=24 * HOUR)
    assert "up to 24 h by policy" in lingers(worlds.server_first(), world=world)[0]


def test_every_line_but_a_command_fits_into_eighty_columns() -> None:
    command = "gcloud " + "x" * 100
    plans = (worlds.client_first(), worlds.waived(), worlds.deadlocked())
    for plan in plans:
        lines = told(plan, next=(command,)).splitlines()
        assert [line.strip() for line in lines if cell_len(line) > 80] == [command]


def test_only_a_safe_plan_is_green() -> None:
    def drawn(plan: Plan) -> str:
        return render_plan(worlds.view(plan), width=80, colour=True)

    assert drawn(worlds.client_first()).startswith("\x1b[1;32mSAFE\x1b[0m")
    assert "\x1b[1;32m" not in drawn(worlds.deadlocked())
    assert "\x1b[1;32m" not in drawn(Plan(answer=Answer.UNKNOWN_DECIDES))


def test_a_fix_names_what_it_would_change() -> None:
    fixes = (Fix(kind="bridge", service="backend", told=f"let {API_NEW} talk 2.1 and 3.0"),)
    assert "  any of    bridge backend: let bbbb222 talk 2.1 and 3.0\n" in flat(
        worlds.deadlocked(worlds.deadlock(fixes=fixes))
    )
