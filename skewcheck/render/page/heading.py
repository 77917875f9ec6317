"""The head of an environment: its verdict, or that nobody knows, and what softens it.

Rule of this file: a verdict that is late, failed or missing is shown as unknown; the last one that
was known is told beside it, as something of the past.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from skewcheck.core.rollout.consent import Hold
from skewcheck.render.page.document import (
    JsonObject,
    moment_in,
    named_in,
    number_in,
    objects_in,
    text_in,
    texts_in,
    value_in,
)
from skewcheck.render.page.view import EnvironmentView
from skewcheck.render.page.words import TONES, ago, sha_words, when
from skewcheck.render.words import NO_MANIFEST, VANTAGE

_UNKNOWN = "UNKNOWN"
_NO_SURVEY = "no survey has been taken yet"
_OWN_CODES = {"pass": 0, "block": 10, "inconclusive": 11}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """`tone` is none where the verdict is not known now; `last_known` tells the old one then."""

    word: str
    tone: str
    summary: str
    looked: str = ""
    age: str = ""
    exits: str = ""
    last_known: str = ""
    sentence: str = ""
    safe: str = ""
    loud: tuple[str, ...] = ()
    hold: str = ""
    next: tuple[str, ...] = ()


def head_of(view: EnvironmentView, now: datetime) -> Head:
    hold = _hold(view.hold, now)
    if view.report is None:
        told = view.trouble or _NO_SURVEY
        return Head(word=_UNKNOWN, tone="none", summary=told, hold=hold, loud=view.notes)
    report, at = view.report, moment_in(view.report, "at")
    word = verdict_word(report)
    summary = text_in(report, "headline", "summary")
    old = bool(view.trouble) or at is None
    return Head(
        word=_UNKNOWN if old else word,
        tone="none" if old else TONES.get(text_in(report, "verdict"), "none"),
        summary=(view.trouble or "nobody knows when this was seen") if old else summary,
        looked="" if at is None else when(at),
        age="" if at is None else ago(at, now),
        exits=_exits(report),
        last_known=f"last known: {word}, {summary}" if old else "",
        sentence=text_in(report, "headline", "finding", "sentence"),
        safe=text_in(report, "headline", "safe"),
        loud=(*view.notes, *_loud(report)),
        hold=hold,
        next=tuple(texts_in(report, "next")),
    )


def verdict_word(report: JsonObject) -> str:
    """In the conditional while it is only observed."""
    word = {"block": "WOULD BLOCK", "inconclusive": "WOULD BE INCONCLUSIVE"}.get(
        text_in(report, "would")
    )
    return word or text_in(report, "verdict").upper() or _UNKNOWN


def source_lines(report: JsonObject) -> Iterator[str]:
    """Where promises and rules came from, from where it was looked, and with what."""
    sources = value_in(report, "sources")
    if isinstance(sources, dict):
        ref = f" at {text_in(sources, 'ref')}" if text_in(sources, "ref") else ""
        told = f"promises from {text_in(sources, 'file')}{ref}{sha_words(sources, 'commit')}"
        if rules := text_in(sources, "policy_ref"):
            told += f", policy and overrides from {rules}{sha_words(sources, 'policy_commit')}"
        yield told
        yield from texts_in(sources, "notes")
    else:
        yield NO_MANIFEST
    seen = named_in(report, "observations").values()
    if any(value_in(each, hop) for each in seen for hop in ("edge", "page")):
        yield VANTAGE
    versions = value_in(report, "versions")
    if isinstance(versions, dict) and versions:
        yield ", ".join(f"{name} {version}" for name, version in versions.items())


def _exits(report: JsonObject) -> str:
    code = number_in(report, "exit")
    if code is None:
        return ""
    softened = code != _OWN_CODES.get(text_in(report, "verdict"))
    return f"exit {code:g}: the verdict is let past" if softened else f"exit {code:g}"


def _loud(report: JsonObject) -> Iterator[str]:
    glass = value_in(report, "break_glass")
    if glass:
        told = f"{text_in(glass, 'until')} by {text_in(glass, 'who')}: {text_in(glass, 'why')}"
        yield f"BREAK-GLASS until {told} (everything is let past; the verdict stays)"
    if text_in(report, "enforce", "mode") == "observe":
        until = text_in(report, "enforce", "until")
        yield f"OBSERVING until {until}: the verdict is not enforced"
    yield from map(_override, objects_in(report, "overrides"))


def _override(of: JsonObject) -> str:
    what = f"{text_in(of, 'finding')} on {text_in(of, 'subject')} until {text_in(of, 'until')}"
    why = f"by {text_in(of, 'who')}: {text_in(of, 'reason')}"
    if value_in(of, "expired"):
        return f"OVERRIDE EXPIRED {what} {why} (it lets nothing past; remove it)"
    return f"OVERRIDE {what} {why}{'' if value_in(of, 'used') else ' (meets no finding now)'}"


def _hold(hold: Hold | None, now: datetime) -> str:
    if hold is None or not hold.binds(now):
        return ""
    until = "until it is released" if hold.until is None else f"until {when(hold.until)}"
    return f"HELD by {hold.who} {until}: {hold.why} (nothing rolls out; since {when(hold.at)})"
