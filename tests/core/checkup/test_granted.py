"""What the answers about permissions come to."""

from dataclasses import replace

from skewcheck.core.checkup.granted import (
    Lacking,
    NotLearnt,
    answer,
    of_projects,
    of_the_rest,
)
from skewcheck.core.checkup.needs import Need
from tests.builders import unreadable
from tests.core.checkup.worlds import API_ON_CLOUD_RUN, PROJECT

GET = Need(
    deed="read",
    subject="backend",
    permission="run.services.get",
    project="acme-staging",
    narrower=API_ON_CLOUD_RUN,
)
LIST = replace(GET, permission="run.services.list", narrower=None)
NONE: frozenset[str] = frozenset()
HELD = frozenset({"run.services.get", "run.services.list"})


def test_a_project_is_asked_once_about_everything() -> None:
    assert of_projects([GET, LIST, GET]) == {PROJECT: ("run.services.get", "run.services.list")}


def test_less_than_a_project_is_asked_only_about_what_is_lacking() -> None:
    assert of_the_rest([GET, LIST], {PROJECT: HELD}) == {}
    rest = {API_ON_CLOUD_RUN: ("run.services.get",)}
    assert of_the_rest([GET, LIST], {PROJECT: NONE}) == rest
    assert of_the_rest([GET, LIST], {PROJECT: unreadable()}) == rest


def test_it_may_be_held_on_either() -> None:
    assert answer(GET, {PROJECT: HELD}) is None
    assert answer(GET, {PROJECT: NONE, API_ON_CLOUD_RUN: HELD}) is None
    assert answer(GET, {PROJECT: unreadable(), API_ON_CLOUD_RUN: HELD}) is None


def test_what_neither_has_is_lacking() -> None:
    assert answer(LIST, {PROJECT: NONE}) == Lacking(LIST)
    assert answer(GET, {PROJECT: NONE, API_ON_CLOUD_RUN: NONE}) == Lacking(GET)


def test_the_narrower_answer_is_final_for_it_includes_the_project() -> None:
    assert answer(GET, {PROJECT: unreadable(), API_ON_CLOUD_RUN: NONE}) == Lacking(GET)


def test_what_could_not_be_asked_is_never_granted() -> None:
    why = unreadable(detail="quota")
    assert answer(LIST, {PROJECT: why}) == NotLearnt(LIST, why)
    assert answer(GET, {PROJECT: NONE, API_ON_CLOUD_RUN: why}) == NotLearnt(GET, why)
