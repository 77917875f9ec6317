"""From the text behind `/skewcheck` to what is asked.

Rule of this file: a word that cannot be read is told, never dropped; a mistyped hold without its
end would hold for ever.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from skewcheck.core.documents.near_miss import did_you_mean
from skewcheck.core.remote_text import shorten
from skewcheck.core.slack.asks import (
    Ask,
    DiagnoseAsk,
    HelpAsk,
    HoldAsk,
    Misread,
    PlanAsk,
    RedeployAsk,
    ReleaseAsk,
    RollbackAsk,
    StatusAsk,
)

AS_PROMISED = "-"
_NAME = re.compile(r"[a-z0-9]([a-z0-9._-]{0,98}[a-z0-9])?")
_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,199}|-")
_LONGEST = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a command is written; `most` is None where a sentence may follow."""

    usage: str
    does: str
    least: int
    most: int | None


SHAPES: Mapping[str, Shape] = {
    "status": Shape(
        usage="status [ENVIRONMENT]", does="what is live, as the newest survey saw it",
        least=0, most=1,
    ),
    "diagnose": Shape(
        usage="diagnose ENVIRONMENT [LINK]", does="from the symptom down to the cause",
        least=1, most=2,
    ),
    "plan": Shape(
        usage="plan ENVIRONMENT [REF]", does="which service may move when; changes nothing",
        least=1, most=2,
    ),
    "redeploy": Shape(
        usage="redeploy ENVIRONMENT [REF] [WHY…]",
        does="propose a rollout, for others to approve (`-` for REF: as promised)",
        least=1, most=None,
    ),
    "rollback": Shape(
        usage="rollback ENVIRONMENT [ROLLOUT]", does="propose the way back", least=1, most=2
    ),
    "hold": Shape(
        usage="hold ENVIRONMENT WHY… [until MOMENT]", does="nothing rolls out until it is released",
        least=2, most=None,
    ),
    "release": Shape(usage="release ENVIRONMENT", does="let a hold go", least=1, most=1),
    "help": Shape(usage="help", does="this list", least=0, most=None),
}  # fmt: skip


def read_ask(text: str, known: Collection[str] = ()) -> Ask | Misread:
    """`known` are the names of the environments, empty where nobody knows them yet."""
    verb, *rest = text[:_LONGEST].split() or ["help"]
    verb = verb.lower()
    if verb not in SHAPES:
        return _wrong(f"there is no command {shorten(verb)!r}{did_you_mean(verb, SHAPES)}", "help")
    shape = SHAPES[verb]
    if len(rest) < shape.least or (shape.most is not None and len(rest) > shape.most):
        few = "not enough" if len(rest) < shape.least else "too many"
        return _wrong(f"{few} words for `{verb}`", shape.usage)
    if rest and verb != "help" and (wrong := _wrong_environment(rest[0], known)):
        return _wrong(wrong, shape.usage)
    return _READERS[verb](rest)


def _wrong(why: str, usage: str) -> Misread:
    return Misread(why=why, fix=f"/skewcheck {usage}")


def _wrong_environment(name: str, known: Collection[str]) -> str:
    if _NAME.fullmatch(name) and (name in known or not known):
        return ""
    has = f"; there are {', '.join(sorted(known))}" if known else ""
    return f"there is no environment {shorten(name)!r}{did_you_mean(name, known)}{has}"


def _status(words: list[str]) -> Ask | Misread:
    return StatusAsk(environment="".join(words))


def _diagnose(words: list[str]) -> Ask | Misread:
    return DiagnoseAsk(environment=words[0], link=shorten("".join(words[1:])))


def _plan(words: list[str]) -> Ask | Misread:
    ref = "".join(words[1:])
    return _wrong_ref(ref, "plan") or PlanAsk(environment=words[0], ref=_ref(ref))


def _redeploy(words: list[str]) -> Ask | Misread:
    environment, ref, *why = [*words, ""][: max(2, len(words))]
    told = " ".join(why)
    wrong = _wrong_ref(ref, "redeploy")
    return wrong or RedeployAsk(environment=environment, ref=_ref(ref), why=told)


def _wrong_ref(ref: str, verb: str) -> Misread | None:
    if not ref or (_REF.fullmatch(ref) and ".." not in ref):
        return None
    return _wrong(f"{shorten(ref)!r} is no ref of git", SHAPES[verb].usage)


def _ref(written: str) -> str:
    return "" if written == AS_PROMISED else written


def _rollback(words: list[str]) -> Ask | Misread:
    return RollbackAsk(environment=words[0], rollout=shorten("".join(words[1:])))


def _hold(words: list[str]) -> Ask | Misread:
    environment, *why = words
    if why[-1].lower() == "until":
        return _wrong("`until` goes with a moment", SHAPES["hold"].usage)
    if len(why) < 2 or why[-2].lower() != "until":
        return HoldAsk(environment=environment, why=" ".join(why))
    until = _moment(why[-1])
    if until is None:
        told = f"{shorten(why[-1])!r} is no moment in ISO 8601, such as 2026-12-01T08:00 (UTC)"
        return _wrong(told, SHAPES["hold"].usage)
    if not why[:-2]:
        return _wrong("a hold needs a reason", SHAPES["hold"].usage)
    return HoldAsk(environment=environment, why=" ".join(why[:-2]), until=until)


def _moment(text: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _release(words: list[str]) -> Ask | Misread:
    return ReleaseAsk(environment=words[0])


def _help(_words: list[str]) -> Ask | Misread:
    return HelpAsk()


_READERS: Mapping[str, Callable[[list[str]], Ask | Misread]] = {
    "status": _status,
    "diagnose": _diagnose,
    "plan": _plan,
    "redeploy": _redeploy,
    "rollback": _rollback,
    "hold": _hold,
    "release": _release,
    "help": _help,
}
