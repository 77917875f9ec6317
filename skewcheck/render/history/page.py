"""The past as pages of their own: each is one file without scripts, like the status page's."""

from collections.abc import Sequence
from datetime import datetime

from skewcheck.core.chronicle.account import Account, Past, rollouts_in
from skewcheck.core.chronicle.pieces import State, state_of
from skewcheck.core.chronicle.then import NobodyLooked, Then
from skewcheck.core.findings import Verdict
from skewcheck.render.history import words
from skewcheck.render.page.template import render_template
from skewcheck.render.page.timeline import timeline_of
from skewcheck.render.words import moment

_TONES = {Verdict.PASS: "pass", Verdict.BLOCK: "block", Verdict.INCONCLUSIVE: "doubt"}


def render_history_page(past: Past, *, at: datetime | None = None, then: Then | None = None) -> str:
    window = past.window
    line = timeline_of(past.stretches, until=window.until, since=window.since)
    return render_template(
        "history.html.j2",
        tone="none",
        environment=past.environment,
        span=words.span_words(window),
        line=line,
        next=words.look_now(past.environment),
        then=None if at is None or then is None else _then(at, then),
        rollouts=[(moment(e.order.at), words.rollout_words(e)) for e in rollouts_in(past)],
    )


def render_report_page(accounts: Sequence[Account]) -> str:
    return render_template(
        "report.html.j2", tone="none", accounts=[_account(each) for each in accounts]
    )


def _then(at: datetime, then: Then) -> dict[str, object]:
    if isinstance(then, NobodyLooked):
        sides = (("the last look before it", then.before), ("the first look after it", then.after))
        looks = [(title, look) for title, look in sides if look is not None]
    else:
        looks = [("seen by every look", then)]
    return {
        "moment": moment(at),
        "seen": not isinstance(then, NobodyLooked),
        "looks": [
            {
                "title": title,
                "from": moment(look.first),
                "to": moment(look.last),
                "verdict": str(look.snapshot.verdict),
                "tone": _TONES[look.snapshot.verdict],
                "skew": state_of(look.snapshot) is State.SKEW,
                "services": {
                    name: words.builds_words(live) for name, live in look.snapshot.services.items()
                },
                "misfits": list(words.misfits(look.snapshot)),
            }
            for title, look in looks
        ],
    }


def _account(account: Account) -> dict[str, object]:
    return {
        "environment": account.environment,
        "span": words.span_words(account.window),
        "unknown": account.knows_nothing,
        "next": words.look_now(account.environment),
        "facts": list(words.facts(account)),
        "incidents": [words.incident_words(each) for each in account.incidents],
        "blocks": [words.block_words(each) for each in account.blocks],
        "let_past": list(words.let_past_rows(account)),
    }
