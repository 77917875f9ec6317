import pytest

from skewcheck.core.plan.plan import Move, Pair, Wait
from skewcheck.core.plan.view import Means
from skewcheck.render.plan.words import (
    exposure_words,
    holder_words,
    means_words,
    move_words,
    pair_words,
    short,
    up_to,
    wait_words,
)
from skewcheck.render.words import lasting
from tests.render.plan import worlds
from tests.render.plan.worlds import API_NEW, API_OLD, HOUR, STALE, WAIT, WEB_NEW, WEB_OLD

VIEW = worlds.view(worlds.client_first())


def test_a_commit_is_told_by_seven_digits_and_other_names_by_more() -> None:
    assert short(WEB_OLD) == "01d01d0"
    assert short("2026-11-23") == "2026-11-23"
    assert short("?01234567890123") == "?01234567890…"


def test_a_pair_names_both_sides_and_why_they_do_not_fit() -> None:
    assert pair_words(VIEW, STALE) == (
        "chat: frontend 01d01d0 → backend bbbb222: client speaks 2.1, server accepts >=3"
    )


def test_a_pair_that_nobody_knows_is_told_as_not_known() -> None:
    pair = Pair(link="chat", client=WEB_OLD, server="?", unknown=True)
    assert "backend ?: not known whether they fit: both say" in pair_words(VIEW, pair)


def test_a_wait_says_whose_clients_and_for_how_long() -> None:
    assert wait_words(VIEW, WAIT) == "until no client of frontend in 01d01d0 is left, up to 12 h"


def test_a_wait_without_pairs_is_for_clients() -> None:
    wait = Wait(service="backend", builds=(API_OLD,), seconds=60.0, pairs=())
    assert wait_words(VIEW, wait) == "until no client of backend in aaaa111 is left, up to 60 s"


def test_a_server_is_waited_for_only_where_affinity_reaches_it() -> None:
    wait = Wait(service="backend", builds=(API_OLD,), seconds=HOUR, pairs=(worlds.EARLY,))
    assert wait_words(VIEW, wait) == (
        "until no drained revision of backend in aaaa111 gets connections (session affinity),"
        " up to 1 h"
    )
    assert exposure_words(VIEW, wait) == (
        "everybody whom session affinity still sends to backend aaaa111, up to 12 h"
    )


def test_what_never_ends_says_so() -> None:
    assert up_to(None) == "for ever: they never end by themselves"


def test_what_holds_a_service_names_the_pair_that_would_meet() -> None:
    stale = "chat: frontend 01d01d0 → backend bbbb222: client speaks 2.1, server accepts >=3"
    assert holder_words(VIEW, worlds.CLIENT_FIRST) == (
        "frontend has to be done, and its old clients gone (up to 12 h), before backend moves"
        f" (client first): {stale}"
    )
    assert holder_words(VIEW, WAIT) == (
        f"until no client of frontend in 01d01d0 is left, up to 12 h: {stale}"
    )
    bare = Wait(service="frontend", builds=(WEB_OLD,), seconds=9.0, pairs=())
    assert holder_words(VIEW, bare).endswith(" is left, up to 9 s")
    assert holder_words(VIEW, STALE) == f"the targets are not known to fit, {stale}"


@pytest.mark.parametrize(
    ("seconds", "lingers", "told"),
    [
        pytest.param(0.0, 12 * HOUR, "up to 12 h", id="the waived wait counts nothing itself"),
        pytest.param(13 * HOUR, 12 * HOUR, "up to 13 h", id="the longer of both"),
        pytest.param(0.0, None, "for ever: they never end by themselves", id="no end"),
        pytest.param(None, 12 * HOUR, "for ever: they never end by themselves", id="no end here"),
    ],
)
def test_the_exposure_of_a_waiver_is_never_told_too_short(
    seconds: float | None, lingers: float | None, told: str
) -> None:
    view = worlds.view(
        worlds.client_first(),
        world=worlds.world(worlds.web(client_linger_s=lingers), worlds.api()),
    )
    wait = Wait(service="frontend", builds=(WEB_OLD,), seconds=seconds, pairs=(STALE,))
    assert exposure_words(view, wait) == (
        f"every tab of frontend 01d01d0 that is still open, {told}"
    )


def test_a_move_says_by_what_means_and_that_the_edge_forgets() -> None:
    assert move_words(VIEW, worlds.MOVE_WEB) == (
        "frontend 01d01d0 → 9e39e39 by trigger deploy-web (took 4 min last time);"
        " then its edge is told to forget"
    )
    assert move_words(VIEW, worlds.MOVE_API) == (
        "backend aaaa111 → bbbb222 by image us-docker.pkg.dev/acme/api:{build}"
    )


def test_a_service_that_is_only_stale_at_its_edge_moves_no_traffic() -> None:
    move = Move(service="frontend", build=WEB_NEW, invalidates=True)
    assert move_words(VIEW, move) == (
        "frontend serves 9e39e39 already: only its edge is told to forget"
    )


def test_narrowing_builds_nothing() -> None:
    move = Move(service="frontend", build=WEB_OLD, away=(WEB_NEW, API_NEW), narrows=True)
    assert move_words(VIEW, move) == (
        "frontend 9e39e39, bbbb222 → 01d01d0, which serves already: fewer builds are live then"
        " (traffic only)"
    )


def test_a_trigger_that_never_ran_has_a_length_that_nobody_knows() -> None:
    means = Means(told="trigger deploy-web", by_trigger=True)
    assert means_words(means) == "trigger deploy-web (nobody knows how long it takes)"


@pytest.mark.parametrize(
    ("seconds", "up_to", "at_least"),
    [
        (0.0, "0 s", "0 s"),
        (44.2, "45 s", "44 s"),
        (121.0, "3 min", "2 min"),
        (3600.0, "1 h", "1 h"),
        (12 * 3600 + 241.0, "12 h 5 min", "12 h 4 min"),
        (51 * 3600 + 1.0, "2 days 4 h", "2 days 3 h"),
        (72 * 3600.0, "3 days", "3 days"),
        (None, "for ever", "for ever"),
    ],
)
def test_a_length_that_bounds_is_rounded_to_the_true_side(
    seconds: float | None, up_to: str, at_least: str
) -> None:
    assert lasting(seconds) == up_to
    assert lasting(seconds, at_least=True) == at_least
