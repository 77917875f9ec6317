"""What each service answers at the address of its users, else at Cloud Run's own."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from skewcheck.core.answer import Answer
from skewcheck.core.drafting.addresses import reachable
from skewcheck.core.drafting.facts import Facts, Look, ServiceFacts
from skewcheck.core.drafting.sockets import socket_paths
from skewcheck.core.exposed.html_page import PAGE_ACCEPT, PageHtml, read_page
from skewcheck.core.findings import Code
from skewcheck.core.manifest import host_of
from skewcheck.core.reading import Unreadable
from skewcheck.flows.pool import reading
from skewcheck.flows.read_services import read_document
from skewcheck.ports import HttpReader

_AT_ONCE = 8
_MOST_SCRIPTS = 12


def with_answers(
    http: Callable[[frozenset[str]], HttpReader], facts: Facts, urls: Mapping[str, str]
) -> Facts:
    """`urls` are those the user gave."""
    asked = [(each, _addresses(each, urls.get(each.name, ""), facts)) for each in facts.services]
    hosts = frozenset(host_of(url) for _, addresses in asked for url in addresses)
    reader = http(hosts)
    with reading(_AT_ONCE) as pool:
        services = list(pool.map(lambda pair: _answered(reader, *pair), asked))
    return replace(facts, services=tuple(services))


def _addresses(service: ServiceFacts, given: str, facts: Facts) -> tuple[str, ...]:
    own = (each.url.rstrip("/") for each in service.readable if not each.internal and each.url)
    users = reachable(service, given, facts)
    return tuple(dict.fromkeys([*([users] if users else []), *own]))


def _answered(http: HttpReader, service: ServiceFacts, addresses: Iterable[str]) -> ServiceFacts:
    """The first that answers anything at all is taken; of one that does not, why."""
    silent: Unreadable | None = None
    for url in addresses:
        look = _look(http, url)
        if not _is_silent(look):
            return replace(service, look=look, silent=silent)
        if silent is None and isinstance(look.document, Unreadable):
            silent = replace(look.document, url=url)
    return replace(service, silent=silent)


def _is_silent(look: Look) -> bool:
    document, page = look.document, look.page
    unreached = isinstance(document, Unreadable) and document.cause is Code.UNREACHABLE
    return unreached and isinstance(page, Unreadable) and page.cause is Code.UNREACHABLE


def _look(http: HttpReader, url: str) -> Look:
    page = read_page(http.read(f"{url}/", as_browser=True, accept=PAGE_ACCEPT))
    document = read_document(http, url, None, as_browser=True)
    return Look(url=url, document=document, page=page, sockets=_sockets(http, page, url))


def _sockets(http: HttpReader, page: PageHtml | Unreadable, url: str) -> tuple[str, ...]:
    if isinstance(page, Unreadable):
        return ()
    ours = [each for each in page.scripts if urlsplit(each).hostname == host_of(url)]
    reads = [http.read(each, as_browser=True) for each in ours[:_MOST_SCRIPTS]]
    scripts = (
        read.body.decode("utf-8", "replace")
        for read in reads
        if isinstance(read, Answer) and read.status == 200
    )
    return socket_paths([page.text, *scripts])
