"""A real Varnish: one VCL, in which `local.socket` tells the ways in apart."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.processes import Running, binary, running


@contextmanager
def varnish(folder: Path, names: Sequence[str], vcl: str, **parameters: str) -> Iterator[Running]:
    """`parameters` are those of `varnishd -p`."""
    program = binary("varnishd")

    def command(ports: Mapping[str, int]) -> list[str]:
        written = folder / "edge.vcl"
        written.write_text(f"vcl 4.1;\n{vcl}")
        # -j none: no other user to become, and nothing to be allowed; so it runs for anybody.
        words = [program, "-F", "-j", "none", "-n", str(folder / "varnish"), "-f", str(written)]
        words += [w for n, port in ports.items() for w in ("-a", f"{n}=127.0.0.1:{port}")]
        words += [w for n, value in parameters.items() for w in ("-p", f"{n}={value}")]
        return words

    with running(folder, tuple(names), command) as started:
        yield started
