"""Probes in brief."""

import pytest

from skewcheck.core.probed.probes import Doubt
from skewcheck.render.page.probed import probed_links
from tests.render.page.views import document_of, page, view
from tests.render.probe_worlds import (
    failing,
    holding,
    incident_probed,
    link,
    probe_report,
    rated,
    refused,
)
from tests.transcripts import DIRECT


def test_each_way_tells_how_often_it_held_and_what_failed_first() -> None:
    (seen,) = probed_links(document_of(probe_report(link(holding(), failing(), refused()))))
    told = [(each.word, each.tone, each.counted, each.variant) for each in seen.ways]
    assert told == [
        ("holds", "pass", "5 of 5", "as a browser"),
        ("fails", "block", "0 of 8", "as a browser"),
        ("refused", "pass", "1 of 1", "wrong format, made-up token"),
    ]
    assert "main cleanup" in seen.ways[1].told
    assert seen.ways[0].told


def test_an_experiment_that_fails_only_tells_causes_apart() -> None:
    from skewcheck.core.wire.script import Variant

    seen = probe_report(link(failing(1, variant=Variant(auth="header"), target=DIRECT)))
    (one,) = probed_links(document_of(seen))[0].ways
    assert (one.word, one.tone) == ("fails", "none")


def test_what_is_neither_is_in_doubt() -> None:
    read = {"probes": {"links": [{"link": "chat", "probed": [{"word": "? not known"}]}]}}
    (way,) = probed_links(read)[0].ways  # type: ignore[arg-type]
    assert (way.tone, way.place, way.counted) == ("doubt", "", "0 of 0")


def test_rates_and_doubts_stand_below() -> None:
    doubt = Doubt(what="not-probed", why="no token", fix="set SKEWCHECK_CHAT_TOKEN")
    seen = probe_report(link(holding(), rated=(rated(),), doubts=(doubt,)))
    (one,) = probed_links(document_of(seen))
    assert one.doubts == ("not-probed: no token",)
    assert len(one.rates) == 1
    assert "? not-probed: no token" in page(view(seen)).text


@pytest.mark.parametrize("number", [0, 1])
def test_a_link_of_which_no_handshake_was_made_says_so(number: int) -> None:
    seen = probe_report(link(*[holding()] * number))
    assert ("no handshake was made" in page(view(seen)).text) is (number == 0)


def test_nothing_is_shown_where_nobody_asked() -> None:
    assert "Probes of" not in page().text
    assert "Probes of chat" in page(view(incident_probed())).text
