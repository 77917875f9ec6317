"""Two environments as Markdown, for a release's notes; everything from outside is escaped."""

from collections.abc import Iterator

from skewcheck.core.comparing.comparison import Comparison
from skewcheck.core.question import Exit
from skewcheck.render.comparison.story import story
from skewcheck.render.comparison.words import answer_word, footer, summary
from skewcheck.render.markdown import escape
from skewcheck.render.plan.section import Line
from skewcheck.render.words import moment


def render_comparison_markdown(comparison: Comparison, code: Exit) -> str:
    return "\n".join(_lines(comparison, code)) + "\n"


def _lines(comparison: Comparison, code: Exit) -> Iterator[str]:
    names = escape(f"{comparison.first} → {comparison.second}")
    yield f"## {answer_word(comparison)}: {names}"
    yield f"\n**{escape(summary(comparison))}** (exit {int(code)}), {moment(comparison.at)}"
    for section in story(comparison):
        yield f"\n### {escape(section.title)}\n"
        for line in section.lines:
            yield from _bullet(line)
    yield ""
    yield from (f"<sub>{escape(each)}</sub><br>" for each in footer(comparison))


def _bullet(line: Line) -> Iterator[str]:
    label = f"**{line.label}** " if line.label else ""
    yield f"- {label}{escape(line.told)}"
    yield from (f"  - {escape(reason)}" for reason in line.reasons)
