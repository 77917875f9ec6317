"""Short answers: help, what could not be read, refusals, and what is being worked on."""

from collections.abc import Iterable

from skewcheck.core.rollout.consent import Hold
from skewcheck.core.rollout.permission import Refusal
from skewcheck.core.slack.message import Message
from skewcheck.core.slack.reading import SHAPES
from skewcheck.render.slack.blocks import bullets, message, note, paragraph, someone, words
from skewcheck.render.words import moment


def render_help() -> Message:
    lines = [f"/skewcheck {shape.usage}: {shape.does}" for shape in SHAPES.values()]
    return message("How /skewcheck is used", [bullets("/skewcheck", lines)])


def render_told(told: str, fix: str = "") -> Message:
    """One sentence, and what to do about it."""
    follow = [paragraph(words("next: "), words(fix, code=True))] if fix else []
    return message(told, [paragraph(words(told)), *follow])


def render_refusals(what: str, refusals: Iterable[Refusal]) -> Message:
    """Every reason against it, each with what would change it."""
    reasons = [
        paragraph(words(f"{refusal.why}. Next: "), words(refusal.fix, code=True))
        for refusal in refusals
    ]
    return message(what, [paragraph(words(what, bold=True)), *reasons])


def render_hold(environment: str, hold: Hold | None) -> Message:
    if hold is None:
        told = f"{environment} is not held"
        return message(told, [paragraph(words(told))])
    until = f" until {moment(hold.until)}" if hold.until else " until it is released"
    told = f"{environment} is held{until}"
    by = paragraph(words(f"{told}, by ", bold=True), someone(hold.who), words(f": {hold.why}"))
    return message(told, [by, note("what is under way goes on; nothing else starts")])
