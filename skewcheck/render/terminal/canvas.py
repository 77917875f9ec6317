"""How lines come onto a terminal: wrapped to its width, or left whole so that they can be copied.

Text is never read as markup; every piece goes through `styled`, which makes it printable.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from skewcheck.render.printable import printable

_NARROWEST = 20
INDENT = 4


def styled(text: str, style: str = "") -> Text:
    return Text(printable(text), style)


def row(*pieces: Text | str) -> Text:
    """Pieces two spaces apart; empty ones leave no gap."""
    texts = [styled(piece) if isinstance(piece, str) else piece for piece in pieces]
    return Text("  ").join(text for text in texts if text.plain)


@dataclass(frozen=True, slots=True)
class Hanging:
    """A paragraph that starts at `start` and goes on at `start` + `hang`."""

    text: Text
    start: int = 0
    hang: int = INDENT

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        room = options.max_width - self.start
        first = self.text.wrap(console, max(room, 1), overflow="fold")[0]
        rest = self.text[len(first) :]
        rest = rest[len(rest) - len(rest.plain.lstrip()) :]
        yield _indented(first, self.start)
        if rest:
            for line in rest.wrap(console, max(room - self.hang, 1), overflow="fold"):
                yield _indented(line, self.start + self.hang)


def _indented(line: Text, by: int) -> Text:
    line.rstrip()
    return Text(" " * by).append_text(line)


@dataclass(frozen=True, slots=True)
class Command:
    """A line to be copied: on one line with its label if it fits, else whole on its own line."""

    label: str
    command: str
    start: int = INDENT

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        del console
        command = styled(self.command)
        used = self.start + len(self.label) + 1 + command.cell_len
        gap = " " if used <= options.max_width else "\n" + " " * self.start
        label = self.label + gap if self.label else ""
        yield Segment(" " * self.start + label)
        yield Segment(command.plain, Style(bold=True))
        yield Segment.line()


def paint(items: Iterable[RenderableType], *, width: int, colour: bool) -> str:
    """Depends on its arguments alone: no variable of the environment changes what is drawn."""
    console = Console(
        width=max(width, _NARROWEST),
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ={},
    )
    with console.capture() as captured:
        for item in items:
            console.print(item, crop=False)
    lines = captured.get().split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"
