"""The matrix as a grid: every pair has a cell, told by a word and a sign and never colour alone."""

from datetime import timedelta
from typing import Any

from skewcheck.core.compatibility import Compatibility, Fit
from skewcheck.core.judge import Judgement
from skewcheck.core.live import Live, Presence
from skewcheck.core.matrix import Cell, LinkMatrix
from skewcheck.render.page.grid import Grid, grids
from tests.builders import NEW, NEXT, NOW, OLD, live, report
from tests.render import worlds
from tests.render.page.views import document_of, page, view

LATER = NOW + timedelta(minutes=3)


def cell(client: Live, server: Live, fit: Fit = Fit.YES, **changed: Any) -> Cell:
    told = changed.pop("sentence", "2.1 in the same format")
    return Cell(client=client, server=server, compatibility=Compatibility(fit, told), **changed)


def told(*cells: Cell) -> Any:
    link = LinkMatrix(link="chat", client="frontend", server="backend", cells=cells)
    return report(judgement=Judgement(findings=(), matrix=(link,)))


def grid(*cells: Cell) -> Grid:
    (found,) = grids(document_of(told(*cells)), LATER)
    return found


def test_the_rows_are_clients_and_the_columns_servers() -> None:
    clients, servers = (live(NEW), live(OLD)), (live(NEW), live(NEXT))
    found = grid(*(cell(client, server) for client in clients for server in servers))
    assert [each.name for each in found.columns] == [NEW.short, NEXT.short]
    assert [row.name for row, _ in found.rows] == [NEW.short, OLD.short]
    assert (found.fitting, found.pairs) == (4, 4)


def test_a_pair_that_was_not_compared_is_never_shown_as_fitting() -> None:
    seen = told(cell(live(NEW), live(NEW)), cell(live(OLD), live(NEXT)))
    (found,) = grids(document_of(seen), LATER)
    assert [[each is None for each in cells] for _, cells in found.rows] == [
        [False, True],
        [True, False],
    ]
    assert [each.text for each in page(view(seen)).all("td", "cell", "none")] == [
        "not compared",
        "not compared",
    ]


def test_each_fit_has_its_sign_its_word_and_its_colour() -> None:
    cells = [
        cell(live(NEW), live(build), fit) for build, fit in zip((NEW, OLD, NEXT), Fit, strict=True)
    ]
    shown = page(view(told(*cells))).all("td", "cell")
    found = {each.one("", "fit").text: each.classes - {"cell"} for each in shown}
    assert found == {"✓ fits": {"pass"}, "✗ does not fit": {"block"}, "? not known": {"doubt"}}


def test_a_fit_that_this_release_does_not_know_is_not_known() -> None:
    read: Any = document_of(told(cell(live(NEW), live(NEW))))
    read["matrix"][0]["cells"][0]["fit"] = "mostly"
    (found,) = grids(read, LATER)
    assert found.rows[0][1][0] is not None
    assert found.rows[0][1][0].word.told == "not known"


def test_the_share_of_new_meetings_is_told_where_both_shares_are_known() -> None:
    client, server = live(NEW, percent=90), live(NEW, percent=25)
    (_, (both,)), (_, (one,)) = grid(
        cell(client, server), cell(live(OLD, Presence.PAGE), server)
    ).rows
    assert both is not None
    assert one is not None
    assert (both.share, one.share) == ("22.5%", "")


def test_every_presence_is_told_and_until_when_one_may_linger() -> None:
    everywhere = live(NEW, *(each for each in Presence if each is not Presence.LINGERING))
    lingers = live(OLD, Presence.LINGERING, until=NOW + timedelta(hours=10))
    found = grid(cell(everywhere, live(NEW)), cell(lingers, live(NEW)))
    (first, _), (second, _) = found.rows
    assert first.presences == (
        "candidate", "traffic", "origin", "edge", "page", "session affinity",
    )  # fmt: skip
    assert not first.lingers
    assert second.presences == ("may linger until 2026-11-24 08:10 UTC",)
    assert second.lingers


def test_one_that_may_linger_for_an_unknown_time_says_only_that() -> None:
    found = grid(cell(live(OLD, Presence.LINGERING), live(NEW)))
    assert found.rows[0][0].presences == ("may linger",)


def test_what_is_not_a_plain_fact_is_said_on_the_cell() -> None:
    lingers = live(OLD, Presence.LINGERING, until=NOW + timedelta(hours=10))
    found = grid(
        cell(live(NEW), live(NEW), assumed=("contracts/a.yaml", "b.yaml")),
        cell(live(NEXT), live(NEW), sentence="2.1, vouched for by accepts"),
        cell(lingers, live(NEW), Fit.NO, pre_existing=True),
    )
    notes = [each.notes for _, cells in found.rows for each in cells if each is not None]
    assert notes[0] == ("assumed from contracts/a.yaml, b.yaml",)
    assert notes[1] == ("vouched for by accepts",)
    assert notes[2][0] == "pre-existing: so before this deploy"
    assert notes[2][1].startswith("gone by itself after 2026-11-2")


def test_since_when_is_told_of_what_does_not_fit_only() -> None:
    old = live(OLD, since=NOW - timedelta(hours=2))
    found = grid(cell(old, live(NEW), Fit.NO), cell(live(NEW, since=NOW), live(NEW)))
    sinces = [each.since for _, cells in found.rows for each in cells if each is not None]
    assert sinces == ["2026-11-23 20:10 UTC, 2 h ago", ""]


def test_a_live_build_without_a_name_says_why() -> None:
    shown = page(view(told(cell(live(None, why="the edge hung up"), live(NEW), Fit.UNKNOWN))))
    head = shown.one("table", "grid").one("tbody").one("th").text
    assert head.startswith("? not known")
    assert "the edge hung up" in head


def test_a_link_of_which_one_side_is_not_live_says_so() -> None:
    assert "No build of one of the two is known to be live." in page(view(told())).text


def test_the_incident_counts_its_pairs() -> None:
    found = grids(document_of(worlds.incident()), LATER)[0]
    assert found.fitting < found.pairs
    assert f"{found.fitting} of {found.pairs} pairs fit" in page().text


def test_something_that_is_no_party_is_an_unknown_one() -> None:
    read: Any = document_of(told(cell(live(NEW), live(NEW))))
    read["matrix"][0]["cells"][0]["client"] = None
    assert grids(read, LATER)[0].rows[0][0].name == "? not known"
