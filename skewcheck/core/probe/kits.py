"""From a survey to what there is to probe on each link: formats, places, and whom to trust.

Pure. What cannot or may not be probed comes out as a doubt, never as a gap.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from skewcheck.core.build import BuildSha
from skewcheck.core.compatibility import Terms
from skewcheck.core.contract import Contract
from skewcheck.core.live import Live, live_clients
from skewcheck.core.manifest import Link, Manifest, ProbeRule, Token
from skewcheck.core.matrix import clients_after
from skewcheck.core.probe.experiments import Kit
from skewcheck.core.probe.fitting import fitting_pairs
from skewcheck.core.probe.ways import (
    only_trusted,
    origin_of,
    page_origin,
    trusted_origins,
    ways_past_the_edge,
)
from skewcheck.core.probed.probes import Doubt, Format
from skewcheck.core.survey import Candidate, ContractKnown, Survey
from skewcheck.core.wire.script import Target, script_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeWanted:
    """How much is asked of the probes. `skip` says why none is made (`--no-probe`); `links` empty
    means all; `thorough` looks at everything, as `probe` and `diagnose` do; `alone` means that
    nothing else is judged, so what the edge serves of the client comes along; `only_fitting`
    leaves out pairs of builds that do not fit by git, because a plan keeps them apart."""

    skip: str = ""
    thorough: bool = False
    alone: bool = False
    only_fitting: bool = False
    links: frozenset[str] = frozenset()
    handshakes: int | None = None
    exercise: bool | None = None
    hold_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbePlan:
    """One link's kit; with any doubt of kind `not-probed` in it, nothing is probed.

    `trusted` are the origins (scheme, host and port) that may be sent the token.
    `no_origin` is why there is nothing past the edge on purpose; `no_way` why it is out of reach.
    """

    link: str
    client: str
    server: str
    origin: str
    kit: Kit
    rule: ProbeRule
    token: Token | None
    trusted: frozenset[str]
    doubts: tuple[Doubt, ...] = ()
    no_origin: str = ""
    no_way: str = ""


def plan_probes(survey: Survey, rules: Manifest, wanted: ProbeWanted) -> tuple[ProbePlan, ...]:
    """`rules` is the manifest at the policy ref: tokens, `probe` and trusted places are its."""
    plans = (
        _plan(survey, rules, wanted, name, link)
        for name, link in survey.manifest.links.items()
        if _is_websocket(rules, name, link)
        and (not wanted.links or name in wanted.links)
        and (wanted.thorough or _is_touched(survey, link))
    )
    return tuple(plan for plan in plans if plan.kit.pairs or plan.doubts)


def _is_websocket(rules: Manifest, name: str, link: Link) -> bool:
    """A change under review must not talk its link out of being opened."""
    ruling = rules.links.get(name, link)
    return "websocket" in (link.transport, ruling.transport)


def _is_touched(survey: Survey, link: Link) -> bool:
    """With candidates, only links on which one of them can be met: a server without a URL of its
    own cannot, and what it replaces decides nothing."""
    if not survey.candidates:
        return True
    server = survey.candidates.get(link.server)
    return bool(server.url) if server is not None else link.client in survey.candidates


def _plan(survey: Survey, rules: Manifest, wanted: ProbeWanted, name: str, link: Link) -> ProbePlan:
    ruling = rules.links.get(name)
    token = ruling.token if ruling is not None else None
    rule = ruling.probe if ruling is not None else ProbeRule()
    formats = formats_of(survey, name, link)
    trusted = trusted_origins(survey, rules, name, link)
    ways = ways_past_the_edge(survey, link)
    if any(form.script.needs_token for form in formats):
        ways = only_trusted(ways, trusted)
    exercise = rule.exercise_in_gate if wanted.exercise is None else wanted.exercise
    pairs = tuple(_pairs(survey, link, formats, ways.directs))
    others = tuple(form for form in formats if survey.candidates and not form.candidate)
    kit = Kit(
        pairs=fitting_pairs(survey, name, pairs) if wanted.only_fitting else pairs,
        directs=ways.directs,
        others=() if wanted.only_fitting else others,
        handshakes=wanted.handshakes or rule.handshakes,
        exercise=exercise,
        thorough=wanted.thorough,
        hold_s=wanted.hold_s,
    )
    plan = ProbePlan(
        link=name,
        client=link.client,
        server=link.server,
        origin=page_origin(link.origin or survey.manifest.services[link.client].url),
        kit=kit,
        rule=rule,
        token=token,
        trusted=trusted,
        no_origin=ways.no_origin,
        no_way=ways.no_way,
    )
    met = survey.candidates.get(link.server)
    return replace(plan, doubts=tuple(_doubts(plan, wanted, met)))


def formats_of(survey: Survey, name: str, link: Link) -> tuple[Format, ...]:
    """The wire formats of the clients that are surely live, and of a client candidate.

    Those that only may linger are the matrix's to judge: nobody knows that they are there.
    """
    now = [live for live in live_clients(survey, link.client) if not live.only_may_linger]
    names_now = {live.build for live in now}
    candidate = survey.candidates.get(link.client)
    clients = now if candidate is None else clients_after(survey, link.client)
    found: dict[str, Format] = {}
    for live in clients:
        known = survey.contracts.get((name, "client", live.build)) if live.build else None
        is_candidate = candidate is not None and live.build == candidate.build
        if not isinstance(known, ContractKnown) or known.contract is None:
            continue
        if is_candidate or live.build in names_now:
            form = _format(known.contract, known.terms, live, candidate=is_candidate,
                           live=live.build in names_now)  # fmt: skip
            found[form.fingerprint] = _joined(found.get(form.fingerprint), form)
    return tuple(found.values())


def _format(contract: Contract, terms: Terms, who: Live, *, candidate: bool, live: bool) -> Format:
    return Format(
        fingerprint=terms.fingerprint,
        version=str(terms.version),
        script=script_of(contract),
        builds=(str(who.build),),
        why=who.why,
        candidate=candidate,
        live=live,
    )


def _joined(first: Format | None, other: Format) -> Format:
    if first is None:
        return other
    return replace(
        first,
        builds=(*first.builds, *other.builds),
        candidate=first.candidate or other.candidate,
        live=first.live or other.live,
    )


def _pairs(
    survey: Survey,
    link: Link,
    formats: tuple[Format, ...],
    directs: tuple[Target, ...],
) -> Iterator[tuple[Format, Target]]:
    """What must hold. A split is looked at revision by revision: one handshake meets only one."""
    server = survey.candidates.get(link.server)
    if server is not None:
        build = str(server.build) if isinstance(server.build, BuildSha) else ""
        url = server.url.rstrip("/") + link.path
        candidate = Target(place="candidate", url=url, build=build)
        yield from ((form, candidate) for form in formats if server.url)
        return
    edge = Target(place="edge", url=survey.manifest.services[link.server].url + link.path)
    split = len({target.revision for target in directs}) > 1
    for form in formats:
        if form.candidate or link.client not in survey.candidates:
            yield form, edge
            yield from ((form, each) for each in directs if split and each.revision)


def _doubts(plan: ProbePlan, wanted: ProbeWanted, server: Candidate | None) -> Iterator[Doubt]:
    if wanted.skip:
        yield Doubt(what="not-probed", why=f"the WebSocket was not opened: {wanted.skip}",
                    fix="leave --no-probe out, or allow it: policy.unprobed: notice")  # fmt: skip
    elif not wanted.thorough and not plan.rule.in_gate:
        told = f"the WebSocket was not opened: links.{plan.link}.probe.in_gate is false"
        yield Doubt(what="not-probed", why=told, fix="allow it: policy.unprobed: notice")
    elif server is not None and not server.url:
        told = f"the WebSocket was not opened: the candidate {plan.server} has no URL here"
        fix = f"--candidate {plan.server}={server.named}@URL"
        yield Doubt(what="not-probed", why=told, fix=fix)
    elif not plan.kit.pairs and wanted.only_fitting:
        return
    elif not plan.kit.pairs:
        told = "the WebSocket was not opened: no contract of a client that decides is known"
        yield Doubt(what="not-probed", why=told, fix="skewcheck status shows what hides it")
    else:
        yield from _token_doubts(plan)


def _token_doubts(plan: ProbePlan) -> Iterator[Doubt]:
    if not any(form.script.needs_token for form, _ in plan.kit.pairs):
        return
    if plan.token is None:
        told = f"the contract carries a token, and links.{plan.link} names none at the policy ref"
        variable = re.sub("[^A-Z0-9]", "_", plan.link.upper())
        fix = f"links.{plan.link}.token: {{env: SKEWCHECK_{variable}_TOKEN}}"
        yield Doubt(what="not-probed", why=told, fix=fix)
        return
    for target in dict.fromkeys(target for _, target in plan.kit.pairs):
        if origin_of(target.url) not in plan.trusted:
            told = f"{origin_of(target.url)} was sent no token: neither the manifest at the policy"
            told += " ref nor Cloud Run names it"
            fix = f"merge services.{plan.server}.url first, or give a tag URL of the service"
            yield Doubt(what="not-probed", why=told, fix=fix)
