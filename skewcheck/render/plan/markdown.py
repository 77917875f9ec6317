"""Plans as Markdown, for a comment on a change; everything from outside is escaped."""

from collections.abc import Iterator

from skewcheck.core.plan.view import PlanView
from skewcheck.render.markdown import escape, fenced
from skewcheck.render.plan.headline import answer_word, digest_words, loud_lines, summary
from skewcheck.render.plan.section import Line
from skewcheck.render.plan.story import story
from skewcheck.render.words import moment


def render_plan_markdown(view: PlanView) -> str:
    return "\n".join(_lines(view)) + "\n"


def _lines(view: PlanView) -> Iterator[str]:
    yield f"## {answer_word(view)}: {escape(view.environment)}"
    yield f"\n**{escape(summary(view))}** (exit {int(view.exit)}), {moment(view.at)}"
    for loud in loud_lines(view):
        yield f"\n> **{escape(loud)}**"
    for section in story(view):
        yield f"\n### {escape(section.title.removesuffix(':'))}\n"
        for line in section.lines:
            yield from _bullet(line)
    if view.next:
        yield f"\nWhat to do next:\n\n{fenced(view.next)}"
    yield f"\n<sub>{escape(digest_words(view))}</sub>"


def _bullet(line: Line) -> Iterator[str]:
    label = f"**{line.label}** " if line.label else ""
    yield f"- {label}{escape(line.told)}"
    yield from (f"  - {escape(reason)}" for reason in line.reasons)
