"""Probes: each place, format and variant with how often it held, and how far up a failure came."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from skewcheck.core.ladder.climb import Ladder, State
from skewcheck.core.probed.probes import LinkProbe, Probes
from skewcheck.render.probes import (
    MARKS,
    Mood,
    ProbeRow,
    asides,
    counted_words,
    probe_rows,
    step_told,
)
from skewcheck.render.terminal.canvas import Hanging, row, styled

MOOD_STYLES = {
    Mood.GOOD: "green",
    Mood.BAD: "bold red",
    Mood.UNKNOWN: "magenta",
    Mood.PLAIN: "",
}
_STEP_STYLES = {
    State.PASSED: "green",
    State.FAILED: "bold red",
    State.MASKED: "dim",
    State.UNPROVEN: "magenta",
}
_RUNGS_AT = 4
_TOLD_AT = 15


def probe_tables(probes: Probes, *, brief: bool) -> Iterator[RenderableType]:
    """`brief` shows what browsers' users meet, and else only what is not as it should be."""
    for link in probes.links:
        parties = f"{link.client} → {link.server}"
        counted = styled(counted_words(link), "dim")
        yield Hanging(row(styled(link.link, "bold"), parties, counted))
        yield from _rows(link, brief=brief)
        if not brief:
            yield from _asides(link)


def _rows(link: LinkProbe, *, brief: bool) -> Iterator[RenderableType]:
    for each in probe_rows(link, brief=brief):
        yield Hanging(_line(each), start=2)
        if each.is_base and each.mood is Mood.BAD and not brief:
            yield from ladder_lines(each.ladder)


def _line(each: ProbeRow) -> Text:
    word = styled(f"{each.word:<7}", MOOD_STYLES[each.mood])
    return row(word, each.counted, each.place, each.format, each.variant, each.told)


def ladder_lines(ladder: Ladder) -> Iterator[RenderableType]:
    """From the bottom to the top, as it was climbed."""
    for step in ladder.steps:
        style = _STEP_STYLES[step.state]
        mark = styled(f"{MARKS[step.state]} {step.rung:<11}", style)
        yield Hanging(row(mark, step_told(ladder, step)), start=_RUNGS_AT, hang=_TOLD_AT)


def _asides(link: LinkProbe) -> Iterator[RenderableType]:
    for aside in asides(link):
        label = styled(f"{aside.label:<7}", "dim")
        yield Hanging(row(label, styled(aside.told, MOOD_STYLES[aside.mood])), start=2)
