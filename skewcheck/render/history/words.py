"""The past in the words that terminal and page share."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from skewcheck.core.chronicle.account import Account
from skewcheck.core.chronicle.blocks import Became, Block
from skewcheck.core.chronicle.exposure import Exposure
from skewcheck.core.chronicle.incidents import Incident, Times
from skewcheck.core.chronicle.pieces import Hours, Window
from skewcheck.core.chronicle.snapshot import SeenBuild, SeenPair, Snapshot
from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.view import RolloutView
from skewcheck.render.plan.words import short
from skewcheck.render.rollout.words import outcome_word, targets_words
from skewcheck.render.words import count, lasting, moment

NOT_KNOWN = "? not known"
_OUTCOMES: Mapping[Outcome | None, str] = {
    Outcome.SUCCEEDED: "succeeded",
    Outcome.ROLLED_BACK: "rolled back",
    Outcome.STUCK: "stuck",
    None: "unfinished",
}


def span_words(window: Window) -> str:
    """`2026-11-17 22:10 UTC to 2026-11-24 22:10 UTC, 7 days`."""
    return f"{moment(window.since)} to {moment(window.until)}, {long(window.until - window.since)}"


def long(length: timedelta) -> str:
    return lasting(length.total_seconds())


def look_now(environment: str) -> str:
    """What makes a history: a look, or one after the other."""
    return f"skewcheck status {environment}, or skewcheck serve, which looks by itself"


def builds_words(live: Sequence[SeenBuild]) -> str:
    """`9e39e39 90% (traffic), 01d01d0 (edge, page)`."""
    return ", ".join(map(_build, live)) or NOT_KNOWN


def _build(seen: SeenBuild) -> str:
    share = "" if seen.percent is None else f" {seen.percent}%"
    presences = f" ({', '.join(seen.presences)})" if seen.presences else ""
    return f"{short(seen.build) if seen.build else NOT_KNOWN}{share}{presences}"


def misfits(snapshot: Snapshot) -> Iterator[str]:
    """The pairs that do not surely fit, then what else blocked or was unknown."""
    yield from map(_pair, snapshot.pairs)
    links = {pair.link for pair in snapshot.pairs}
    for cause in snapshot.causes:
        if cause.subject not in links:
            yield f"{cause.code} on {cause.subject}"


def _pair(pair: SeenPair) -> str:
    client, server = (short(each) if each else "?" for each in (pair.client, pair.server))
    word = "DOES NOT FIT" if pair.fit == "no" else NOT_KNOWN
    share = "" if pair.percent is None else f", {pair.percent:g}% of new meetings"
    return f"{pair.link}: {client} → {server} {word}{share}"


def rollout_words(view: RolloutView) -> str:
    """`redeploy 20261123-2210-7f3a1b SUCCEEDED by ada: frontend 9e39e39`."""
    order = view.order
    told = f"{order.kind} {order.rollout} {outcome_word(view)} by {order.who}"
    return f"{told}: {targets_words(order)}"


def _no_length(account: Account) -> str:
    """One look by itself lasts for no time."""
    return "seen, for no time that is known" if account.incidents else "none that anybody saw"


def facts(account: Account) -> Iterator[tuple[str, str]]:
    """The sums: label and words."""
    together = account.together
    yield "looked", _looked(account)
    yield "skew", _lasted(account, "skew") or _no_length(account)
    if together.changing:
        yield "between", f"{long(together.changing)} between two looks that differ about it"
    if unknown := _lasted(account, "unknown"):
        yield "unknown", unknown
    for exposure in account.exposed:
        yield "exposed", exposure_words(exposure)
    yield "detected", times_words(account.detected, "with no look before it")
    yield "mended", times_words(account.mended, "not mended yet")
    answers = {str(verdict): number for verdict, number in account.gates.items()}
    yield "gates", _tally(answers, "asked")
    told = {_OUTCOMES[outcome]: number for outcome, number in account.rollouts.items()}
    yield "rollouts", _tally(told, "ordered")


def _looked(account: Account) -> str:
    hours = account.together
    seen = hours.length - hours.unseen
    if account.looked and not seen:
        return f"at single moments of {long(hours.length)} only"
    told = f"{lasting(seen.total_seconds(), at_least=True)} of {long(hours.length)}"
    return f"{told}; nobody looked for {long(hours.unseen)}" if hours.unseen else told


def _lasted(account: Account, state: str) -> str:
    """`3 h (chat 3 h, frontend 40 min)`; empty where it did not last at all."""
    by_subject = {name: _of(hours, state) for name, hours in account.by_subject.items()}
    parts = ", ".join(f"{name} {long(each)}" for name, each in by_subject.items() if each)
    together = _of(account.together, state)
    if not together:
        return parts
    return f"{long(together)} ({parts})" if parts else long(together)


def _of(hours: Hours, state: str) -> timedelta:
    lasted: timedelta = getattr(hours, state)
    return lasted


def exposure_words(exposure: Exposure) -> str:
    parts = []
    if exposure.full:
        parts.append(f"as if all new meetings had failed for {long(exposure.full)}")
    if exposure.unknown_share:
        parts.append(f"for {long(exposure.unknown_share)} a share that nobody knows")
    return f"{exposure.link}: {'; '.join(parts) or 'nobody, as far as the looks tell'}"


def times_words(taken: Times, otherwise: str) -> str:
    """Bounds, because nobody sees the moment itself."""
    rest = f"{taken.open} {otherwise}" if taken.open else ""
    if taken.median is None or taken.worst is None:
        return rest or "nothing to measure"
    told = f"within {long(taken.median)} (median), {long(taken.worst)} (worst), of {taken.of}"
    return f"{told}; {rest}" if rest else told


def _tally(numbers: Mapping[str, int], what: str) -> str:
    """`41 asked: 36 pass, 4 block`."""
    parts = [f"{number} {word}" for word, number in numbers.items() if number]
    total = f"{sum(numbers.values())} {what}"
    return f"{total}: {', '.join(parts)}" if parts else f"none {what}"


def incident_words(incident: Incident) -> tuple[str, str, str]:
    """When, what, and how long it took to see it and to mend it."""
    found, mended = incident.detected_within, incident.mended_within
    seen = f"seen within {long(found)}" if found is not None else "no look before it"
    over = f"mended within {long(mended)}" if mended is not None else "not mended yet"
    return moment(incident.first), causes_words(incident.what), f"{seen}, {over}"


def causes_words(causes: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{code} on {subject}" for code, subject in causes)


def block_words(block: Block) -> tuple[str, str, str, str]:
    """When, of what and how often, why, and what became of it."""
    builds = [f"{name} {short(build)}" for name, build in block.candidates.items()]
    asked = ", ".join(builds) or "as it stood"
    asked += f", {count(block.times, 'time')}" if block.times > 1 else ""
    return moment(block.first), asked, causes_words(block.causes), _became(block)


def _became(block: Block) -> str:
    told = f"{block.became} {block.by}" if block.became is Became.MENDED else str(block.became)
    return told if block.at is None else f"{told}, {moment(block.at)}"


def let_past_rows(account: Account) -> Iterator[tuple[str, str, str]]:
    """Who, what and how often, why."""
    for each, times in account.let_past.items():
        yield each.who, f"{each.what}, {count(times, 'time')}", each.why
