from dataclasses import replace

from skewcheck.core.plan.misfits import find_misfits
from skewcheck.core.plan.plan import Pair
from tests.core.plan.worlds import CLIENT_FIRST, HOUR, channel, misfits, pair_world, party, world


def pair(client: str, server: str, *, unknown: bool = False) -> Pair:
    return Pair(link="web>api", client=client, server=server, unknown=unknown)


def test_what_could_newly_meet_is_neither_live_nor_the_end() -> None:
    all_wrong = misfits(*(f"web>api: {c} {s}" for c in ("old", "new") for s in ("old", "new")))
    found = find_misfits(pair_world(), all_wrong)

    assert found.live == (pair("old", "old"),)
    assert found.after == (pair("new", "new"),)
    assert found.new == {"web>api": (pair("old", "new"), pair("new", "old"))}
    assert len(found.found["web>api"]) == 4


def test_an_unknown_fit_counts_as_a_misfit_and_says_so() -> None:
    found = find_misfits(pair_world(), misfits("web>api: old new?"))

    assert found.new["web>api"] == (pair("old", "new", unknown=True),)
    assert found.any_unknown
    assert not find_misfits(pair_world(), CLIENT_FIRST).any_unknown


def test_a_link_where_all_fit_is_left_out() -> None:
    assert find_misfits(pair_world(), misfits()).found == {}


def test_lingering_clients_and_copies_at_the_edge_are_live() -> None:
    seen = pair_world(web={"lingering": ("tab",), "at_edge": ("copy",)})
    found = find_misfits(seen, misfits("web>api: tab old", "web>api: copy old"))

    assert {each.client for each in found.live} == {"tab", "copy"}


def test_under_session_affinity_a_drained_build_still_is_a_server() -> None:
    book = misfits("web>api: old gone")
    drained = pair_world(api={"lingering": ("gone",), "server_linger_s": HOUR})
    without = pair_world(api={"lingering": ("gone",)})

    assert find_misfits(drained, book).live == (pair("old", "gone"),)
    assert find_misfits(without, book).found == {}


def test_a_target_that_drained_is_not_excused_for_serving_again() -> None:
    drained = pair_world(api={"lingering": ("new",), "server_linger_s": HOUR})

    assert find_misfits(drained, CLIENT_FIRST).live == ()


def test_each_pair_is_told_once_however_often_its_builds_occur() -> None:
    seen = pair_world(web={"serving": ("new", "old"), "lingering": ("old",)})

    assert find_misfits(seen, CLIENT_FIRST).new == {"web>api": (pair("old", "new"),)}


def test_links_come_by_name() -> None:
    seen = world([party("web"), party("api"), party("db")], [channel("web>db"), channel("api>db")])
    found = find_misfits(seen, misfits("web>db: old new", "api>db: old new"))

    assert list(found.found) == ["api>db", "web>db"]
    assert found == find_misfits(
        replace(seen, channels=seen.channels[::-1]), misfits("web>db: old new", "api>db: old new")
    )
