"""Can the live parties of a link talk to each other? Findings from the cells of its matrix."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from skewcheck.core.build import BuildSha
from skewcheck.core.commands import invalidate_command
from skewcheck.core.compatibility import Fit, Terms, brief, terms_of_claim, write_range
from skewcheck.core.findings import Code, Finding
from skewcheck.core.history import Commit
from skewcheck.core.judge.found import found
from skewcheck.core.judge.places import stale_builds
from skewcheck.core.live import Live, Presence, identify_reading
from skewcheck.core.matrix import Cell, LinkMatrix, contract_of
from skewcheck.core.reading import Page, ProtocolClaim, VersionDocument
from skewcheck.core.survey import ContractKnown, ServiceSurvey, Side, Survey


def judge_link(survey: Survey, matrix: LinkMatrix) -> Iterator[Finding]:
    """One finding for each pair that does not fit, and one for each contract that is not known."""
    if not matrix.cells:
        told = f"no pair of a live {matrix.client} and a live {matrix.server} was found"
        yield found(survey, Code.NOTHING_TO_CHECK, matrix.link, told, fix="see the findings above")
    for cell in matrix.cells:
        if cell.fit is Fit.NO:
            finding = _skew(survey, matrix, cell)
            yield finding.as_pre_existing() if cell.pre_existing else finding
    yield from _without_contract(survey, matrix)


def describe_pair(matrix: LinkMatrix, cell: Cell) -> str:
    """Who breaks whom, with both builds and what keeps each of them live."""
    breaks = "cannot talk to" if cell.fit is Fit.NO else "perhaps cannot talk to"
    return (
        f"{matrix.client} {cell.client} ({cell.client.why}) {breaks}"
        f" {matrix.server} {cell.server} ({cell.server.why})"
    )


def _skew(survey: Survey, matrix: LinkMatrix, cell: Cell) -> Finding:
    kind = cell.compatibility.code or Code.PROTOCOL_SKEW
    finding = found(
        survey,
        Code.LINGERING_CLIENT_SKEW if cell.client.only_may_linger else kind,
        matrix.link,
        f"{describe_pair(matrix, cell)}: {cell.compatibility.sentence}",
        evidence=_evidence(survey, matrix, cell),
        since=cell.since,
        fix=_fix(survey, matrix, cell),
    )
    return replace(finding, pair=(cell.client.build, cell.server.build))


def _evidence(survey: Survey, matrix: LinkMatrix, cell: Cell) -> Iterator[str]:
    for commit in _changes(survey, matrix, cell):
        yield (
            f"the contract changed in {commit.sha.short} {commit.subject!r}"
            f" by {commit.author} on {commit.at:%Y-%m-%d}"
        )
    if cell.client.build in stale_builds(survey, survey.services[matrix.client]):
        yield f"stale hop: only the edge of {matrix.client} still holds {cell.client}"
    for path in cell.assumed:
        yield f"assumed: {path} stands for a contract from before there was one"
    if cell.client.until is not None:
        yield f"such a client may live until {cell.client.until:%Y-%m-%d %H:%M} UTC"


def _changes(survey: Survey, matrix: LinkMatrix, cell: Cell) -> tuple[Commit, ...]:
    """The commits that made the two contracts what they are, the younger first."""
    sides: tuple[tuple[Side, Live], ...] = (("client", cell.client), ("server", cell.server))
    readings = [contract_of(survey, matrix.link, side, live) for side, live in sides]
    commits = {r.changed for r in readings if isinstance(r, ContractKnown) and r.changed}
    return tuple(sorted(commits, key=lambda commit: commit.at, reverse=True))[:1]


def _fix(survey: Survey, matrix: LinkMatrix, cell: Cell) -> str:
    client = survey.services[matrix.client]
    if cell.client.build in stale_builds(survey, client):
        return invalidate_command(survey.manifest, matrix.client)
    if cell.client.only_may_linger and cell.client.until is not None:
        until = f"{cell.client.until:%Y-%m-%d %H:%M} UTC"
        return f"wait until {until}, or widen what the server accepts"
    if Presence.CANDIDATE in cell.client.presences:
        return f"deploy a build of {matrix.server} that accepts it first"
    spoken = contract_of(survey, matrix.link, "client", cell.client)
    version = f" {spoken.terms.version}" if isinstance(spoken, ContractKnown) else ""
    whose = f"{matrix.client} {cell.client}"
    return f"deploy a build of {matrix.server} that accepts{version} as {whose} speaks it"


def safe_at(survey: Survey, client: str, cell: Cell) -> datetime | None:
    """When a bad pair ends by itself, at the earliest; None if never.

    A client that merely lingers goes with its last tab; one that only the edge still holds, when
    the edge's copy has expired and the tabs opened until then are gone. What the edge serves is
    no mere copy where nothing newer is known behind it.
    """
    if cell.client.only_may_linger:
        return cell.client.until
    if not set(cell.client.presences) <= {Presence.EDGE, Presence.PAGE, Presence.LINGERING}:
        return None
    service = survey.services[client]
    superseded = client in survey.candidates or cell.client.build in stale_builds(survey, service)
    page = service.page
    if not superseded or not isinstance(page, Page) or page.fresh_for_s is None:
        return None
    expires = page.read_at + timedelta(seconds=page.fresh_for_s)
    return expires + survey.manifest.lingers_of(client)


def _without_contract(survey: Survey, matrix: LinkMatrix) -> Iterator[Finding]:
    told: set[str] = set()
    for cell in matrix.cells:
        sentence = cell.compatibility.sentence
        if cell.fit is Fit.UNKNOWN and sentence not in told:
            told.add(sentence)
            yield _unknown(survey, matrix, cell)


def _unknown(survey: Survey, matrix: LinkMatrix, cell: Cell) -> Finding:
    """A pair with an unnamed party is masked by whatever hides that party's build."""
    code, sentence = cell.compatibility.code, cell.compatibility.sentence
    if code is not None:
        fix = _contract_fix(survey, matrix, cell)
        return found(survey, code, matrix.link, sentence, fix=fix)
    told = f"not compared: {sentence}"
    return found(survey, Code.MASKED, matrix.link, told, fix="mend what hides the build")


