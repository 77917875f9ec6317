"""What probes prove besides the handshake: controls, echoes, cuts, races, events, health, rates."""

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from skewcheck.core.exposed.health_document import Health
from skewcheck.core.findings import Code
from skewcheck.core.judge.probe_causes import Cause, goes_on_all_the_same
from skewcheck.core.ladder.climb import Rung
from skewcheck.core.ladder.readings import describe_difference, read_as_browser, read_as_rfc
from skewcheck.core.ladder.rungs_above import gone_after_welcome
from skewcheck.core.ladder.words import seconds
from skewcheck.core.probed.probes import Format, LinkProbe, Probed, Probes
from skewcheck.core.probed.rate import Answer
from skewcheck.core.reading import Unreadable
from skewcheck.core.wire.script import AS_A_BROWSER, Variant
from skewcheck.core.wire.transcript import Answered, Echoed, Requested

_SLOW_S = 5.0


def judge_extras(probes: Probes, link: LinkProbe) -> Iterator[Cause]:
    yield from _controls(link)
    yield from _longer_talks(link)
    yield from _echoes(link)
    yield from _cuts(link)
    yield from _races(link)
    yield from _differences(link)
    yield from _cold(link)
    yield from _health(link)
    if link.said_environment and link.said_environment.casefold() != probes.environment.casefold():
        told = f"while connected, {link.server} says it is {link.said_environment}, not"
        yield Cause(Code.WRONG_ENVIRONMENT, f"{told} {probes.environment}")
    yield from _rates(link)


def _controls(link: LinkProbe) -> Iterator[Cause]:
    for each in (each for each in link.probed if each.variant.is_harmless):
        if each.held or (each.format.script.needs_token and goes_on_all_the_same(each)):
            told = f"{each.variant}: welcomed at {each.target}; the other welcomes prove nothing"
            fix = "refuse what the contract does not say (HTTP 400, or close 4406)"
            yield Cause(Code.ACCEPTS_ANYTHING, told, fix=fix)
        elif (unheard := _unheard(each)) and _holds_as_a_browser(link, each):
            told = f"the negative control at {each.target} came to nothing: {unheard}"
            yield Cause(Code.NOT_COMPARABLE, told)


def _unheard(probed: Probed) -> str:
    """Why it never came as far as the server, which then has refused nothing."""
    failed = probed.failed
    return failed.told if failed and failed.rung in {Rung.NAME, Rung.CONNECTION} else ""


def _holds_as_a_browser(link: LinkProbe, probed: Probed) -> bool:
    """At the same place, in the same format."""
    return any(
        (each.target, each.format) == (probed.target, probed.format) and each.state == "holds"
        for each in link.of(variant=AS_A_BROWSER)
    )


def _longer_talks(link: LinkProbe) -> Iterator[Cause]:
    """What was asked of a connection beyond its welcome: its events, and to live for a while."""
    for each in link.probed:
        if (each.variant.exercise or each.variant.holds) and each.failed is not None:
            told = f"{each.failed.told} (at {each.target}, in {each.format}, {each.variant})"
            code = each.failed.code or Code.EVENT_MISSING
            yield Cause(code, told, each.failed.evidence, format=each.format)


def _echoes(link: LinkProbe) -> Iterator[Cause]:
    """Once per format and place. A made-up token that comes back gives nothing away, nor does one
    that we put where no client puts it."""
    seen: dict[tuple[str, str], tuple[Format, str]] = {}
    for each in link.probed:
        if not each.variant.is_harmless and not each.variant.auth:
            for echo in (echo for one in each.transcripts for echo in one.all(Echoed)):
                key = str(each.target), each.format.fingerprint
                seen.setdefault(key, (each.format, echo.where))
    for (target, _), (form, where) in seen.items():
        told = f"the token comes back in the {where} at {target}, where logs and caches keep it"
        fix = "never select or repeat what carries the token"
        yield Cause(Code.TOKEN_ECHOED, told, fix=fix, format=form)


def _cuts(link: LinkProbe) -> Iterator[Cause]:
    """Pings tell an idle limit from a lifetime; one that was never welcomed tells nothing."""
    for silent in (each for each in link.probed if each.variant.holds == "silent"):
        twin = replace(silent.variant, holds="pinging")
        for pinging in link.of(variant=twin):
            if (pinging.target, pinging.format) == (silent.target, silent.format):
                yield from _cut(silent, pinging)


