"""Real servers of other people's protocols, an old and a new one of each."""

import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.processes import Running, binary, running
from tests.software.installed import node_packages, websockify_package

_HERE = Path(__file__).parent
_WEBSOCKIFY = (
    "import sys; sys.path.insert(0, sys.argv.pop(1));"
    "from websockify.websocketproxy import websockify_init; websockify_init()"
)


@contextmanager
def graphql(folder: Path) -> Iterator[Running]:
    """`new` is graphql-ws 5, `old` is subscriptions-transport-ws; both on /graphql."""
    with _node(folder, "graphql.mjs", "new", "old") as servers:
        yield servers


@contextmanager
def socketio(folder: Path) -> Iterator[Running]:
    """`new` is Socket.IO 4, `old` is 2; /eio4 and /eio3 are how their clients come in."""
    with _node(folder, "socketio.mjs", "new", "old") as servers:
        yield servers


@contextmanager
def websockify(folder: Path, version: str) -> Iterator[Running]:
    """Bridges `bridge` to a TCP service that never says anything."""
    package = websockify_package(version)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        target = f"127.0.0.1:{silent.getsockname()[1]}"

        def command(ports: Mapping[str, int]) -> list[str]:
            own = f"127.0.0.1:{ports['bridge']}"
            return [sys.executable, "-c", _WEBSOCKIFY, str(package), own, target]

        with running(folder, ("bridge",), command) as bridge:
            yield bridge


@contextmanager
def _node(folder: Path, script: str, *names: str) -> Iterator[Running]:
    program, packages = binary("node"), node_packages()

    def command(ports: Mapping[str, int]) -> list[str]:
        numbers = [str(ports[name]) for name in names]
        return [program, str(_HERE / script), str(packages), *numbers]

    with running(folder, names, command) as servers:
        yield servers
