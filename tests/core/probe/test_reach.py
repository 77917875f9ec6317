"""Where the edge fails, is there anything to compare it with?"""

from typing import Any

import pytest

from skewcheck.core.manifest import ProbeRule
from skewcheck.core.probe.experiments import Kit
from skewcheck.core.probe.kits import ProbePlan
from skewcheck.core.probe.reach import closed_to_us, doubts_after
from skewcheck.core.probed.probes import Probed
from skewcheck.core.wire.script import Variant
from skewcheck.core.wire.transcript import Transcript
from tests.builders import APP, OLD_FORMAT
from tests.transcripts import (
    CANDIDATE,
    DIRECT,
    EDGE,
    EXERCISE,
    closed,
    format_of,
    probed,
    rejected,
    script,
    transcript,
    welcomed,
)


def plan(**changed: Any) -> ProbePlan:
    said: dict[str, Any] = {
        "link": "chat",
        "client": "frontend",
        "server": "backend",
        "origin": APP,
        "kit": Kit(pairs=((format_of(), EDGE),)),
        "rule": ProbeRule(),
        "token": None,
        "trusted": frozenset(),
    }
    return ProbePlan(**(said | changed))


def whys(*seen: Probed, **changed: Any) -> list[str]:
    return [doubt.why for doubt in doubts_after(plan(**changed), seen)]


def direct(seen: Transcript, **changed: Any) -> Probed:
    return probed(seen, target=DIRECT, **changed)


BROKEN = probed(closed())


def test_an_edge_that_holds_needs_no_comparison() -> None:
    assert whys(probed(), no_way="ingress is internal") == []


def test_an_edge_that_fails_without_a_way_past_it_is_not_comparable() -> None:
    [doubt] = doubts_after(plan(no_way="ingress is internal"), (BROKEN,))
    assert doubt.what == "not-comparable"
    assert doubt.why.endswith("nothing to compare it with: ingress is internal")
    assert doubt.fix


def test_where_that_is_on_purpose_nobody_wonders() -> None:
    closed_way = direct(rejected(404))
    assert whys(BROKEN, closed_way, no_origin="witnesses names no origin") == []


def test_a_way_past_the_edge_that_is_closed_to_us_compares_nothing() -> None:
    [why] = whys(BROKEN, direct(rejected(403)))
    assert "revision acme-api-00002 directly: refused with HTTP 403" in why


def test_only_an_edge_is_compared() -> None:
    there = probed(closed(), target=CANDIDATE)
    assert whys(there, no_way="ingress is internal") == []


def test_several_formats_that_cannot_be_compared_are_told_once() -> None:
    other = probed(closed(), spoken=format_of(fingerprint=OLD_FORMAT))
    assert len(whys(BROKEN, other, no_way="ingress is internal")) == 1


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param([direct(welcomed())], id="it holds"),
        pytest.param([direct(closed())], id="it fails alike"),
        pytest.param([direct(rejected(403)), direct(closed())], id="one of two is open"),
        pytest.param([], id="there is none"),
    ],
)
def test_a_way_past_the_edge_that_is_open_compares(seen: list[Probed]) -> None:
    assert whys(BROKEN, *seen) == []


def test_each_format_is_compared_with_its_own() -> None:
    old = format_of(fingerprint=OLD_FORMAT)
    assert len(whys(BROKEN, direct(rejected(403)), direct(welcomed(), spoken=old))) == 1


def test_variants_compare_nothing() -> None:
    lost = direct(closed(), variant=Variant(without=("upgrade",)))
    assert len(whys(BROKEN, direct(rejected(403)), lost)) == 1


@pytest.mark.parametrize(
    ("past", "edge", "is_closed"),
    [
        pytest.param(rejected(403), closed(), True, id="refused below the edge's failure"),
        pytest.param(transcript(), rejected(403), True, id="never reached"),
        pytest.param(rejected(403), rejected(502), True, id="refused otherwise"),
        pytest.param(rejected(403), rejected(403), False, id="refused alike"),
        pytest.param(closed(), rejected(403), False, id="it comes further"),
        pytest.param(rejected(403), transcript(), False, id="it comes a little further"),
        pytest.param(closed(1011), closed(1000), False, id="it is let in"),
        pytest.param(welcomed(), closed(), False, id="it holds"),
        pytest.param(rejected(403), welcomed(), False, id="the edge holds"),
    ],
)
def test_a_way_is_closed_where_it_ends_below_the_edge(
    past: Transcript, edge: Transcript, *, is_closed: bool
) -> None:
    assert bool(closed_to_us(direct(past), probed(edge))) is is_closed


def test_a_conversation_that_no_contract_describes_is_not_passed_over() -> None:
    kit = Kit(pairs=((format_of(), EDGE),), exercise=True)
    [doubt] = doubts_after(plan(kit=kit), (probed(),))
    assert (doubt.what, doubt.fix) == (
        "not-probed",
        "describe it: probe.exercise in the contract",
    )
    spoken = format_of(script(exercise=EXERCISE))
    assert not list(doubts_after(plan(kit=kit), (probed(spoken=spoken),)))
    assert not list(doubts_after(plan(kit=kit), ()))


def test_a_revision_of_a_split_that_is_closed_to_us_is_not_passed_over() -> None:
    kit = Kit(pairs=((format_of(), EDGE), (format_of(), DIRECT)), directs=(DIRECT,))
    [why] = whys(probed(), direct(rejected(403)), kit=kit)
    assert why.startswith(
        "revision acme-api-00002 directly gets traffic, and its own URL is closed"
    )
    assert whys(probed(), direct(welcomed()), kit=kit) == []
    assert whys(probed(), direct(rejected(502)), kit=kit) == []
    assert whys(probed(), direct(rejected(403))) == []
