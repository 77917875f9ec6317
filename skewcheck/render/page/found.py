"""Findings, the gravest first, as every other report orders them; and what lets them past."""

from dataclasses import dataclass
from datetime import datetime

from skewcheck.core.findings import Code, Severity
from skewcheck.render.headline import SKEW
from skewcheck.render.page.document import JsonObject, objects_in, text_in, texts_in, value_in
from skewcheck.render.page.words import since_words

_TONES = {"block": "block", "unknown": "doubt"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    severity: str
    tone: str
    code: str
    subject: str
    sentence: str
    evidence: tuple[str, ...]
    since: str
    owner: str
    fix: str
    let_past: str


def deciding(report: JsonObject, now: datetime) -> tuple[Found, ...]:
    grave = [each for each in objects_in(report, "findings") if not _is_notice(each)]
    return tuple(_found(report, each, now) for each in sorted(grave, key=_rank))


def notices(report: JsonObject, now: datetime) -> tuple[Found, ...]:
    told = [each for each in objects_in(report, "findings") if _is_notice(each)]
    return tuple(_found(report, each, now) for each in told)


def _is_notice(finding: JsonObject) -> bool:
    return text_in(finding, "severity") == Severity.NOTICE


def _rank(finding: JsonObject) -> tuple[bool, bool, int]:
    code = text_in(finding, "code")
    order = SKEW.index(Code(code)) if code in SKEW else len(SKEW)
    return text_in(finding, "severity") != Severity.BLOCK, code == Code.MASKED, order


def _found(report: JsonObject, finding: JsonObject, now: datetime) -> Found:
    severity = text_in(finding, "severity")
    return Found(
        severity=severity,
        tone=_TONES.get(severity, "none"),
        code=text_in(finding, "code"),
        subject=text_in(finding, "subject"),
        sentence=text_in(finding, "sentence"),
        evidence=tuple(texts_in(finding, "evidence")),
        since=since_words(finding, now),
        owner=text_in(finding, "owner"),
        fix=text_in(finding, "fix"),
        let_past=_let_past(report, finding),
    )


def _let_past(report: JsonObject, finding: JsonObject) -> str:
    about = (text_in(finding, "code"), text_in(finding, "subject"))
    for each in objects_in(report, "overrides"):
        is_about = (text_in(each, "finding"), text_in(each, "subject")) == about
        if is_about and not value_in(each, "expired"):
            return f"let past until {text_in(each, 'until')} by {text_in(each, 'who')}"
    return ""
