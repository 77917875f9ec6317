"""What was pinned, for people at a terminal: the new promises, the change, and what it would do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from skewcheck.core.findings import Finding
from skewcheck.core.pinning.edit import Change
from skewcheck.core.pinning.outlook import Outlook
from skewcheck.core.pinning.pinned import Pinned
from skewcheck.core.report import Report
from skewcheck.render.headline import deciding, headline
from skewcheck.render.plan.words import shortened
from skewcheck.render.printable import printable
from skewcheck.render.terminal.canvas import Command, Hanging, paint, row, styled
from skewcheck.render.terminal.findings import SEVERITY_STYLES
from skewcheck.render.terminal.verdicts import verdict_text
from skewcheck.render.words import exit_words

_START = 2
_LABEL = 13
_DIFF_STYLES = {"+": "green", "-": "red", "@": "cyan"}
NO_PROBES = "no WebSocket was opened: the gate of a deploy opens them too"


def render_pin(pinned: Pinned, *, width: int, colour: bool) -> str:
    return paint(_all(pinned), width=width, colour=colour)


def next_commands(pinned: Pinned) -> tuple[str, ...]:
    """How the promise comes to where it counts."""
    proposed = pinned.proposed
    if proposed is None:
        return ()
    if proposed.remote:
        return (f"git push {proposed.remote} {pinned.branch}",)
    return (f"git merge {pinned.branch}",)


def headline_words(pinned: Pinned) -> tuple[str, str]:
    """One word, and where it was committed or why not."""
    proposed = pinned.proposed
    if not pinned.changes:
        return "NOTHING TO DO", f"{pinned.file} promises that already"
    if proposed is None:
        return "DRY RUN", f"nothing is committed; it would go to branch {pinned.branch}"
    told = "is there already, with the same content" if proposed.existed else "is new"
    return "PINNED", f"branch {pinned.branch} {told} ({proposed.commit.short})"


def change_words(pinned: Pinned, change: Change) -> str:
    """`9e39e39 → 01d01d0 'Chat' by Ada`; a ref that gave way is told."""
    commit = pinned.commits.get(change.service)
    about = f" {commit.subject!r} by {commit.author}" if commit else ""
    if change.was is not None:
        return f"{change.was.short} → {change.build.short}{about}"
    paths = f" and its paths {', '.join(change.paths)}" if change.paths else ""
    told = f"`build` stands in place of `ref: {change.ref}`{paths}"
    return f"{change.build.short}{about}; {told}: it no longer moves by itself"


def _all(pinned: Pinned) -> Iterator[RenderableType]:
    word, told = headline_words(pinned)
    yield Hanging(row(styled(word, "bold"), styled(pinned.environment, "bold"), told))
    wide = max((len(change.service) for change in pinned.changes), default=0)
    for change in pinned.changes:
        name = styled(f"{change.service:<{wide}}", "bold")
        yield Hanging(row(name, change_words(pinned, change)), start=_START)
    yield from _section("", map(_DiffLine, pinned.diff))
    if pinned.outlook is not None:
        yield from _outlook(pinned.outlook)
    commands = (Command("", each, start=_START) for each in next_commands(pinned))
    yield from _section("what to do next:", commands)


@dataclass(frozen=True, slots=True)
class _DiffLine:
    """Never wrapped: half a line of a diff is none."""

    line: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        del console, options
        is_head = self.line[:3] in {"+++", "---"}
        style = "bold" if is_head else _DIFF_STYLES.get(self.line[:1], "")
        yield Segment(printable(self.line), Style.parse(style))
        yield Segment.line()


def _outlook(outlook: Outlook) -> Iterator[RenderableType]:
    yield from _section("what it would do:", _verdicts(outlook))
    notes = (Hanging(styled(f"- {note}"), start=_START, hang=2) for note in outlook.notes)
    yield from _section("contracts:", notes)
    yield from _section("findings that go:", _findings(outlook.goes))
    yield from _section("findings that come:", _findings(outlook.comes))
    yield from _section("what the gate would say:", _findings(deciding(outlook.gate)))
    yield from _section("", iter([Hanging(styled(NO_PROBES, "dim"))]))


def _verdicts(outlook: Outlook) -> Iterator[RenderableType]:
    looks = {"now": outlook.before, "once merged": outlook.after, "gate": outlook.gate}
    for label, report in looks.items():
        yield Hanging(_verdict(label, report), start=_START, hang=_LABEL)


def _verdict(label: str, report: Report) -> Text:
    named = styled(f"{label:<{_LABEL - 2}}", "dim")
    return row(named, verdict_text(report), headline(report).summary, f"({exit_words(report)})")


def _findings(findings: Sequence[Finding]) -> Iterator[RenderableType]:
    for finding in findings:
        style = SEVERITY_STYLES[finding.severity]
        named = [styled(f"{finding.severity:<7}", style), styled(finding.code, style)]
        told = row(*named, styled(finding.subject, "bold"), shortened(finding.sentence))
        yield Hanging(told, start=_START)


def _section(title: str, items: Iterator[RenderableType]) -> Iterator[RenderableType]:
    """A blank line and a title, only where there is something to show."""
    for number, item in enumerate(items):
        if not number:
            yield Text()
            if title:
                yield Hanging(styled(title, "bold"))
        yield item
