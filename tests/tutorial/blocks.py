"""Reads a tutorial: its `sh` blocks in order, each with the exit code that its text promises.

`<!-- exit 10 -->` on the line before a block says that its last command ends so; without it, that
is 0. `<!-- not run: why -->` says that the block is for readers only. A `text` block right after
one is an excerpt of what it prints, in which digits and commits may differ.
"""

import re
from dataclasses import dataclass

_BLOCK = re.compile(
    r"(?:^<!-- (?P<mark>[^\n]*?) -->\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
_EXCERPT = re.compile(r"\n```text\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_DIFFERS = re.compile(r"\b[0-9a-f]{7,40}\b|[0-9]+")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_EXIT = re.compile(r"exit (\d+)")
_NOT_RUN = re.compile(r"not run: \S.*")


@dataclass(frozen=True, slots=True)
class Block:
    """Commands, and how the last of them ends."""

    heading: str
    line: int
    text: str
    exit: int = 0
    excerpt: str = ""

    def missing_in(self, output: str) -> list[str]:
        """The lines of the excerpt that were not printed."""
        printed = {alike(line) for line in output.splitlines()}
        return [line for line in self.excerpt.splitlines() if alike(line) not in printed]


def read_blocks(document: str) -> tuple[Block, ...]:
    """Those that are run. A mark that is no mark is refused, or it would be no promise."""
    found = []
    for match in _BLOCK.finditer(document):
        line = document.count("\n", 0, match.start("text"))
        mark = match["mark"] or "exit 0"
        if match["kind"] != "sh" or _NOT_RUN.fullmatch(mark):
            continue
        code = _EXIT.fullmatch(mark)
        if code is None:
            raise ValueError(f"line {line}: {mark!r} is neither `exit N` nor `not run: why`")
        excerpt = _EXCERPT.match(document, match.end())
        found.append(
            Block(
                heading=_heading(document, match),
                line=line,
                text=match["text"],
                exit=int(code[1]),
                excerpt=excerpt["text"] if excerpt else "",
            )
        )
    return tuple(found)


def alike(line: str) -> str:
    """The line without what differs from one run to the next."""
    return _DIFFERS.sub("0", line.rstrip())


def _heading(document: str, block: "re.Match[str]") -> str:
    headings = [found[1] for found in _HEADING.finditer(document, 0, block.start())]
    return headings[-1] if headings else ""
