"""The two moments of a request at which a test may step in."""

from collections.abc import Iterator

import pytest
import requests

from skewcheck.sandbox.api import faults
from skewcheck.sandbox.api.faults import Faults
from skewcheck.sandbox.api.http import Call, ControlPlane, Moment, Route
from skewcheck.sandbox.documents import Json
from skewcheck.sandbox.errors import conflict


@pytest.fixture
def effects() -> list[Json]:
    return []


@pytest.fixture
def plane(effects: list[Json]) -> Iterator[ControlPlane]:
    def act(call: Call) -> Json:
        effects.append(call.body)
        return {"done": len(effects)}

    plane = ControlPlane([Route("POST", "/v1/things", act)], Faults())
    yield plane
    plane.close()


def post(plane: ControlPlane) -> requests.Response:
    return requests.post(f"{plane.url}/v1/things?mask=a", json={"n": 1}, timeout=10)


def test_before_nothing_has_happened_and_after_all_has_but_the_answer(
    plane: ControlPlane, effects: list[Json]
) -> None:
    seen: list[tuple[Moment, int]] = []
    plane.on_call = lambda moment: seen.append((moment, len(effects)))

    assert post(plane).json() == {"done": 1}
    assert [(moment.when, count) for moment, count in seen] == [("before", 0), ("after", 1)]
    moment = seen[0][0]
    assert (moment.method, moment.path, moment.query) == ("POST", "/v1/things", {"mask": "a"})
    assert moment.body == b'{"n": 1}'


@pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 1)])
def test_an_error_that_is_raised_there_is_the_answer(
    plane: ControlPlane, effects: list[Json], when: str, count: int
) -> None:
    def refuse(moment: Moment) -> None:
        if moment.when == when:
            raise conflict("as the test wants it")

    plane.on_call = refuse

    assert post(plane).status_code == 409
    assert len(effects) == count


def test_a_request_that_goes_wrong_has_no_afterwards(
    plane: ControlPlane, effects: list[Json]
) -> None:
    seen: list[str] = []
    plane.on_call = lambda moment: seen.append(moment.when)
    plane.faults.next(1, faults.internal())

    assert post(plane).status_code == 500
    assert (seen, effects) == (["before"], [])
