"""The judge without a manifest: what some URLs say of themselves, and whether it fits together.

There is no git here, so a build is known by its name alone, and a contract by what its build says.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from skewcheck.core.build import Build, OpaqueId
from skewcheck.core.compatibility import terms_of_claim
from skewcheck.core.findings import Code, Finding
from skewcheck.core.judge import Judgement, gravest_first
from skewcheck.core.judge.found import found
from skewcheck.core.judge.places import judge_places
from skewcheck.core.judge.skew import judge_link
from skewcheck.core.judge.unknowns import judge_unknowns
from skewcheck.core.manifest import Link, Manifest, Service
from skewcheck.core.matrix import build_matrix
from skewcheck.core.reading import Page, ProtocolClaim, VersionDocument
from skewcheck.core.survey import ContractAbsent, ContractKnown, ServiceSurvey, Side, Survey

NOWHERE = "urls"


def survey_addresses(
    services: Mapping[str, ServiceSurvey], addresses: Mapping[str, str], at: datetime
) -> Survey:
    """A survey whose links are those that the version documents declare: client meets server."""
    links = dict(_links(services))
    builds = {
        (name, build): known for name in services for build, known in _identities(services[name])
    }
    return Survey(
        environment=NOWHERE,
        at=at,
        manifest=_manifest(addresses, links),
        services=services,
        builds=builds,
        contracts=dict(_contracts(services, links, builds)),
    )


def judge_addresses(survey: Survey) -> Judgement:
    """As `judge`, with what only a comparison of strangers can show."""
    matrix = build_matrix(survey)
    findings = [*_emptiness(survey), *_environments(survey)]
    for link in matrix:
        findings += judge_link(survey, link)
    for service in survey.services.values():
        findings += judge_places(survey, service)
        findings += judge_unknowns(survey, service)
    return Judgement(findings=gravest_first(findings), matrix=matrix)


def claims(service: ServiceSurvey) -> tuple[ProtocolClaim, ...]:
    edge = service.edge
    return edge.protocols if isinstance(edge, VersionDocument) else ()


def _links(services: Mapping[str, ServiceSurvey]) -> Iterator[tuple[str, Link]]:
    for client_name, client in services.items():
        for server_name, server in services.items():
            for claim in claims(client):
                answers = [c for c in claims(server) if c.role == "server" and c.name == claim.name]
                if claim.role == "client" and client_name != server_name and answers:
                    name = f"{claim.name}: {client_name} to {server_name}"
                    link = Link(client=client_name, server=server_name, contract=claim.name)
                    yield name, link


def _manifest(addresses: Mapping[str, str], links: Mapping[str, Link]) -> Manifest:
    """Values that nobody wrote, so nothing about them is validated."""
    named = {name: Service.model_construct(url=url) for name, url in addresses.items()}
    return Manifest.model_construct(
        schema_version="1", environment=NOWHERE, services=named, links=dict(links)
    )


def _identities(service: ServiceSurvey) -> Iterator[tuple[Build, Build]]:
    """Names as one service gives them, without a git to ask.

    A short commit is the full one that it begins. Beside commits an opaque id stays unknown: the
    two kinds cannot be compared, so they neither agree nor differ.
    """
    names = [
        reading.build.build
        for reading in (service.edge, service.beyond, service.page)
        if isinstance(reading, VersionDocument | Page) and reading.build is not None
    ]
    commits = [name for name in names if not isinstance(name, OpaqueId)]
    for name in commits or names:
        longer = {each for each in commits if each.value.startswith(name.value)}
        fullest = max(longer, key=lambda each: len(each.value), default=name)
        yield name, fullest


def _contracts(
    services: Mapping[str, ServiceSurvey],
    links: Mapping[str, Link],
    builds: Mapping[tuple[str, Build], Build],
) -> Iterator[tuple[tuple[str, Side, Build], ContractKnown | ContractAbsent]]:
    for name, link in links.items():
        sides: tuple[tuple[Side, str], ...] = (("client", link.client), ("server", link.server))
        for side, party in sides:
            service = services[party]
            spoken = _spoken(service, side, link)
            for reading, told in ((service.page, _unspoken(service)), (service.edge, spoken)):
                if isinstance(reading, VersionDocument | Page) and reading.build is not None:
                    build = reading.build.build
                    yield (name, side, builds.get((party, build), build)), told


def _spoken(service: ServiceSurvey, side: Side, link: Link) -> ContractKnown | ContractAbsent:
    for claim in claims(service):
        terms = terms_of_claim(claim) if (claim.role, claim.name) == (side, link.contract) else None
        if terms is not None:
            return ContractKnown(terms=terms)
    why = f"{service.name} names no readable version of {link.contract}"
    return ContractAbsent(why=why, fix="expose `protocols` in the version document")


def _unspoken(service: ServiceSurvey) -> ContractAbsent:
    why = f"the page of {service.name} is of another build, which does not say what it speaks"
    return ContractAbsent(why=why, fix="mend the stale edge first, or look with a manifest")


def _emptiness(survey: Survey) -> Iterator[Finding]:
    """Nothing compared, or a protocol of which only one side was found among the URLs."""
    if not survey.manifest.links:
        told = "no two of these URLs declare a protocol that they share, so nothing was compared"
        fix = "expose `protocols` in the version documents, or write a manifest"
        yield found(survey, Code.NOTHING_TO_CHECK, survey.environment, told, fix=fix)
        return
    for name, service in survey.services.items():
        for claim in claims(service):
            if not _is_paired(survey, name, claim):
                told = f"nothing here says that it serves {claim.name}, so it was not compared"
                fix = "name the URL of its server as well, or let it say its role"
                yield found(survey, Code.NOTHING_TO_CHECK, name, told, fix=fix)


def _is_paired(survey: Survey, service: str, claim: ProtocolClaim) -> bool:
    """A server without a client among the URLs has nobody here to break."""
    met = any(
        link.client == service and link.contract == claim.name
        for link in survey.manifest.links.values()
    )
    return claim.role == "server" or (claim.role == "client" and met)


def _environments(survey: Survey) -> Iterator[Finding]:
    said = {
        name: service.edge.environment
        for name, service in survey.services.items()
        if isinstance(service.edge, VersionDocument) and service.edge.environment
    }
    if len({environment.casefold() for environment in said.values()}) > 1:
        told = ", ".join(f"{name} says {environment}" for name, environment in said.items())
        fix = "give URLs of one environment, or correct what the services say of themselves"
        yield found(survey, Code.WRONG_ENVIRONMENT, survey.environment, told, fix=fix)
