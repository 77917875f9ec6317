"""A draft as the text of a manifest: guesses are said, gaps are loud, and the places of gaps are
known by line.

Rules of this file: no line that is drawn from outside passes 80 columns where it can be broken;
a gap never leaves behind a value that could pass.
"""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from skewcheck.core.drafting.draft import Draft, Field, Gap, Item, Section
from skewcheck.render.printable import printable
from skewcheck.render.yaml_values import yaml_text, yaml_value

_WIDTH = 80
_PLACEHOLDER = "UNKNOWN"
_SCHEMA = "# yaml-language-server: $schema=https://skewcheck.dev/schema/manifest-1.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A gap's place in the file: `path` is dotted, `line` counts from 1."""

    line: int
    path: str
    what: str
    optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftText:
    text: str
    missing: tuple[Missing, ...]
    guesses: int


def render_draft(draft: Draft) -> DraftText:
    """The file as it is to be written, with the places of its gaps."""
    page = _Page()
    page.add(_SCHEMA, "#")
    page.remark(_introduction(draft), "")
    for each in draft.lead:
        page.add("#")
        page.remark(each, "")
    page.add("schema: 1", f"environment: {yaml_text(draft.environment)}", "", "defaults:")
    for field in draft.defaults:
        page.item(field, "  ", "defaults")
    page.sections("services", draft.services)
    page.sections("links", draft.links)
    return page.done()


def render_summary(draft: Draft, rendered: DraftText, *, file: str, commands: Sequence[str]) -> str:
    """What a person has to know of it; `file` is empty where it was only printed."""
    lines = [f"{file or 'the manifest'}: {_counted(draft, rendered)}"]
    if rendered.missing:
        lines.append("to fill in:")
        lines += map(_listed, rendered.missing)
    later = "" if draft.is_whole else ", once what is needed is there"
    lines += [f"next{later}:", *(f"  {each}" for each in commands)]
    return "\n".join([*lines, "then commit it: from then on skewcheck reads it from git"])


def _listed(missing: Missing) -> str:
    told = printable(f"{missing.path}: {missing.what}")
    return f"  line {missing.line} {told}{' (may wait)' if missing.optional else ''}"


def _counted(draft: Draft, rendered: DraftText) -> str:
    parts = [_number(len(draft.services), "service"), _number(len(draft.links), "link")]
    checks = _number(rendered.guesses, "guess", "guesses")
    return f"{' and '.join(parts)}, {checks} to check"


def _number(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def _introduction(draft: Draft) -> str:
    return (
        f"What {draft.environment} should run: a first draft, of what was found in project"
        f' {draft.project}. "guess" marks what only seems so: check it, then delete the remark.'
        ' "UNKNOWN" marks what you must fill in.'
    )


class _Page:
    """Lines, and what was noted of them."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._missing: list[Missing] = []
        self._guesses = 0

    def add(self, *lines: str) -> None:
        self._lines += lines

    def remark(self, text: str, indent: str) -> None:
        self._lines += _comment(text, indent)

    def sections(self, kind: str, sections: Iterable[Section]) -> None:
        self.add("", f"{kind}:")
        for section in sections:
            self.add(f"  {yaml_text(section.name)}:")
            for each in section.lead:
                self.remark(each, "    ")
            for item in section.items:
                self.item(item, "    ", f"{kind}.{section.name}")

    def item(self, item: Item, indent: str, place: str) -> None:
        if isinstance(item, Field):
            self._field(item, indent)
        else:
            self._gap(item, indent, place)

    def done(self) -> DraftText:
        text = "\n".join(self._lines) + "\n"
        return DraftText(text=text, missing=tuple(self._missing), guesses=self._guesses)

    def _field(self, field: Field, indent: str) -> None:
        self._guesses += bool(field.guess)
        line = f"{indent}{field.key}: {yaml_value(field.value)}"
        told = printable(f"guess: {field.guess}" if field.guess else field.remark)
        beside = f"{line}  # {told}"
        if told and len(beside) <= _WIDTH:
            self.add(beside)
            return
        self._lines += _comment(told, indent) if told else []
        self.add(line)

    def _gap(self, gap: Gap, indent: str, place: str) -> None:
        how = f" ({gap.how})" if gap.how else ""
        self._lines += _comment(f"{_PLACEHOLDER}: {gap.what}{how}", indent)
        shown = printable(f"{gap.key}: {gap.example}")
        self.add(f"{indent}{gap.key}: {_PLACEHOLDER}" if gap.has_default else f"{indent}# {shown}")
        self._missing.append(
            Missing(
                line=len(self._lines),
                path=f"{place}.{gap.key}",
                what=gap.what,
                optional=gap.optional,
            )
        )


def _comment(text: str, indent: str) -> Iterator[str]:
    start = f"{indent}# "
    yield from textwrap.wrap(
        printable(text),
        width=_WIDTH,
        initial_indent=start,
        subsequent_indent=start,
        break_long_words=False,
        break_on_hyphens=False,
    )
