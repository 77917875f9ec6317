"""Two environments side by side: builds, contracts, and what could not be learnt."""

from typing import Any

import pytest

from skewcheck.core.build import OpaqueId
from skewcheck.core.comparing.compare import Answers, compare_worlds
from skewcheck.core.comparing.comparison import Between, Comparison
from skewcheck.core.comparing.questions import (
    Builds,
    ContractPair,
    Worlds,
    builds_of,
    builds_to_relate,
    contract_pairs,
    paths_of,
)
from skewcheck.core.history import Relation, RelationKind
from skewcheck.core.question import Exit
from skewcheck.core.survey import (
    ContractAbsent,
    ContractReading,
    PromiseUnreadable,
    ServiceSurvey,
    Side,
    Survey,
)
from tests.builders import (
    BACKEND,
    CHAT,
    FRONTEND,
    NEW,
    OLD,
    OLD_FORMAT,
    ahead,
    backend,
    commit,
    contract,
    document,
    manifest,
    plane,
    promise,
    revision,
    sources,
    survey,
    target,
    unreadable,
)

Contracts = dict[tuple[str, Side, Any], ContractReading]
NO_GIT = Relation(RelationKind.UNKNOWN, why="OLD is in no branch", fix="git fetch")


def production(*services: ServiceSurvey, **changed: Any) -> Survey:
    written = manifest(environment="production", **changed.pop("written", {}))
    said: dict[str, Any] = {"environment": "production", "manifest": written} | changed
    return survey(*services, **said)


def old_backend(**changed: Any) -> ServiceSurvey:
    """Promised and live at OLD."""
    said = {"promise": promise(OLD), "planes": (plane(revision(build=OLD)),), "edge": document(OLD)}
    return backend(**(said | changed))


def compared(
    first: Survey,
    second: Survey,
    *,
    looked: bool = True,
    relation: Relation | None = None,
    changes: dict[ContractPair, tuple[Any, ...]] | None = None,
) -> Comparison:
    worlds = Worlds(first, second, looked)
    related = {
        key: Between(builds=key[1], relation=relation or ahead(1))
        for key in builds_to_relate(worlds)
    }
    answers = Answers(between=related, changes=changes or {})
    return compare_worlds(worlds, answers, (sources(), sources()))


def test_equal_environments_do_not_differ() -> None:
    comparison = compared(survey(), production())
    assert (comparison.differs, comparison.unknown) == (False, ())
    assert comparison.exit(by_difference=True) is Exit.PASS
    assert tuple(comparison.environments()) == ("staging", "production")


def test_other_promises_differ_and_are_related() -> None:
    second = production(old_backend())
    comparison = compared(survey(), second, looked=False)
    web, api = comparison.services
    assert (web.differs, api.differs) == (False, True)
    assert api.between["promised"].builds == Builds(NEW, OLD)
    assert (api.first and api.first.live, api.second and api.second.live) == (None, None)
    assert comparison.exit(by_difference=False) is Exit.PASS
    assert comparison.exit(by_difference=True) is Exit.BLOCK


def test_what_is_live_is_related_only_where_it_is_not_as_promised() -> None:
    as_promised = Worlds(survey(), production(old_backend()), looked=True)
    assert set(builds_of(as_promised, "backend", "backend")) == {"promised"}
    late = old_backend(promise=promise(NEW))
    worlds = Worlds(survey(), production(late), looked=True)
    assert builds_of(worlds, "backend", "backend") == {
        "promised": Builds(NEW, NEW),
        "live": Builds(NEW, OLD),
    }
    comparison = compared(survey(), production(late))
    assert set(comparison.services[1].between) == {"live"}
    assert comparison.services[1].differs


def test_split_traffic_has_no_one_build_and_differs_from_one() -> None:
    split = plane(
        revision("a", NEW), revision("b", OLD), targets=[target("a", 50), target("b", 50)]
    )
    second = production(backend(planes=(split,)))
    assert set(builds_of(Worlds(survey(), second, looked=True), "backend", "backend")) == {
        "promised"
    }
    comparison = compared(survey(), second)
    assert comparison.services[1].differs
    assert comparison.unknown == ()


def test_services_and_links_that_only_one_has_are_named() -> None:
    second = production(written={"services": {"backend": BACKEND}, "links": {}})
    comparison = compared(survey(), second)
    web, api = comparison.services
    assert (web.name, web.first is not None, web.second, web.differs) == (
        "frontend",
        True,
        None,
        True,
    )
    assert api.differs is False
    assert [(each.name, each.only_in, each.differs) for each in comparison.links] == [
        ("chat", "staging", True)
    ]
    mirrored = compared(second, survey())
    assert [each.name for each in mirrored.services] == ["backend", "frontend"]
    assert mirrored.links[0].only_in == "staging"


def test_a_contract_that_changed_names_what_and_who() -> None:
    known: Contracts = {("chat", "server", OLD): contract("2.0", ">=1,<3", OLD_FORMAT)}
    second = production(old_backend(), contracts=known)
    pair = ContractPair("chat", "server", "promised", Builds(NEW, OLD))
    comparison = compared(survey(), second, changes={pair: (commit(),)})
    (changed,) = comparison.links[0].contracts
    assert changed.pair == pair
    assert changed.told == (
        "version 2.1 → 2.0",
        "accepts >=2.0,<3 → >=1,<3",
        "format sha256:9e399e39 → sha256:01d001d0",
    )
    assert changed.commits == (commit(),)


def test_a_format_that_changed_under_the_same_number_is_a_difference() -> None:
    known: Contracts = {("chat", "server", OLD): contract(fingerprint=OLD_FORMAT)}
    comparison = compared(survey(), production(old_backend(), contracts=known))
    assert comparison.links[0].differs
    assert comparison.links[0].contracts[0].told == ("format sha256:9e399e39 → sha256:01d001d0",)


