"""Two environments as sections: each service, each link, and what could not be learnt."""

from collections.abc import Iterator

from skewcheck.core.comparing.comparison import (
    Comparison,
    ContractComparison,
    LinkComparison,
    ServiceComparison,
    Standing,
)
from skewcheck.render.comparison.words import (
    NOT_KNOWN,
    commit_lines,
    commit_words,
    contract_words,
    is_as_promised,
    live_words,
    promised_words,
    relation_words,
)
from skewcheck.render.plan.section import Line, Section

_NO_CHANGE = "no contract differs"


def story(comparison: Comparison) -> Iterator[Section]:
    for service in comparison.services:
        lines = tuple(_service(comparison, service))
        yield Section(title=_titled(service.name, service.owner), lines=lines)
    for link in comparison.links:
        title = _titled(f"link {link.name}", link.owner)
        yield Section(title=title, lines=tuple(_link(link)))
    if comparison.unknown:
        yield Section(title="what could not be learnt", lines=tuple(_unlearnt(comparison)))


def _titled(name: str, owner: str) -> str:
    return f"{name}  (owner {owner})" if owner else name


def _service(comparison: Comparison, service: ServiceComparison) -> Iterator[Line]:
    first, second = service.first, service.second
    if first is None or second is None:
        yield from _alone(comparison, first, second)
        return
    yield _promised(comparison, service, first, second)
    if not comparison.looked:
        return
    if is_as_promised(first) and is_as_promised(second):
        yield Line(label="live", told="as promised in both")
    else:
        yield _live(comparison, service, first, second)


def _alone(
    comparison: Comparison, first: Standing | None, second: Standing | None
) -> Iterator[Line]:
    for environment, standing in zip(comparison.environments(), (first, second), strict=True):
        if standing is not None:
            told = f"promised {promised_words(standing)}"
            live = f", live {live_words(standing)}" if comparison.looked else ""
            yield Line(label="only in", told=f"{environment}: {told}{live}")


def _promised(
    comparison: Comparison, service: ServiceComparison, first: Standing, second: Standing
) -> Line:
    words = promised_words(first), promised_words(second)
    return _told(comparison, service, "promised", words)


def _live(
    comparison: Comparison, service: ServiceComparison, first: Standing, second: Standing
) -> Line:
    return _told(comparison, service, "live", (live_words(first), live_words(second)))


def _told(
    comparison: Comparison, service: ServiceComparison, when: str, words: tuple[str, str]
) -> Line:
    between = service.between.get(when)
    if between is None and words[0] == words[1] != NOT_KNOWN:
        return Line(label=when, told=f"{words[0]} in both")
    told = f"{comparison.first} {words[0]}, {comparison.second} {words[1]}"
    if between is None:
        return Line(label=when, told=told)
    relation = relation_words(comparison, between)
    reasons = tuple(commit_lines(comparison, between))
    return Line(label=when, told=f"{told}: {relation}", reasons=reasons)


def _link(link: LinkComparison) -> Iterator[Line]:
    if link.only_in:
        yield Line(label="only in", told=link.only_in)
        return
    changed = [each for each in link.contracts if each.told]
    if not changed:
        yield Line(label="", told=_NO_CHANGE)
    for each in changed:
        yield _contract(each)


def _contract(contract: ContractComparison) -> Line:
    when = "" if contract.pair.when == "promised" else ", of what is live"
    reasons = tuple(f"changed in {commit_words(commit)}" for commit in contract.commits)
    told = f"{contract_words(contract)}{when}"
    return Line(label=contract.pair.side, told=told, reasons=reasons)


def _unlearnt(comparison: Comparison) -> Iterator[Line]:
    """One cause often hides many facts: it is told once."""
    subjects: dict[tuple[str, str], list[str]] = {}
    for each in comparison.unknown:
        subjects.setdefault((each.why, each.fix), []).append(each.subject)
    for (why, fix), names in subjects.items():
        yield Line(label=NOT_KNOWN, told=f"{', '.join(names)}: {why}", reasons=(f"fix: {fix}",))
