"""A real browser agrees with our reading of what a browser would do, server by server."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TypeAlias

import pytest

from skewcheck.core.ladder.readings import Reading, read_as_browser
from skewcheck.core.wire.script import Script
from tests.boxes.backend import OFFERS
from tests.boxes.ways import IDLE_MS
from tests.boxes.world import boxes
from tests.browser.chromium import Browser, Told, Visit, browser
from tests.generations import generation
from tests.probing import probe
from tests.software.servers import graphql, socketio, websockify
from tests.websocket_servers import ALL_SHAPES, serving

ANSWERS_WITHIN_S = 2.0
LONGER_THAN_IDLE_S = IDLE_MS / 1000 + 0.5
# What is cut after a while is stayed at until it is, however busy the machine.
CUT = ("idle-cut", "lifetime-cut", "nginx cuts-idle", "haproxy cuts-idle")
CUT_WITHIN_S = dict.fromkeys(CUT, 10.0)
Asked: TypeAlias = tuple[str, tuple[str, ...]]  # an address, and what is offered there
FORMATS: Mapping[str, tuple[str, ...]] = {
    "with a space": ("jwt.Bearer t",),
    "jwt-auth and token": OFFERS,
    "jwt and raw token": ("jwt", "header.payload.signature"),
    "token alone": OFFERS[1:],
    "agent_chat": ("agent_chat",),
    "compression-gzip": ("compression-gzip",),
    "nothing": (),
    "one thing twice": ("jwt-auth", "jwt-auth"),
}
GENERATIONS = ("A", "B", "D", "T", "contract", "contract-4406", "incident", "cleanup-1000")
WAYS = tuple(
    (box, way)
    for box, ways in {
        "nginx": ("honest", "no-offer", "no-selection", "no-upgrade", "cuts-idle", "fallback"),
        "haproxy": ("honest", "no-offer", "no-selection", "cuts-idle"),
        "varnish": ("pipes", "no-upgrade"),
    }.items()
    for way in ways
)

SOFTWARE: Mapping[str, tuple[str, ...]] = {
    "graphql new": ("graphql-transport-ws", "graphql-ws", "nonsense"),
    "graphql old": ("graphql-transport-ws", "graphql-ws", "nonsense"),
    "socketio new/eio4": ("",),
    "socketio new/eio3": ("",),
    "socketio old/eio3": ("",),
    "websockify 0.8.0": ("binary", "base64", ""),
    "websockify 0.12.0": ("binary", "base64", ""),
}
PAIRS = tuple((name, offer) for name, offers in SOFTWARE.items() for offer in offers)


@dataclass(frozen=True)
class Both:
    """What the browser told, and how we read our own transcript of the same."""

    told: Told
    reading: Reading

    def agree(self) -> None:
        told, reading = self.told, self.reading
        assert (told.opened, told.protocol) == (reading.opened, reading.subprotocol), self
        if told.threw:
            assert told.threw == "SyntaxError", self
            assert reading.code == 1006, self
        elif told.left:
            assert reading.code == (None if told.opened else 1006), self
        else:
            assert (told.code, told.clean) == (reading.code, reading.clean), self


@dataclass(frozen=True)
class Judged:
    """Both sides of each visit to a group of servers, all made at once."""

    browser: Browser

    def of(self, visits: Mapping[str, Asked], stays_s: float = 1.0) -> dict[str, Both]:
        """From address and offers, by name. The offers hold no token to be masked."""
        asked = [(*each, CUT_WITHIN_S.get(name, stays_s)) for name, each in visits.items()]
        with ThreadPoolExecutor(8) as pool:
            readings = [pool.submit(self._read, *each) for each in asked]
            told = self.browser.visit([_visit(*each) for each in asked])
        both = [Both(*each) for each in zip(told, (r.result() for r in readings), strict=True)]
        return dict(zip(visits, both, strict=True))

    def _read(self, url: str, offers: tuple[str, ...], stays_s: float) -> Reading:
        # No welcome is waited for, so that both stay for the same time.
        script = Script(offers=offers, welcome_within_s=stays_s)
        origin = self.browser.origin
        seen = probe(url, script, origin=origin, answer_s=ANSWERS_WITHIN_S)
        return read_as_browser(seen.transcript)


def _visit(url: str, offers: tuple[str, ...], stays_s: float) -> Visit:
    return Visit(
        url=url.replace("http:", "ws:", 1),
        offers=offers,
        opens_within_ms=int(ANSWERS_WITHIN_S * 1000),
        stays_ms=int(stays_s * 1000),
    )


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    with browser(tmp_path_factory.mktemp("chromium")) as opened:
        yield Judged(opened)


@pytest.fixture(scope="module")
def by_shape(judged: Judged) -> dict[str, Both]:
    with ExitStack() as running:
        servers = {name: running.enter_context(serving(name)) for name in ALL_SHAPES}
        return judged.of({name: (each.url, OFFERS) for name, each in servers.items()})


@pytest.fixture(scope="module")
def by_generation(judged: Judged) -> dict[str, Both]:
    with ExitStack() as running:
        servers = {name: running.enter_context(generation(name)) for name in GENERATIONS}
        return judged.of(
            {
                f"{name} {spoken}": (url, offers)
                for name, url in servers.items()
                for spoken, offers in FORMATS.items()
            }
        )


@pytest.fixture(scope="module")
def by_way(judged: Judged, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Both]:
    with boxes(tmp_path_factory.mktemp("boxes")) as world:
        urls = {f"{box} {way}": world.url(box, way) for box, way in WAYS}
        return judged.of({name: (url, OFFERS) for name, url in urls.items()}, LONGER_THAN_IDLE_S)


@pytest.fixture(scope="module")
def by_software(judged: Judged, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Both]:
    folder = tmp_path_factory.mktemp
    with ExitStack() as running:
        spoken = running.enter_context(graphql(folder("graphql")))
        engine = running.enter_context(socketio(folder("socketio")))
        urls = {f"graphql {name}": spoken.url(name, "/graphql") for name in ("new", "old")}
        for name, path in (("new", "/eio4"), ("new", "/eio3"), ("old", "/eio3")):
            urls[f"socketio {name}{path}"] = engine.url(name, path)
        for version in ("0.8.0", "0.12.0"):
            bridge = running.enter_context(websockify(folder("websockify"), version))
            urls[f"websockify {version}"] = bridge.url("bridge", "/")
        return judged.of(
            {f"{name} {offer}": (urls[name], (offer,) if offer else ()) for name, offer in PAIRS}
        )


@pytest.mark.parametrize("shape", ALL_SHAPES)
def test_it_agrees_on_a_server_that_misbehaves(by_shape: dict[str, Both], shape: str) -> None:
    by_shape[shape].agree()


@pytest.mark.parametrize("spoken", FORMATS)
@pytest.mark.parametrize("name", GENERATIONS)
def test_it_agrees_on_a_format_of_the_incident_and_a_backend_of_its_history(
    by_generation: dict[str, Both], name: str, spoken: str
) -> None:
    by_generation[f"{name} {spoken}"].agree()


@pytest.mark.parametrize(("box", "way"), WAYS)
def test_it_agrees_on_what_comes_through_a_box(by_way: dict[str, Both], box: str, way: str) -> None:
    by_way[f"{box} {way}"].agree()


@pytest.mark.parametrize(("name", "offer"), PAIRS)
def test_it_agrees_on_software_of_others(
    by_software: dict[str, Both], name: str, offer: str
) -> None:
    by_software[f"{name} {offer}"].agree()
