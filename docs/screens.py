"""Captures how `status` really looks, in the demo's world: on a pseudo-terminal, and as a page.

`make screens` writes docs/status-80.svg, docs/status-140.svg, both as text in docs/status.md, and
docs/page-desktop.png and docs/page-phone.png where Chromium is installed.
"""

import fcntl
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from skewcheck.cli.local_cloud import local_world

HERE = Path(__file__).parent
WIDTHS = (80, 140)
PAGES = {"page-desktop": (1280, 1560), "page-phone": (390, 1700)}
_DARK = TerminalTheme(
    (24, 26, 32),
    (222, 224, 230),
    [
        *((24, 26, 32), (232, 96, 96), (126, 196, 120), (222, 180, 84)),
        *((106, 160, 232), (190, 140, 220), (100, 190, 200), (222, 224, 230)),
    ],
)
_HEAD = """\
# How `skewcheck status` looks

The incident of `skewcheck demo`: git promises the new frontend and it is deployed, but the edge
still serves the page from before, and the backend no longer speaks its format. Captured from a
pseudo-terminal by `make screens`.
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, local_world(Path(folder)) as (world, variables):
        world.deploy_old_everything()
        world.prime_edge()
        world.deploy_new_frontend()
        world.deploy_new_backend()
        parts = [_HEAD]
        for width in WIDTHS:
            shown = _run(width, world.repository, variables)
            (HERE / f"status-{width}.svg").write_text(_as_svg(shown, width), encoding="utf-8")
            parts.append(f"## {width} columns\n\n![](status-{width}.svg)\n\n```text\n")
            parts.append(Text.from_ansi(shown).plain.rstrip() + "\n```\n")
        (HERE / "status.md").write_text("\n".join(parts), encoding="utf-8")
        _show_page(world.repository, variables, Path(folder))


def _show_page(cwd: Path, variables: dict[str, str], folder: Path) -> None:
    """The file that the program writes, as a browser shows it at two sizes."""
    words = [sys.executable, "-m", "skewcheck", "status", "staging", "--format", "page"]
    done = subprocess.run(words, cwd=cwd, env=variables, stdout=subprocess.PIPE, check=False)
    file = folder / "report.html"
    file.write_bytes(done.stdout)
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("the page was not captured: chromium is not installed")
    for name, (width, height) in PAGES.items():
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        flags += [f"--user-data-dir={folder / name}", f"--window-size={width},{height}"]
        shot = f"--screenshot={HERE / name}.png"
        subprocess.run([chromium, *flags, shot, file.as_uri()], check=True, capture_output=True)


def _run(width: int, cwd: Path, variables: dict[str, str]) -> str:
    """Everything that the program writes to a terminal of that width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 60, width, 0, 0))
    program = subprocess.Popen(
        [sys.executable, "-m", "skewcheck", "status", "staging"],
        cwd=cwd,
        env={**variables, "TERM": "xterm-256color"},
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:  # Linux's way to say that the other end is closed
        pass
    os.close(ours)
    program.wait()
    return shown.decode().replace("\r\n", "\n")


def _as_svg(shown: str, width: int) -> str:
    with Path(os.devnull).open("w") as nowhere:
        console = Console(record=True, width=width, file=nowhere)
        console.print(Text.from_ansi(shown), soft_wrap=True)
    svg = console.export_svg(title="skewcheck status staging", theme=_DARK, unique_id="skewcheck")
    return re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)  # fonts come from elsewhere


if __name__ == "__main__":
    main()
