"""Two environments as JSON, schema 1: keys are added, never renamed or removed.

Builds are full names; what an environment does not have, or nobody looked at, is null.
"""

from skewcheck.core.comparing.comparison import (
    Between,
    Commits,
    Comparison,
    ContractComparison,
    LinkComparison,
    ServiceComparison,
    Standing,
)
from skewcheck.core.live import Live
from skewcheck.core.question import Exit, Sources
from skewcheck.core.survey import ContractKnown, ContractReading, PromiseUnreadable
from skewcheck.render.machine.as_json import dumped
from skewcheck.render.machine.observations import Json, rfc3339
from skewcheck.render.machine.probes import JsonObject
from skewcheck.render.pin_json import commit_object

_SCHEMA = 1


def render_comparison_json(comparison: Comparison, code: Exit) -> str:
    return dumped(
        {
            "schema": _SCHEMA,
            "question": "diff",
            "at": rfc3339(comparison.at),
            "first": _environment(comparison.first, comparison.sources[0]),
            "second": _environment(comparison.second, comparison.sources[1]),
            "looked": comparison.looked,
            "differs": comparison.differs,
            "exit": int(code),
            "services": [_service(each) for each in comparison.services],
            "links": [_link(each) for each in comparison.links],
            "unknown": [
                {"subject": each.subject, "why": each.why, "fix": each.fix}
                for each in comparison.unknown
            ],
        }
    )


def _environment(name: str, sources: Sources) -> JsonObject:
    commit = str(sources.commit) if sources.commit else None
    return {"environment": name, "file": sources.file, "ref": sources.ref, "commit": commit}


def _service(service: ServiceComparison) -> JsonObject:
    """`between` is by `promised` and, where that is another pair of builds, `live`."""
    return {
        "service": service.name,
        "owner": service.owner,
        "differs": service.differs,
        "first": _standing(service.first),
        "second": _standing(service.second),
        "between": {when: _between(each) for when, each in service.between.items()},
    }


def _standing(standing: Standing | None) -> Json:
    if standing is None:
        return None
    promise, live = standing.promise, standing.live
    return {
        "promised": str(standing.promised) if standing.promised else None,
        "why": promise.why if isinstance(promise, PromiseUnreadable) else "",
        "live": None if live is None else [_live(each) for each in live],
    }


def _live(live: Live) -> JsonObject:
    build = str(live.build) if live.build else None
    return {"build": build, "percent": live.percent, "why": live.why}


def _between(between: Between) -> JsonObject:
    """`relation` is that of the first to the second; commits are those that touch `paths`."""
    return {
        "first": str(between.builds.first),
        "second": str(between.builds.second),
        "relation": str(between.relation.kind),
        "why": between.relation.why,
        "paths": list(between.paths),
        "only_first": _commits(between.only_first),
        "only_second": _commits(between.only_second),
    }


def _commits(commits: Commits) -> JsonObject:
    """`more` says that `count` is a least."""
    return {
        "count": commits.count,
        "more": commits.more,
        "newest": [commit_object(each) for each in commits.newest],
    }


def _link(link: LinkComparison) -> JsonObject:
    return {
        "link": link.name,
        "owner": link.owner,
        "differs": link.differs,
        "only_in": link.only_in or None,
        "contracts": [_contract(each) for each in link.contracts],
    }


def _contract(contract: ContractComparison) -> JsonObject:
    builds = contract.pair.builds
    return {
        "side": contract.pair.side,
        "when": contract.pair.when,
        "first": {"build": str(builds.first), **_terms(contract.first)},
        "second": {"build": str(builds.second), **_terms(contract.second)},
        "differences": list(contract.told),
        "commits": [commit_object(each) for each in contract.commits],
    }


def _terms(reading: ContractReading) -> dict[str, Json]:
    if not isinstance(reading, ContractKnown):
        return {"why": reading.why, "fix": reading.fix}
    terms = reading.terms
    return {
        "protocol": terms.protocol,
        "version": str(terms.version),
        "accepts": None if terms.accepts is None else str(terms.accepts),
        "fingerprint": terms.fingerprint,
        "assumed": reading.assumed,
    }
