"""Two environments with everything that may stand between them."""

from typing import Any

from skewcheck.core.build import BuildSha
from skewcheck.core.comparing.comparison import (
    Between,
    Commits,
    Comparison,
    ContractComparison,
    LinkComparison,
    NotLearnt,
    ServiceComparison,
    Standing,
)
from skewcheck.core.comparing.questions import Builds, ContractPair
from skewcheck.core.history import Relation, RelationKind
from skewcheck.core.live import Live, Presence
from skewcheck.core.survey import ContractAbsent, PromiseUnreadable
from tests.builders import (
    NEW,
    NEXT,
    NOW,
    OLD,
    OLD_FORMAT,
    ahead,
    commit,
    contract,
    live,
    promise,
    sources,
)

SHALLOW = PromiseUnreadable(why="ref main: a shallow clone", fix="git fetch --unshallow")
DIVERGED = Relation(RelationKind.DIVERGED, ahead=2, behind=1)
NO_GIT = Relation(RelationKind.UNKNOWN, why="01d01d0 is in no branch", fix="git fetch")


def traffic(build: BuildSha | None = NEW, percent: int = 100) -> Live:
    return live(build, percent=percent, revisions=("r",))


def standing(build: BuildSha | None = NEW, *lives: Live) -> Standing:
    """Live as promised, unless told."""
    return Standing(
        promise=SHALLOW if build is None else promise(build), live=lives or (traffic(build),)
    )


def between(relation: Relation | None = None, **changed: Any) -> Between:
    said: dict[str, Any] = {
        "builds": Builds(NEW, OLD),
        "relation": relation or ahead(2),
        "only_first": Commits(count=2, newest=(commit(),)),
    }
    return Between(**(said | changed))


def service(first: Standing | None, second: Standing | None, **changed: Any) -> ServiceComparison:
    said: dict[str, Any] = {"name": "frontend", "owner": "web"}
    return ServiceComparison(first=first, second=second, **(said | changed))


def contract_change(**changed: Any) -> ContractComparison:
    said: dict[str, Any] = {
        "pair": ContractPair("chat", "client", "promised", Builds(NEW, OLD)),
        "first": contract(),
        "second": contract("2.0", fingerprint=OLD_FORMAT),
        "told": ("version 2.1 → 2.0", "format sha256:9e399e39 → sha256:01d001d0"),
        "commits": (commit(),),
    }
    return ContractComparison(**(said | changed))


def comparison(*services: ServiceComparison, **changed: Any) -> Comparison:
    said: dict[str, Any] = {
        "first": "staging",
        "second": "production",
        "at": NOW,
        "looked": True,
        "sources": (sources(), sources(file="manifests/production.yaml")),
        "services": services or (service(standing(), standing()),),
        "links": (),
    }
    return Comparison(**(said | changed))


def everything() -> Comparison:
    """One of each."""
    split = (traffic(NEW, 90), traffic(NEXT, 10))
    absent = ContractAbsent(why="there is no contract", fix="write one")
    edge = live(OLD, Presence.EDGE)
    live_pair = ContractPair("chat", "server", "live", Builds(NEXT, OLD))
    return comparison(
        service(standing(NEW), standing(OLD), between={"promised": between()}),
        service(
            standing(NEW, *split),
            standing(OLD, edge),
            name="backend",
            between={
                "promised": between(
                    DIVERGED, only_second=Commits(count=1, newest=(commit(OLD, "Hotfix"),))
                )
            },
        ),
        service(standing(None), standing(OLD), name="worker", owner=""),
        service(standing(NEW), None, name="canary"),
        service(
            standing(NEW),
            standing(NEW, traffic(OLD)),
            name="late",
            between={"live": between(NO_GIT, only_first=Commits())},
        ),
        links=(
            LinkComparison(
                name="chat",
                owner="web, api",
                contracts=(
                    contract_change(),
                    contract_change(pair=live_pair, second=absent, told=("only one has",)),
                ),
            ),
            LinkComparison(name="same", owner="", contracts=(contract_change(told=()),)),
            LinkComparison(name="extra", owner="", only_in="production"),
        ),
        unknown=(
            NotLearnt("worker in staging", SHALLOW.why, SHALLOW.fix),
            NotLearnt("worker in production", SHALLOW.why, SHALLOW.fix),
        ),
    )