def test_a_range_that_was_not_told_is_nothing() -> None:
    known: Contracts = {("chat", "server", OLD): contract(accepts=None)}
    comparison = compared(survey(), production(old_backend(), contracts=known))
    assert comparison.links[0].contracts[0].told == ("accepts >=2.0,<3 → nothing",)


def test_the_same_contract_at_other_builds_is_no_difference() -> None:
    comparison = compared(survey(), production(old_backend()))
    (same,) = comparison.links[0].contracts
    assert (same.told, comparison.links[0].differs) == ((), False)


def test_a_contract_that_only_one_has_differs_and_is_not_learnt() -> None:
    absent = ContractAbsent(why="there is no contracts/chat.yaml at 01d01d0", fix="name a stand-in")
    known: Contracts = {("chat", "server", OLD): absent}
    comparison = compared(survey(), production(old_backend(), contracts=known))
    assert comparison.links[0].differs
    assert [(each.subject, each.why) for each in comparison.unknown] == [
        ("chat in production", absent.why)
    ]
    assert comparison.exit(by_difference=False) is Exit.INCONCLUSIVE
    assert comparison.exit(by_difference=True) is Exit.BLOCK


def test_two_absent_contracts_are_unknown_and_no_difference() -> None:
    absent = ContractAbsent(why="there is none", fix="write one")
    first = survey(contracts={("chat", "server", NEW): absent})
    second = production(old_backend(), contracts={("chat", "server", OLD): absent})
    comparison = compared(first, second)
    assert comparison.links[0].differs is False
    assert len(comparison.unknown) == 2


def test_equal_builds_have_equal_contracts_unless_their_places_differ() -> None:
    assert list(contract_pairs(Worlds(survey(), production(), looked=True))) == []
    moved = production(written={"links": {"chat": CHAT | {"server_contract": "api/chat.yaml"}}})
    assert [each.side for each in contract_pairs(Worlds(survey(), moved, looked=True))] == [
        "server"
    ]


def test_a_contract_that_nobody_read_is_not_learnt() -> None:
    """As where one environment's build was asked for after the survey."""
    second = production(old_backend())
    comparison = compared(survey(), Survey(**_fields(second) | {"contracts": {}}))
    assert comparison.unknown[0].why == "no contract was read for 01d01d0"


def _fields(seen: Survey) -> dict[str, Any]:
    return {name: getattr(seen, name) for name in Survey.__dataclass_fields__}


@pytest.mark.parametrize(
    ("service", "why"),
    [
        pytest.param(
            backend(promise=PromiseUnreadable(why="ref main: shallow", fix="git fetch")),
            "ref main: shallow",
            id="a promise",
        ),
        pytest.param(backend(planes=(unreadable(),)), "connection refused", id="a control plane"),
        pytest.param(
            backend(planes=(), edge=None), "no witness tells which build runs", id="no witness"
        ),
        pytest.param(
            backend(planes=(), edge=document(OpaqueId("42-of-today"))),
            "no witness tells which build runs",
            id="an id that git does not know",
        ),
        pytest.param(
            backend(
                planes=(
                    plane(
                        revision("a"),
                        revision("b", None),
                        targets=[target("a", 90), target("b", 10)],
                    ),
                ),
            ),
            "b (10% of traffic) names no known build",
            id="a part of the traffic",
        ),
    ],
)
def test_what_could_not_be_learnt_is_told_and_inconclusive(
    service: ServiceSurvey, why: str
) -> None:
    comparison = compared(survey(), production(service))
    assert [each.subject for each in comparison.unknown] == ["backend in production"]
    assert comparison.unknown[0].why.startswith(why)
    assert comparison.unknown[0].fix
    assert comparison.services[1].differs is False
    assert comparison.exit(by_difference=True) is Exit.INCONCLUSIVE


def test_nobody_who_did_not_look_misses_anything_live() -> None:
    blind = backend(planes=(), edge=None)
    assert compared(survey(blind), production(blind), looked=False).unknown == ()


def test_builds_that_git_cannot_relate_are_told() -> None:
    comparison = compared(survey(), production(old_backend()), relation=NO_GIT)
    assert [(each.subject, each.why) for each in comparison.unknown] == [("backend", NO_GIT.why)]


def test_owners_of_both_environments_are_named_once() -> None:
    assert [each.owner for each in compared(survey(), production()).services] == [
        "web (C012AB)",
        "api",
    ]
    other = {"frontend": FRONTEND, "backend": BACKEND | {"owner": {"team": "sre"}}}
    comparison = compared(survey(), production(written={"services": other}))
    assert comparison.services[1].owner == "api, sre"


def test_paths_of_the_environment_that_follows_a_ref_count() -> None:
    narrowed = BACKEND | {"paths": ["api/**"]}
    pinned = {key: value for key, value in BACKEND.items() if key != "ref"} | {"build": str(OLD)}
    first = survey(manifest=manifest(services={"frontend": FRONTEND, "backend": narrowed}))
    second = production(written={"services": {"frontend": FRONTEND, "backend": pinned}})
    assert paths_of(Worlds(first, second, looked=False), "backend") == ("api/**",)


def test_links_may_join_parties_of_other_names() -> None:
    written = {"services": {"web": FRONTEND, "backend": BACKEND}}
    link = CHAT | {"client": "web"}
    second = production(
        ServiceSurvey(name="web", promise=promise(OLD), witnesses=frozenset()),
        written=written | {"links": {"chat": link}},
    )
    (pair,) = contract_pairs(Worlds(survey(), second, looked=False))
    assert (pair.side, pair.builds) == ("client", Builds(NEW, OLD))
