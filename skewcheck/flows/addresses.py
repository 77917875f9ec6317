"""Status without a manifest and without cloud rights: what some URLs say of themselves."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from skewcheck.core.addresses import judge_addresses, survey_addresses
from skewcheck.core.exposed.html_page import PAGE_ACCEPT, assemble_page, read_page
from skewcheck.core.manifest import Witness
from skewcheck.core.question import Question
from skewcheck.core.reading import DocumentReading, PageReading, Unreadable, VersionDocument
from skewcheck.core.report import Report
from skewcheck.core.survey import ServiceSurvey
from skewcheck.flows.pool import reading
from skewcheck.flows.read_services import assets_within, read_beyond, read_document
from skewcheck.ports import Clock, HttpReader


def check_addresses(
    http: HttpReader, clock: Clock, addresses: Mapping[str, str], versions: Mapping[str, str]
) -> Report:
    """`addresses` maps a name, as the user chose it, to a URL as users reach it."""
    at = clock.now()
    with reading(len(addresses)) as pool:
        services = dict(
            zip(addresses, pool.map(lambda each: _look(http, clock, *each), addresses.items()),
                strict=True)
        )  # fmt: skip
    survey = survey_addresses(services, addresses, at)
    return Report(
        question=Question.STATUS,
        environment=survey.environment,
        at=at,
        survey=survey,
        judgement=judge_addresses(survey),
        versions=versions,
    )


def _look(http: HttpReader, clock: Clock, name: str, url: str) -> ServiceSurvey:
    edge = read_document(http, url.rstrip("/"), None, as_browser=True)
    page = _page(http, url, edge)
    witnesses: frozenset[Witness] = frozenset({"edge", "page"} if page else {"edge"})
    return ServiceSurvey(
        name=name,
        promise=None,
        witnesses=witnesses,
        edge=edge,
        beyond=_beyond(http, clock, edge),
        page=page,
    )


def _beyond(http: HttpReader, clock: Clock, edge: DocumentReading) -> DocumentReading | None:
    return read_beyond(http, edge, clock.now()) if isinstance(edge, VersionDocument) else None


def _page(http: HttpReader, url: str, edge: DocumentReading) -> PageReading | None:
    """A client owes a page; of anything else a page is looked at where there is one."""
    html = read_page(http.read(url, as_browser=True, accept=PAGE_ACCEPT))
    is_client = isinstance(edge, VersionDocument) and any(
        claim.role == "client" for claim in edge.protocols
    )
    if isinstance(html, Unreadable):
        return html if is_client else None
    if html.build is None and not is_client:
        return None
    hosts = frozenset({urlsplit(url).hostname or ""})
    reads = {each: http.read(each, as_browser=True) for each in assets_within(html, hosts)}
    return assemble_page(html, reads, ())
