"""Follows a tutorial in an empty directory with an empty home, and writes down what came of it."""

import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.programs import INSTALLED, environment
from tests.tutorial.blocks import Block, read_blocks
from tests.tutorial.shell import OutOfTimeError, Ran, Shell, shell

WITHIN_S = 110.0
_HOME = "/home/you"


@dataclass(frozen=True, slots=True)
class Followed:
    """One block and what came of it."""

    block: Block
    ran: Ran

    @property
    def is_as_told(self) -> bool:
        """It ended as the tutorial says, after nothing else had failed, and printed what that
        shows."""
        promised = (self.block.exit,) if self.block.exit else ()
        return self.ran.failures == promised and not self.missing

    @property
    def missing(self) -> list[str]:
        return self.block.missing_in(self.ran.output)


def follow(
    document: str,
    folder: Path,
    *,
    within_s: float = WITHIN_S,
    programs: Path = INSTALLED.parent,
) -> list[Followed]:
    """Every block up to the first that does not end as the tutorial says; that is the last one.

    `programs` is where skewcheck and its Python are installed.
    """
    home, scratch = folder / "you", folder / "scratch"
    home.mkdir()
    scratch.mkdir()
    followed: list[Followed] = []
    with _nothing_left(home), shell(home, scratch, _bare(home, programs), within_s) as opened:
        for block in read_blocks(document):
            followed.append(_follow(block, opened, home))
            if not followed[-1].is_as_told:
                break
    return followed


def render(followed: Iterable[Followed], *, at: datetime) -> str:
    """The transcript as a document: each block, what it printed, how it ended, how long it took."""
    followed = list(followed)
    total = sum(each.ran.seconds for each in followed)
    head = (
        "# The tutorial, as it ran\n\n"
        "Written by `make tutorial`, which follows [the tutorial](tutorial.md) word by word, in\n"
        "an empty directory with an empty home:\n"
        f"{len(followed)} blocks in {total:.0f} s on {at:%Y-%m-%d}.\n"
    )
    parts, heading = [head], ""
    for each in followed:
        if each.block.heading != heading:
            heading = each.block.heading
            parts.append(f"## {heading}\n")
        parts.append(_block(each))
    return "\n".join(parts)


def _follow(block: Block, opened: Shell, home: Path) -> Followed:
    try:
        ran = opened.run(block.text)
    except OutOfTimeError as error:
        ran = Ran(f"{error}\n(out of time)\n", (-1,), 0.0)
    shown = ran.output.replace(str(home), _HOME)
    return Followed(block, Ran(shown, ran.failures, ran.seconds))


def _bare(home: Path, programs: Path) -> dict[str, str]:
    """As a newcomer's terminal of 80 columns, with nothing of ours but the program on PATH."""
    bare = environment(home)
    hidden = ("SKEWCHECK_", "NO_PROXY", "GIT_CONFIG_GLOBAL")
    return {name: value for name, value in bare.items() if not name.startswith(hidden)} | {
        "PATH": f"{programs}:{os.defpath}",
        "COLUMNS": "80",
        "LANG": "C.UTF-8",
    }


@contextmanager
def _nothing_left(home: Path) -> Iterator[None]:
    """A tutorial that stopped half-way has not come to ending its sandbox."""
    try:
        yield
    finally:
        for exports in home.rglob("*.sh"):
            for line in exports.read_text(encoding="utf-8").splitlines():
                name, _, value = line.removeprefix("export ").partition("=")
                if name == "SANDBOX_PID":
                    os.kill(int(value), signal.SIGTERM)


def _block(each: Followed) -> str:
    output = each.ran.output.strip("\n")
    shown = f"```text\n{output}\n```\n" if output else ""
    return (
        f"```sh\n{each.block.text}```\n{shown}\nexit {each.block.exit}, {each.ran.seconds:.1f} s\n"
    )
