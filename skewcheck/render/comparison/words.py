"""Builds, commits and contracts of two environments in the words that every audience shares."""

from collections.abc import Iterator

from skewcheck.core.comparing.comparison import (
    Between,
    Commits,
    Comparison,
    ContractComparison,
    Standing,
)
from skewcheck.core.comparing.questions import sole_build
from skewcheck.core.history import Commit, RelationKind
from skewcheck.core.live import Live
from skewcheck.core.question import Sources
from skewcheck.render.words import VANTAGE, count

NOT_KNOWN = "?"
PROMISES_ONLY = "only promises were compared: nothing live was looked at"


def answer_word(comparison: Comparison) -> str:
    if comparison.differs:
        return "DIFFERENT"
    return "NOT KNOWN" if comparison.unknown else "THE SAME"


def summary(comparison: Comparison) -> str:
    """`2 of 3 services and 1 of 1 link differ`."""
    counted = []
    for one, all_of_it in (("service", comparison.services), ("link", comparison.links)):
        differing = sum(each.differs for each in all_of_it)
        if differing:
            counted.append(f"{differing} of {count(len(all_of_it), one)}")
    told = f"{' and '.join(counted)} differ" if counted else "nothing that is known differs"
    if not comparison.unknown:
        return told
    return f"{told}, {count(len(comparison.unknown), 'thing')} could not be learnt"


def promised_words(standing: Standing) -> str:
    return standing.promised.short if standing.promised else NOT_KNOWN


def live_words(standing: Standing) -> str:
    return " and ".join(map(_share, standing.live or ())) or NOT_KNOWN


def _share(live: Live) -> str:
    """A share of the traffic, where it is one; what only the edge says may be a stale copy."""
    build = live.build.short if live.build else NOT_KNOWN
    if live.percent is None:
        return f"{build} ({', '.join(live.presences)})"
    return f"{build} {live.percent}%" if live.percent < 100 else build


def is_as_promised(standing: Standing) -> bool:
    return standing.promised is not None and sole_build(standing.live or ()) == standing.promised


def relation_words(comparison: Comparison, between: Between) -> str:
    """`staging is 2 commits ahead`; with paths, which commits were counted."""
    first, second = comparison.first, comparison.second
    match between.relation.kind:
        case RelationKind.AHEAD:
            return f"{first} is ahead by {_counted(between.only_first, between.paths)}"
        case RelationKind.BEHIND:
            return f"{first} is behind by {_counted(between.only_second, between.paths)}"
        case RelationKind.DIVERGED:
            one = _counted(between.only_first, between.paths)
            return f"diverged: {one} only in {first}, {between.only_second.count} in {second}"
        case _:
            return f"how they relate is not known: {between.relation.why}"


def _counted(commits: Commits, paths: tuple[str, ...]) -> str:
    least = "at least " if commits.more else ""
    number = count(commits.count, "commit") if commits.count else "no commit"
    if not paths:
        return f"{least}{number}"
    touch = "touches" if commits.count <= 1 else "touch"
    return f"{least}{number} that {touch} {', '.join(paths)}"


def commit_lines(comparison: Comparison, between: Between) -> Iterator[str]:
    """The newest of each side; whose they are is told where they diverged."""
    diverged = between.relation.kind is RelationKind.DIVERGED
    sides = ((comparison.first, between.only_first), (comparison.second, between.only_second))
    for environment, commits in sides:
        whose = f"{environment}: " if diverged else ""
        yield from (f"{whose}{commit_words(commit)}" for commit in commits.newest)
        if more := commits.count - len(commits.newest):
            yield f"{whose}and {more} more"


def commit_words(commit: Commit) -> str:
    return f"{commit.sha.short} {commit.subject!r} by {commit.author}, {commit.at:%Y-%m-%d}"


def contract_words(contract: ContractComparison) -> str:
    builds = contract.pair.builds
    at = f"{builds.first.short} → {builds.second.short}"
    return f"{'; '.join(contract.told)} ({at})"


def footer(comparison: Comparison) -> Iterator[str]:
    yield " and ".join(dict.fromkeys(map(_source, comparison.sources)))
    yield VANTAGE if comparison.looked else PROMISES_ONLY


def _source(sources: Sources) -> str:
    commit = f" ({sources.commit.short})" if sources.commit else ""
    return f"{sources.file} at {sources.ref}{commit}"