def _contract_fix(survey: Survey, matrix: LinkMatrix, cell: Cell) -> str:
    sides: tuple[tuple[Side, Live], ...] = (("client", cell.client), ("server", cell.server))
    for side, live in sides:
        reading = contract_of(survey, matrix.link, side, live)
        if not isinstance(reading, ContractKnown):
            return reading.fix
    return f"see links.{matrix.link} in manifests/{survey.environment}.yaml"


def judge_claims(survey: Survey, service: ServiceSurvey) -> Iterator[Finding]:
    """What a running build says of its protocols, held against the contract at its commit."""
    readings = [service.edge, *(origin.reading for origin in service.origins)]
    told: set[tuple[object, ...]] = set()
    for document in readings:
        if not isinstance(document, VersionDocument):
            continue
        build = identify_reading(survey, service, document.build)
        for claim in document.protocols:
            if isinstance(build, BuildSha) and (build, claim) not in told:
                told.add((build, claim))
                yield from misreported(survey, service.name, build, claim, document.url)


def misreported(
    survey: Survey, service: str, build: BuildSha, claim: ProtocolClaim, url: str
) -> Iterator[Finding]:
    """Where a claim and the contract in git differ, for each link that the service is part of."""
    for name, link in survey.manifest.links.items():
        sides: tuple[tuple[Side, str], ...] = (("client", link.client), ("server", link.server))
        for side, party in sides:
            reading = survey.contracts.get((name, side, build))
            if party != service or not isinstance(reading, ContractKnown) or reading.assumed:
                continue
            if claim.role not in ("", side) or claim.name != reading.terms.protocol:
                continue
            for difference in _differences(claim, reading.terms):
                yield found(
                    survey,
                    Code.MISREPORTED_CONTRACT,
                    service,
                    f"{build.short} says {difference} ({claim.name}, contract in git)",
                    evidence=(f"said at {url}", f"git: {link.contract_path(side)} at {build}"),
                    fix="build the version document from the contract file of the same commit",
                )


def _differences(claim: ProtocolClaim, terms: Terms) -> Iterator[str]:
    said = terms_of_claim(claim)
    if said is None:
        yield f"version {claim.version!r}, git says {terms.version}"
        return
    if said.version != terms.version:
        yield f"version {said.version}, git says {terms.version}"
    if said.accepts is not None and said.accepts != terms.accepts:
        git = write_range(terms.accepts) if terms.accepts is not None else "nothing"
        yield f"it accepts {write_range(said.accepts)}, git says {git}"
    if said.fingerprint and said.fingerprint != terms.fingerprint:
        yield f"format {brief(said.fingerprint)}, git says {brief(terms.fingerprint)}"
