"""A real HAProxy: one proxy section for each way in, each on a port of its own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.processes import Running, binary, running

_DEFAULTS = """
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s
"""


@contextmanager
def haproxy(folder: Path, proxies: Mapping[str, str]) -> Iterator[Running]:
    """`proxies` are the bodies of the listen sections, by name."""
    program = binary("haproxy")

    def command(ports: Mapping[str, int]) -> list[str]:
        sections = [
            f"listen {name}\n    bind 127.0.0.1:{ports[name]}\n{body}\n"
            for name, body in proxies.items()
        ]
        written = folder / "haproxy.cfg"
        written.write_text("\n".join([_DEFAULTS, *sections]))
        return [program, "-db", "-f", str(written)]

    with running(folder, tuple(proxies), command) as started:
        yield started
