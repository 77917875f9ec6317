"""A real headless Chromium, with one page open in which WebSockets can be opened."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.browser.devtools import DevTools, devtools
from tests.processes import binary, end, spawn, waited_for
from tests.servers import Reply, serve

_SCRIPT = Path(__file__).with_name("page.js")
_PAGE = Reply(
    headers={"Content-Type": "text/html"},
    body=b'<!doctype html><title>Visits</title><body><script src="/page.js"></script>',
)
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--no-proxy-server", "--remote-debugging-port=0",
)  # fmt: skip
_AT_ONCE = 8  # more handshakes than that at once, and Chromium puts the next ones off for seconds


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One `new WebSocket(url, offers)`: what it says once open, and how long it stays."""

    url: str
    offers: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    opens_within_ms: int = 3000
    stays_ms: int = 1500


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the events of the socket reported; `threw` names what the constructor threw.

    `left` means that the page went away while it was opening or open; `messages` are the first
    few, None where one was binary.
    """

    threw: str
    opened: bool
    protocol: str
    messages: Sequence[str | None]
    code: int | None
    clean: bool
    left: bool


@dataclass(frozen=True)
class Browser:
    """`origin` is what the page sends as Origin."""

    origin: str
    page: DevTools

    def visit(self, visits: Sequence[Visit]) -> list[Told]:
        """What became of each, in the order asked for."""
        asked = json.dumps([asdict(each) for each in visits])
        told = self.page.evaluate(f"visitAll({asked}, {_AT_ONCE})")
        return [Told(**each) for each in told]


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """Skips where there is no Chromium."""
    program = binary("chromium")
    script = Reply(headers={"Content-Type": "text/javascript"}, body=_SCRIPT.read_bytes())
    with serve({"/": _PAGE, "/page.js": script}) as server:
        profile = folder / "profile"
        words = [program, *_FLAGS, f"--user-data-dir={profile}", "about:blank"]
        process = spawn(words, folder / "chromium.log")
        try:
            origin = server.url("")
            with _page(profile, origin) as page:
                yield Browser(origin, page)
        finally:
            end(process)


@contextmanager
def _page(profile: Path, origin: str) -> Iterator[DevTools]:
    port, whole_browser = _address(profile)
    with devtools(f"ws://127.0.0.1:{port}{whole_browser}") as whole:
        target = whole.call("Target.createTarget", url=f"{origin}/")["targetId"]
    with devtools(f"ws://127.0.0.1:{port}/devtools/page/{target}") as page:
        assert waited_for(lambda: bool(page.evaluate("typeof visitAll === 'function'")))
        yield page


def _address(profile: Path) -> tuple[str, str]:
    """Chromium writes its port and the path of the whole browser down once it listens."""
    written = profile / "DevToolsActivePort"

    def is_whole() -> bool:
        return written.exists() and len(written.read_text().split()) == 2

    assert waited_for(is_whole), (profile.parent / "chromium.log").read_text(errors="replace")
    port, path = written.read_text().split()
    return port, path
