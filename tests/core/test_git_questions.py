"""What git is asked after a survey: everything that a judgement will need, and nothing else."""

from typing import Any

import pytest

from skewcheck.core.build import Build, OpaqueId, ShortSha
from skewcheck.core.git_questions import (
    builds_to_relate,
    changes_to_blame,
    contracts_to_read,
    names_to_identify,
)
from skewcheck.core.survey import ServiceSurvey, Survey
from tests.builders import (
    NEW,
    NEXT,
    OLD,
    OLD_FORMAT,
    backend,
    candidate,
    contract,
    document,
    frontend,
    lingering,
    origin,
    page,
    survey,
    unreadable,
)
from tests.core.minimal_worlds import (
    ABSENT,
    NO_PROMISE,
    UNKNOWN_TO_GIT,
    loads,
    runs,
    speaks,
    split,
    tagged_world,
)

SHORT = ShortSha("abcdef0")
UUID = OpaqueId("4a0c3b1e-0000-4000")


@pytest.mark.parametrize(
    "service",
    [
        pytest.param(split((OLD, 0)), id="a revision, with or without traffic"),
        pytest.param(backend(planes=(), edge=document(OLD)), id="the edge"),
        pytest.param(frontend(edge=unreadable(), page=page(OLD)), id="the page"),
        pytest.param(frontend(beyond=document(OLD)), id="a cache-busting read"),
        pytest.param(backend(origins=(origin(document(OLD)),)), id="an origin"),
    ],
)
def test_every_name_that_a_witness_brings_is_looked_up(service: ServiceSurvey) -> None:
    assert OLD in names_to_identify(service)


def test_what_was_not_read_and_what_git_cannot_know_is_not_looked_up() -> None:
    service = backend(planes=(unreadable(),), edge=document(UUID), page=page(None))
    assert names_to_identify(service) == frozenset()


def test_the_name_that_a_candidate_answers_with_is_looked_up() -> None:
    answering = candidate(reading=document(SHORT))
    assert SHORT in names_to_identify(backend(), answering)
    assert names_to_identify(backend(), candidate()) == {NEW}


def test_only_what_runs_and_differs_from_its_promise_is_related() -> None:
    assert builds_to_relate(survey()) == frozenset()
    assert builds_to_relate(survey(runs(OLD))) == {("backend", OLD)}
    assert builds_to_relate(survey(frontend(page=page(OLD)))) == {("frontend", OLD)}


@pytest.mark.parametrize(
    "service",
    [
        pytest.param(frontend(lingering=(lingering(),)), id="it only lingers"),
        pytest.param(runs(OLD, promise=NO_PROMISE), id="there is no promise"),
        pytest.param(backend(planes=(unreadable(),)), id="its name is unknown"),
    ],
)
def test_nothing_is_related_where(service: ServiceSurvey) -> None:
    assert builds_to_relate(survey(service)) == frozenset()


@pytest.mark.parametrize("service", ["frontend", "backend"])
def test_a_candidate_is_always_related_to_the_promise(service: str) -> None:
    asked = builds_to_relate(survey(candidates=[candidate(service, NEXT)]))
    assert asked == {(service, NEXT)}
    assert builds_to_relate(survey(candidates=[candidate(service, NEW)])) == frozenset()
    lost = survey(candidates=[candidate(service, UNKNOWN_TO_GIT)])
    assert builds_to_relate(lost) == frozenset()


def test_the_contract_of_every_live_build_is_read_on_its_own_side() -> None:
    seen = survey(frontend(lingering=(lingering(),)), split((NEW, 90), (NEXT, 10)))
    assert contracts_to_read(seen) == {
        ("chat", "client", NEW),
        ("chat", "client", OLD),
        ("chat", "server", NEW),
        ("chat", "server", NEXT),
    }


@pytest.mark.parametrize(
    ("seen", "asked"),
    [
        pytest.param(survey(candidates=[candidate()]), ("server", NEXT), id="a server candidate"),
        pytest.param(
            survey(candidates=[candidate("frontend")]), ("client", NEXT), id="a client candidate"
        ),
        pytest.param(tagged_world(), ("server", OLD), id="a revision that is only tagged"),
    ],
)
def test_contracts_of_what_may_become_live_are_read(seen: Survey, asked: tuple[Any, Build]) -> None:
    assert ("chat", *asked) in contracts_to_read(seen)


def test_no_contract_is_asked_for_of_a_build_without_a_name() -> None:
    seen = survey(
        frontend(edge=unreadable(), page=page(None)), backend(planes=(unreadable(),), edge=None)
    )
    assert contracts_to_read(seen) == frozenset()


def test_nobody_is_blamed_where_all_contracts_are_the_same() -> None:
    assert changes_to_blame(survey(loads(OLD))) == frozenset()


def test_where_contracts_differ_the_change_of_each_is_asked_for() -> None:
    seen = survey(contracts=speaks("client", NEW, contract(fingerprint=OLD_FORMAT)))
    assert changes_to_blame(seen) == {("chat", "client", NEW), ("chat", "server", NEW)}


def test_a_contract_that_is_not_there_has_no_change_to_blame() -> None:
    seen = survey(contracts=speaks("client", NEW, ABSENT))
    assert changes_to_blame(seen) == frozenset()
