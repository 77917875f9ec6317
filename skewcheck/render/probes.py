"""What was probed, in the words that every audience shares: a row for each variant at each place.

Rule of this file: only what surely is as it should be is GOOD; a failure that no finding rests on,
as it only tells causes apart, is PLAIN.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from skewcheck.core.exposed.health_document import Health
from skewcheck.core.judge.probes import at_edge, broken_of
from skewcheck.core.ladder.climb import Ladder, Rung, State, Step
from skewcheck.core.logs.query import LogLine
from skewcheck.core.probed.probes import LinkProbe, Probed, Probes
from skewcheck.core.probed.rate import Answer
from skewcheck.core.reading import Unreadable
from skewcheck.core.wire.script import AS_A_BROWSER

_MOST_LOGS = 6
MARKS = {State.PASSED: "✓", State.FAILED: "✗", State.MASKED: "·", State.UNPROVEN: "?"}


class Mood(StrEnum):
    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeRow:
    """`variant` is empty for what a browser does; `is_base` says that it is what must hold."""

    word: str
    mood: Mood
    counted: str
    place: str
    format: str
    variant: str
    told: str
    is_base: bool
    ladder: Ladder


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """What stands beside the handshakes: `label` is one short word."""

    label: str
    told: str
    mood: Mood = Mood.PLAIN


def probe_rows(link: LinkProbe, *, brief: bool) -> Iterator[ProbeRow]:
    """`brief` leaves out the experiments, but never what is not as it should be."""
    for probed in link.probed:
        row = _row(link, probed)
        if not brief or row.is_base or row.mood in {Mood.BAD, Mood.UNKNOWN}:
            yield row


def probe_word(link: LinkProbe, probed: Probed) -> tuple[str, Mood]:
    """`holds`, `fails` or `flaky`; a made-up token should be `refused`, and never `welcomed`."""
    if probed.variant.is_harmless:
        return _refusal(probed)
    if probed.state == "holds":
        return probed.state, Mood.GOOD
    return probed.state, Mood.BAD if _is_bad(link, probed) else Mood.PLAIN


def probe_told(probed: Probed) -> str:
    """What failed first, else how the welcome came."""
    ladder = probed.worst[1]
    if ladder.failed is not None:
        return ladder.failed.told
    told = ladder.at(Rung.WELCOME).told
    return f"{told}, {ladder.at(Rung.EVENTS).told}" if probed.variant.exercise else told


def step_told(ladder: Ladder, step: Step) -> str:
    """What hides a rung is told in full one line above."""
    if step.state is State.MASKED and ladder.failed is not None:
        return f"masked by {ladder.failed.rung}"
    return step.told


def handshakes(link: LinkProbe) -> tuple[int, int]:
    """How many held, of how many that decide: a way past the edge that is closed to us does not,
    nor does a format that others are only compared with."""
    base = [
        each
        for each in link.of(variant=AS_A_BROWSER)
        if each.state == "holds" or broken_with(link, each) is not None
    ]
    return sum(each.held for each in base), sum(len(each.transcripts) for each in base)


def held_words(probes: Probes) -> str:
    """`chat holds: 10 of 10 handshakes`, link by link."""
    return "; ".join(map(_held, probes.links)) or "nothing was probed"


def counted_words(link: LinkProbe) -> str:
    held, tried = handshakes(link)
    return f"{held} of {tried} handshakes hold" if tried else "no handshake was made"


def asides(link: LinkProbe) -> Iterator[Aside]:
    """Rates, doubts, health and logs, in that order."""
    for rated in link.rated:
        told = f"{rated.rate.sentence} (at {rated.target}, in {rated.format})"
        yield Aside(label="rate", told=told, mood=_RATES.get(rated.rate.answer, Mood.UNKNOWN))
    for doubt in link.doubts:
        yield Aside(label="doubt", told=f"{doubt.what}: {doubt.why}", mood=Mood.UNKNOWN)
    if link.no_origin:
        yield Aside(label="edge", told=f"nothing to compare it with: {link.no_origin}")
    yield from _health(link.health)
    yield from _logs(link)
    if link.no_logs:
        yield Aside(label="log", told=f"no log lines: {link.no_logs}")


def _logs(link: LinkProbe) -> Iterator[Aside]:
    """The lines about what failed first; of the rest how many there are."""
    failing = {probed.worst[0].id for probed in broken_of(link)}
    ordered = sorted(link.logs, key=lambda line: line.probe_id not in failing)
    for line in ordered[:_MOST_LOGS]:
        yield Aside(label="log", told=log_words(line))
    if len(ordered) > _MOST_LOGS:
        left = len(ordered) - _MOST_LOGS
        yield Aside(label="log", told=f"and {left} more lines: --format json has them all")


def log_words(line: LogLine) -> str:
    return f"{line.at:%H:%M:%S} {line.by} {line.severity}: {line.text}"


_RATES = {Answer.ABOVE: Mood.GOOD, Answer.NOT_ABOVE: Mood.BAD}
_HEALTH = {
    "available": ("available", Mood.GOOD),
    "unavailable": ("unavailable", Mood.BAD),
    "unsaid": ("not mentioned", Mood.UNKNOWN),
}


def _row(link: LinkProbe, probed: Probed) -> ProbeRow:
    word, mood = probe_word(link, probed)
    tried = len(probed.transcripts)
    number = tried - probed.held if word == "refused" else probed.held
    is_base = probed.variant == AS_A_BROWSER
    return ProbeRow(
        word=word,
        mood=mood,
        counted=f"{number} of {tried}",
        place=str(probed.target),
        format=str(probed.format),
        variant="" if is_base else str(probed.variant),
        told=probe_told(probed),
        is_base=is_base,
        ladder=probed.worst[1],
    )


def _refusal(probed: Probed) -> tuple[str, Mood]:
    """Who was never heard was not refused."""
    failed = probed.worst[1].failed
    if probed.held or failed is None:
        return "welcomed", Mood.BAD
    if failed.rung in {Rung.NAME, Rung.CONNECTION}:
        return "? not known", Mood.UNKNOWN
    return "refused", Mood.GOOD


def broken_with(link: LinkProbe, probed: Probed) -> Probed | None:
    """The probe whose finding tells of this failure: itself, or the edge, which speaks for the
    ways past it; None where no finding rests on it."""
    broken = tuple(broken_of(link))
    return next((each for each in (probed, at_edge(link, probed)) if each in broken), None)


def _is_bad(link: LinkProbe, probed: Probed) -> bool:
    """Speaking at another moment may fail only where waiting fails as well."""
    variant = probed.variant
    if variant == AS_A_BROWSER:
        return broken_with(link, probed) is not None
    if variant.speaks:
        return any(
            each.state == "holds" and (each.target, each.format) == (probed.target, probed.format)
            for each in link.of(variant=AS_A_BROWSER)
        )
    return not variant.auth and not variant.without


def _held(link: LinkProbe) -> str:
    held, tried = handshakes(link)
    if tried and held == tried:
        return f"{link.link} holds: {held} of {tried} handshakes"
    return f"{link.link}: {counted_words(link)}"


def _health(health: Health | Unreadable | None) -> Iterator[Aside]:
    if isinstance(health, Unreadable):
        told = f"{health.cause}: {health.detail}"
        yield Aside(label="health", told=told, mood=Mood.UNKNOWN)
    elif health is not None:
        for each in health.states:
            said = f" ({each.said})" if each.said else ""
            word, mood = _HEALTH[each.state]
            yield Aside(label="health", told=f"{each.name}: {word}{said}", mood=mood)
