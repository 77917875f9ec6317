"""The boxes in front of one backend, each started when it is first asked for."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from tests.boxes.backend import Backend, backend
from tests.boxes.haproxy import haproxy
from tests.boxes.nginx import nginx
from tests.boxes.varnish import varnish
from tests.boxes.ways import IDLE_MS, VARNISH_WAYS, haproxy_ways, nginx_ways, varnish_ways
from tests.processes import Running


class Boxes:
    """`origin` is the good backend that stands behind every way in."""

    def __init__(self, origin: Backend, broken: Backend, folder: Path, stack: ExitStack) -> None:
        self.origin = origin
        self._stack = stack
        self._started: dict[str, Running] = {}
        page = _folder(folder, "www")
        (page / "index.html").write_text("<!doctype html><title>Chat</title>\n")
        self._starts: dict[str, Callable[[], AbstractContextManager[Running]]] = {
            "nginx": lambda: nginx(_folder(folder, "nginx"), nginx_ways(origin.url, page)),
            "haproxy": lambda: haproxy(
                _folder(folder, "haproxy"), haproxy_ways(origin.url, broken.url)
            ),
            "varnish": lambda: varnish(
                _folder(folder, "varnish"),
                VARNISH_WAYS,
                varnish_ways(origin.url),
                pipe_timeout=str(IDLE_MS / 1000),
            ),
        }

    def url(self, box: str, way: str, path: str = "/ws") -> str:
        """Through that box; skips the test where the box is not installed."""
        return self.start(box).url(way, path)

    def start(self, box: str) -> Running:
        if box not in self._started:
            self._started[box] = self._stack.enter_context(self._starts[box]())
        return self._started[box]


@contextmanager
def boxes(folder: Path) -> Iterator[Boxes]:
    """All is ended at the end."""
    with ExitStack() as stack:
        origin = stack.enter_context(backend())
        broken = stack.enter_context(backend(broken=True))
        yield Boxes(origin, broken, folder, stack)


def _folder(parent: Path, name: str) -> Path:
    made = parent / name
    made.mkdir()
    return made