def _cut(silent: Probed, pinging: Probed) -> Iterator[Cause]:
    still, moving = _cut_after(silent), _cut_after(pinging)
    if silent.failed is not None or pinging.failed is not None:
        return
    through, held = silent.target, seconds(silent.variant.hold_s)
    if moving is not None and still is None:
        told = f"a connection through {through} that pings is cut after {seconds(moving)};"
        yield Cause(Code.CUT_WITHOUT_CLOSE, f"{told} a silent one lives on ({held} watched)")
    elif moving is not None:
        told = f"connections through {through} are cut {seconds(moving)} after the welcome,"
        told += " also while pings go to and fro: a limit of their lifetime"
        yield Cause(Code.LIFETIME_CUT, told, fix="raise the load balancer's backend timeout")
    elif still is not None:
        told = f"a silent connection through {through} is cut after {seconds(still)};"
        told += f" one with a ping each second lives on ({held} watched)"
        yield Cause(Code.IDLE_CUT, told, fix=f"send a ping more often than every {seconds(still)}")


def _cut_after(probed: Probed) -> float | None:
    return gone_after_welcome(probed.worst[0], probed.format.script)


def _races(link: LinkProbe) -> Iterator[Cause]:
    """Waiting holds; does speaking at once? (The other way round is the cause of a failure.)"""
    for each in link.of(variant=Variant(speaks="at-once")):
        if each.failed is not None and _holds_as_a_browser(link, each):
            told = f"a client that speaks at once, before the welcome, fails at {each.target}:"
            told += f" {each.failed.told}"
            yield Cause(Code.HANDSHAKE_RACE, told, each.failed.evidence, format=each.format)


def _differences(link: LinkProbe) -> Iterator[Cause]:
    told: dict[str, None] = {}
    for each in link.of(variant=AS_A_BROWSER):
        for transcript in each.transcripts:
            difference = describe_difference(read_as_browser(transcript), read_as_rfc(transcript))
            if difference:
                told.setdefault(f"{difference} (at {each.target}, in {each.format})")
    for sentence in told:
        yield Cause(Code.READINGS_DIFFER, sentence)


def _cold(link: LinkProbe) -> Iterator[Cause]:
    for each in link.of(variant=AS_A_BROWSER):
        if each.target.place != "candidate":
            continue
        answered, asked = each.transcripts[0].first(Answered), each.transcripts[0].first(Requested)
        took = answered.at_s - asked.at_s if answered and asked else 0.0
        if took >= _SLOW_S:
            told = f"the candidate's first answer took {seconds(took)}"
            yield Cause(Code.SLOW_COLD_START, told, fix="keep a minimum of instances warm")


def _health(link: LinkProbe) -> Iterator[Cause]:
    match link.health:
        case None:
            return
        case Unreadable() as unread:
            told = f"the health document of {link.server}: {unread.detail}"
            yield Cause(unread.cause, told, fix=unread.fix)
        case Health() as health:
            yield from _dependencies(link, health)
        case _:
            assert_never(link.health)


def _dependencies(link: LinkProbe, health: Health) -> Iterator[Cause]:
    for each in health.states:
        if each.state == "unavailable":
            told = f"{link.server} needs {each.name}, which was unavailable while connected"
            evidence = (f"read at {health.url}",)
            fix = f"start {each.name}"
            yield Cause(Code.DEPENDENCY_UNAVAILABLE, f"{told}: {each.said}", evidence, fix)
        elif each.state == "unsaid":
            told = f"the health document of {link.server} does not mention {each.name}"
            yield Cause(Code.EVIDENCE_MISSING, told, fix=f"report {each.name} at {health.url}")


def _rates(link: LinkProbe) -> Iterator[Cause]:
    for each in link.rated:
        told = f"{each.rate.sentence} (at {each.target}, in {each.format})"
        kinds = tuple(f"{code}: {count}" for code, count in each.rate.failures)
        if each.rate.answer is Answer.NOT_ABOVE:
            yield Cause(Code.SUCCESS_RATE_BELOW_TARGET, told, kinds, format=each.format)
        elif each.rate.answer is not Answer.ABOVE:
            again = "probe again: skewcheck probe … --rate"
            yield Cause(Code.SUCCESS_RATE_UNDECIDED, told, kinds, again)
