"""How environments stand, as the newest survey saw it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from skewcheck.core.findings import Severity, Verdict
from skewcheck.core.slack.look import Look, SeenFinding, SeenReport
from skewcheck.core.slack.message import JsonObject, Message
from skewcheck.render.slack.blocks import (
    bullets,
    commands,
    header,
    link,
    message,
    note,
    paragraph,
    words,
)
from skewcheck.render.words import count, since

_MOST_FIXES = 3
_OLD = timedelta(minutes=10)


def render_status(environment: str, look: Look, now: datetime, *, page: str = "") -> Message:
    """In full; `page` is where the status page can be seen, empty where nobody knows."""
    told = headline_of(environment, look, now)
    return message(told, _full(environment, look, now, page))


def render_all(looks: Mapping[str, Look], now: datetime, *, page: str = "") -> Message:
    """A line for each environment."""
    if not looks:
        told = "no survey has been taken yet: try again in a minute"
        return message(told, [paragraph(words(told))])
    blocks = []
    for name, look in looks.items():
        told = f"{_told(look, now)} ({since(look.at, now)})"
        headline = words(headline_of(name, look, now), bold=True)
        blocks.append(paragraph(headline, words(f": {told}")))
    lines = [headline_of(name, look, now) for name, look in looks.items()]
    return message(", ".join(lines), [*blocks, *_link(page)])


def headline_of(environment: str, look: Look, now: datetime) -> str:
    """Unknown is never green: where nobody has looked for a while, or could not, nothing passes."""
    verdict = Verdict.INCONCLUSIVE if look.report is None else look.report.verdict
    if verdict is Verdict.PASS and (look.trouble or now - look.at > _OLD):
        verdict = Verdict.INCONCLUSIVE
    return f"{verdict.upper()}: {environment}"


def _full(environment: str, look: Look, now: datetime, page: str) -> Iterator[JsonObject]:
    yield header(headline_of(environment, look, now))
    yield paragraph(words(_told(look, now), bold=bool(look.trouble)))
    if look.report is not None:
        yield from _findings(look.report)
    yield from _link(f"{page}/environments/{environment}" if page else "")
    yield note(f"seen {since(look.at, now)}")


def _told(look: Look, now: datetime) -> str:
    if look.trouble:
        return f"the newest survey failed, and what is shown is old: {look.trouble}"
    if now - look.at > _OLD:
        return "nobody has looked for a while, and what is shown is old"
    return look.report.headline.summary if look.report else "no survey has come about yet"


def _findings(report: SeenReport) -> Iterator[JsonObject]:
    grave = [each for each in report.findings if each.severity is not Severity.NOTICE]
    if grave:
        yield bullets("Findings", list(map(_finding, grave)), most=8)
    if fixes := tuple(dict.fromkeys(each.fix for each in grave if each.fix))[:_MOST_FIXES]:
        yield commands("What to do next", fixes)
    if notices := len(report.findings) - len(grave):
        yield note(f"and {count(notices, 'notice')}")


def _finding(finding: SeenFinding) -> str:
    return f"{finding.severity} {finding.code} {finding.subject}: {finding.sentence}"


def _link(url: str) -> Iterator[JsonObject]:
    if url:
        yield paragraph(link(url, "the status page"))
