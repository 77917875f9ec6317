"""Cloud Build's triggers and builds: names and ids, substitutions, and the filters of the list."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from skewcheck.sandbox.api.cloud_build import CloudBuild
from skewcheck.sandbox.api.faults import Faults
from skewcheck.sandbox.api.http import ControlPlane
from skewcheck.sandbox.builds import Builds, trigger_id
from skewcheck.sandbox.clock import system_now
from tests.sandbox.builders import NEW, OLD

PLACE = "/v1/projects/acme/locations/us-central1"


@pytest.fixture
def builds() -> Iterator[Builds]:
    builds = Builds(takes=0.0, now=system_now)
    for name in ("deploy-web", "deploy-api"):
        builds.add_trigger(name, lambda _commit: None)
    yield builds
    builds.close()


@pytest.fixture
def url(builds: Builds) -> Iterator[str]:
    plane = ControlPlane(CloudBuild(builds).routes(), Faults())
    yield plane.url + PLACE
    plane.close()


def run(url: str, trigger: str, commit: str, **substitutions: str) -> Any:
    source: Any = {"commitSha": commit, "substitutions": substitutions}
    answer = requests.post(f"{url}/triggers/{trigger}:run", json={"source": source}, timeout=10)
    answer.raise_for_status()
    return answer.json()["metadata"]["build"]


def listed(url: str, **query: str) -> list[str]:
    found = requests.get(f"{url}/builds", params=query, timeout=10).json().get("builds", [])
    return [each["id"] for each in found]


def test_a_trigger_has_an_id_and_is_found_by_its_name_as_well(url: str) -> None:
    by_name = requests.get(f"{url}/triggers/deploy-web", timeout=10).json()
    by_id = requests.get(f"{url}/triggers/{by_name['id']}", timeout=10).json()
    assert by_name == by_id
    assert (by_name["name"], by_name["id"]) == ("deploy-web", trigger_id("deploy-web"))
    assert run(url, by_name["id"], NEW)["buildTriggerId"] == by_name["id"]


def test_substitutions_are_carried_through(url: str) -> None:
    build = run(url, "deploy-web", NEW, _KEY="x")
    assert build["substitutions"]["_KEY"] == "x"
    assert build["substitutions"]["COMMIT_SHA"] == NEW


def test_one_without_an_underscore_is_refused(url: str) -> None:
    with pytest.raises(requests.HTTPError, match="400"):
        run(url, "deploy-web", NEW, KEY="x")


def test_the_list_is_filtered_newest_first(url: str, builds: Builds) -> None:
    web = run(url, "deploy-web", OLD, _KEY="a")["id"]
    api = run(url, "deploy-api", OLD, _KEY="a")["id"]
    newer = run(url, "deploy-web", NEW, _KEY="b")["id"]
    builds.join()

    assert listed(url) == [newer, api, web]
    assert listed(url, filter=f'trigger_id="{trigger_id("deploy-web")}"') == [newer, web]
    both = f'trigger_id="{trigger_id("deploy-web")}" AND substitutions._KEY="a"'
    assert listed(url, filter=both) == [web]
    assert listed(url, filter='status="FAILURE"') == []
    assert listed(url, pageSize="1") == [newer]
    assert listed(url.replace("/acme/", "/other/")) == []


@pytest.mark.parametrize("query", ['buildTriggerId="x"', "status=SUCCESS", 'status="x" OR'])
def test_a_filter_that_the_api_does_not_know_is_refused(url: str, query: str) -> None:
    answer = requests.get(f"{url}/builds", params={"filter": query}, timeout=10)
    assert answer.json()["error"]["status"] == "INVALID_ARGUMENT"
