"""Reads the fenced blocks of a document, with what the line before each says about running it.

`<!-- exit 10 -->` is the exit code of a block's last command, `# … exit 10` that of the command it
stands beside; `<!-- not run: REASON -->` says why a block is for readers only.
"""

import re
from dataclasses import dataclass

REASONS = frozenset(
    {
        "needs the real Google Cloud",
        "needs a database",
        "needs a project of yours",
        "installs software",
        "a make target",
    }
)
FENCES = frozenset({"sh", "yaml", "json", "hcl", "python", "js", "html", "dockerfile", "text", ""})

_FENCE = re.compile(r"^(?P<indent> *)```(?P<name>\S*)$")
_MARK = re.compile(r"^<!-- (.*) -->$")
_EXIT = re.compile(r"exit (\d+)")
_TOLD = re.compile(r"\s# .*\bexit (\d+)")
_HEREDOC = re.compile(r"<<-?'?(\w+)'?")


@dataclass(frozen=True, slots=True)
class Command:
    """One command line, as somebody would paste it, and the exit code that the text promises."""

    text: str
    exit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What stands between two fences."""

    document: str
    line: int
    fence: str
    mark: str
    text: str

    @property
    def id(self) -> str:
        return f"{self.document}:{self.line}"

    @property
    def not_run(self) -> str:
        """Why it is for readers only; empty where it is run."""
        return self.mark.removeprefix("not run: ") if self.mark.startswith("not run: ") else ""

    def commands(self) -> tuple[Command, ...]:
        lines = _joined(self.text)
        told = [_TOLD.search(line.split("\n")[0]) for line in lines]
        codes = [int(found[1]) if found else None for found in told]
        if found := _EXIT.fullmatch(self.mark):
            codes[-1] = int(found[1])
        return tuple(map(Command, lines, codes))

    def problem(self) -> str:
        """What keeps it from being understood; empty where nothing does."""
        if self.fence not in FENCES:
            return f"fences are {sorted(FENCES)}, commands stand in sh"
        if self.fence in {"", "text"} and _looks_typed(self.text):
            return "these are commands: they stand in sh"
        if self.fence != "sh":
            return "" if not self.not_run else "only commands are run, or not"
        if self.not_run:
            return "" if self.not_run in REASONS else f"reasons are {sorted(REASONS)}"
        if self.mark and not _EXIT.fullmatch(self.mark):
            return f"{self.mark!r} is neither `exit N` nor `not run: REASON`"
        return "" if self.commands() else "no command in it"


def read_blocks(document: str, text: str) -> tuple[Block, ...]:
    """Every block, in order. ValueError for one that does not end."""
    found: list[Block] = []
    opened: tuple[int, re.Match[str], str] | None = None
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        fence = _FENCE.match(line)
        if fence is None:
            continue
        if opened is None:
            mark = _MARK.match(lines[number - 2].strip()) if number > 1 else None
            opened = number, fence, mark[1] if mark else ""
        elif not fence["name"]:
            first, start, said = opened
            body = "\n".join(
                each.removeprefix(start["indent"]) for each in lines[first : number - 1]
            )
            found.append(
                Block(document=document, line=first, fence=start["name"], mark=said, text=body)
            )
            opened = None
    if opened:
        raise ValueError(f"{document}:{opened[0]}: a block that does not end")
    return tuple(found)


def _joined(text: str) -> list[str]:
    """A backslash and a here-document carry a command over the line's end."""
    joined: list[str] = []
    until = ""
    for line in text.split("\n"):
        if joined and (until or joined[-1].endswith("\\")):
            joined[-1] += f"\n{line}"
            until = "" if line == until else until
            continue
        if not line.strip() or line.startswith("#"):
            continue
        joined.append(line)
        until = found[1] if (found := _HEREDOC.search(line)) else ""
    return joined


def _looks_typed(text: str) -> bool:
    """Whether it begins as commands do, rather than as what they print."""
    first = text.lstrip("\n").split("\n")[0]
    typed = r"(skewcheck [a-z]|pip |make |export |curl |gcloud |docker |git |npm )"
    return re.match(typed, first) is not None
