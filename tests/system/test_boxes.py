"""Real middle boxes: what each does to a WebSocket is found, and told from what the backend does.

nginx, HAProxy and Varnish stand in front of one backend, configured as people have them.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from signal import SIGHUP
from typing import Any

import pytest

from skewcheck.core.findings import Code
from skewcheck.core.ladder.climb import Rung
from skewcheck.core.ladder.readings import read_as_browser, read_as_rfc
from skewcheck.core.wire.script import Script, Variant
from tests.boxes.backend import TOKEN, backend
from tests.boxes.nginx import nginx
from tests.boxes.ways import nginx_ways
from tests.boxes.world import Boxes, boxes
from tests.probing import Link, Seen, probe

WELCOME = {"type": "connection_established"}
IN_OFFER = Script(
    offers=("jwt-auth", "jwt.{token:base64url}"),
    selected="jwt-auth",
    token_in="subprotocol",
    welcome=WELCOME,
)
IN_HEADER = Script(token_in="authorization", welcome=WELCOME)
SILENT, PINGING = (Variant(holds=how, hold_s=2.5) for how in ("silent", "pinging"))
SHORT_OF_THE_HOLD_S = 2.3


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Boxes]:
    """Started once for all tests: that is what takes long."""
    with boxes(tmp_path_factory.mktemp("boxes")) as world:
        yield world


def spoken(url: str, script: Script = IN_OFFER, **how: Any) -> Seen:
    return probe(url, script, token=TOKEN, **how)


def alike(seen: Seen) -> tuple[object, ...]:
    return seen.failure, seen.status, seen.close


@pytest.mark.parametrize("box", ["nginx", "haproxy"])
@pytest.mark.parametrize("script", [IN_OFFER, IN_HEADER], ids=["in the offer", "in the header"])
def test_nothing_is_found_through_a_box_that_forwards_all(
    world: Boxes, box: str, script: Script
) -> None:
    seen = spoken(world.url(box, "honest"), script)
    assert seen.holds, seen.told


@pytest.mark.parametrize("box", ["nginx", "haproxy"])
def test_a_lost_authorization_header_looks_as_if_we_had_left_it_out(world: Boxes, box: str) -> None:
    through = spoken(world.url(box, "no-authorization"), IN_HEADER)
    directly = spoken(f"{world.origin.url}/ws", IN_HEADER)
    without = Variant(without=("authorization",))

    assert directly.holds, directly.told
    assert alike(through) == ((Rung.AUTH, Code.AUTH_REJECTED), 101, 1008)
    assert alike(spoken(f"{world.origin.url}/ws", IN_HEADER, variant=without)) == alike(through)


@pytest.mark.parametrize("box", ["nginx", "haproxy"])
def test_a_lost_authorization_header_does_not_hurt_a_token_in_the_offer(
    world: Boxes, box: str
) -> None:
    seen = spoken(world.url(box, "no-authorization"))
    assert seen.holds, seen.told


@pytest.mark.parametrize("box", ["nginx", "haproxy"])
def test_a_lost_offer_ends_as_if_we_had_left_it_out(world: Boxes, box: str) -> None:
    """Not on the same rung: who offered nothing has nothing to be selected."""
    through = spoken(world.url(box, "no-offer"))
    without = Variant(without=("sec-websocket-protocol",))
    directly = spoken(f"{world.origin.url}/ws", variant=without)

    assert alike(through) == ((Rung.SUBPROTOCOL, Code.SUBPROTOCOL_NOT_SELECTED), 101, 1008)
    assert "1008" in through.told
    assert (directly.status, directly.close) == (101, 1008)


@pytest.mark.parametrize("box", ["nginx", "haproxy"])
def test_a_selection_lost_on_the_way_back_is_refused_by_browsers_alone(
    world: Boxes, box: str
) -> None:
    through = spoken(world.url(box, "no-selection"))

    assert through.failure == (Rung.SUBPROTOCOL, Code.SUBPROTOCOL_NOT_SELECTED)
    assert "welcomed" in through.told
    browser, rfc = read_as_browser(through.transcript), read_as_rfc(through.transcript)
    assert (browser.opened, browser.code, rfc.opened, rfc.code) == (False, 1006, True, None)


@pytest.mark.parametrize("box", ["nginx", "varnish"])
def test_an_upgrade_that_is_not_forwarded_looks_as_if_we_had_not_asked_for_one(
    world: Boxes, box: str
) -> None:
    through = spoken(world.url(box, "no-upgrade"))
    without = Variant(without=("upgrade",))

    assert alike(through) == ((Rung.UPGRADE, Code.HANDSHAKE_REJECTED), 426, None)
    assert alike(spoken(f"{world.origin.url}/ws", variant=without)) == alike(through)


@pytest.mark.parametrize(
    ("box", "way", "script", "code", "words"),
    [
        ("nginx", "no-authorization", IN_HEADER, Code.HEADER_LOST_AT_EDGE, "Authorization"),
        ("haproxy", "no-authorization", IN_HEADER, Code.HEADER_LOST_AT_EDGE, "Authorization"),
        ("nginx", "no-offer", IN_OFFER, Code.SUBPROTOCOL_LOST_AT_EDGE, "from the request"),
        ("haproxy", "no-offer", IN_OFFER, Code.SUBPROTOCOL_LOST_AT_EDGE, "from the request"),
        ("nginx", "no-selection", IN_OFFER, Code.SUBPROTOCOL_LOST_AT_EDGE, "from the answer"),
        ("haproxy", "no-selection", IN_OFFER, Code.SUBPROTOCOL_LOST_AT_EDGE, "from the answer"),
        ("nginx", "no-upgrade", IN_OFFER, Code.HEADER_LOST_AT_EDGE, "Upgrade"),
        ("varnish", "no-upgrade", IN_OFFER, Code.HEADER_LOST_AT_EDGE, "Upgrade"),
    ],
)
def test_the_experiments_name_what_the_box_drops(
    world: Boxes, box: str, way: str, script: Script, code: Code, words: str
) -> None:
    link = Link(world.url(box, way), f"{world.origin.url}/ws", script, TOKEN)
    cause = link.cause()

    assert cause.code is code, cause
    assert words in cause.sentence


def test_the_fallback_of_a_single_page_application_is_no_websocket(world: Boxes) -> None:
    seen = spoken(world.url("nginx", "fallback"))

    assert alike(seen) == ((Rung.UPGRADE, Code.NOT_A_WEBSOCKET), 200, None)
    assert "text/html" in seen.told


@pytest.mark.parametrize(
    ("box", "way"), [("nginx", "cuts-idle"), ("haproxy", "cuts-idle"), ("varnish", "pipes")]
)
def test_who_says_nothing_is_cut_and_who_pings_stays(world: Boxes, box: str, way: str) -> None:
    url = world.url(box, way)
    with ThreadPoolExecutor(2) as pool:
        silent = pool.submit(spoken, url, variant=SILENT)
        pinging = pool.submit(spoken, url, variant=PINGING)

    assert silent.result().holds  # it was welcomed: how long it lives is another question
    cut_after_s = silent.result().cut_after_s
    assert cut_after_s is not None
    assert 1 < cut_after_s < SHORT_OF_THE_HOLD_S
    assert pinging.result().cut_after_s is None


def test_a_reload_cuts_who_pings_as_well(tmp_path: Path) -> None:
    """None of the three has a longest lifetime; a reload with a time limit is theirs."""
    with backend() as origin, nginx(tmp_path, nginx_ways(origin.url, tmp_path)) as box:

        def reload() -> "Future[object]":
            box.process.send_signal(SIGHUP)
            done: Future[object] = Future()
            done.set_result(None)
            return done

        seen = spoken(box.url("honest", "/ws"), variant=PINGING, while_open=reload)

    assert seen.cut_after_s is not None
    assert seen.cut_after_s < SHORT_OF_THE_HOLD_S


def test_of_forty_probes_some_meet_the_tenth_that_is_broken(world: Boxes) -> None:
    url = world.url("haproxy", "split")
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(spoken, [url] * 40))

    failures = [each.failure for each in seen if not each.holds]
    assert failures == [(Rung.WELCOME, Code.CLOSED_BEFORE_WELCOME)] * len(failures)
    assert 1 <= len(failures) <= 8
