"""The whole draft, from all that was found and all that the user said."""

from collections import Counter
from collections.abc import Iterable, Iterator

from skewcheck.core.drafting.answers import Answers, check_link, check_parties
from skewcheck.core.drafting.draft import Draft, Field, Section, Value
from skewcheck.core.drafting.facts import Facts
from skewcheck.core.drafting.links import by_protocol, draft_links
from skewcheck.core.drafting.services import draft_service


def make_draft(facts: Facts, answers: Answers) -> Draft:
    """UsageError where an answer fits nothing that was found."""
    names = tuple(each.name for each in facts.services)
    check_parties(answers, names)
    check_link(answers, names, by_protocol(facts.contracts))
    regions = _usual(each.regions for each in facts.services if each.regions)
    pages_first = sorted(facts.services, key=lambda each: not each.is_page)
    services = tuple(draft_service(each, answers, facts, regions) for each in pages_first)
    url_map = _usual(filter(None, map(_url_map, services)))
    return Draft(
        environment=answers.environment,
        project=facts.project,
        defaults=tuple(_defaults(facts.project, regions, url_map)),
        services=tuple(_shortened(each, url_map) for each in services),
        links=draft_links(facts, answers),
        lead=tuple(_lead(facts)),
    )


def _usual(values: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The most frequent, the first among equals; empty where there is none."""
    counted = Counter(values).most_common(1)
    return counted[0][0] if counted else ()


def _defaults(project: str, regions: tuple[str, ...], url_map: tuple[str, ...]) -> Iterator[Field]:
    place: dict[str, Value] = {"project": project}
    if regions:
        place |= {"regions": regions} if len(regions) > 1 else {"region": regions[0]}
    yield Field(key="cloud_run", value=place)
    if url_map:
        yield Field(key="cloud_cdn", value={"project": project, "url_map": url_map[0]})


def _cdn(section: Section) -> dict[str, Value]:
    edge = section.value("edge")
    cdn = edge.get("cloud_cdn") if isinstance(edge, dict) else None
    return dict(cdn) if isinstance(cdn, dict) else {}


def _url_map(section: Section) -> tuple[str, ...]:
    named = _cdn(section).get("url_map")
    return (named,) if isinstance(named, str) else ()


def _shortened(section: Section, url_map: tuple[str, ...]) -> Section:
    """Without the URL map where it is the defaults' own."""
    if not url_map or _url_map(section) != url_map:
        return section
    cdn = {key: value for key, value in _cdn(section).items() if key != "url_map"}
    items = tuple(
        Field(key="edge", value={"cloud_cdn": cdn}, guess=each.guess)
        if isinstance(each, Field) and each.key == "edge"
        else each
        for each in section.items
    )
    return Section(name=section.name, items=items, lead=section.lead)


def _lead(facts: Facts) -> Iterator[str]:
    if facts.blind is not None:
        yield (
            "Load balancers could not be read, so hosts and edges are missing or guessed:"
            f" {facts.blind.detail}. To let it: {facts.blind.fix}"
        )
    for each in facts.contracts:
        if each.contract is None:
            yield f"{each.path} is no contract: {each.problem}"
