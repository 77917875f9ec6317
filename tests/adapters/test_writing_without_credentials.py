"""Whoever would change the cloud without credentials is told how to get some, and at once."""

from pathlib import Path

import pytest

from tests.google_api.homes import ROOT, Home

PROGRAM = """
import json
from skewcheck.adapters.clock import SystemClock
from skewcheck.adapters.cloud_build import CloudBuild
from skewcheck.adapters.cloud_cdn import CloudCdn
from skewcheck.adapters.cloud_run_writes import CloudRunWrites
from skewcheck.core.errors import ActionFailedError
from skewcheck.core.rollout.order import EdgeOrder, Place
from skewcheck.ports.rollout import Trigger
clock = SystemClock()
edge = EdgeOrder(project="acme", url_map="web", host="app.acme.example", paths=("/",))
place = Place(project="acme", region="us-central1", service="api")
trigger = Trigger(project="acme", region="global", name="deploy-web")
told = {}
for name, change in {
    "run": lambda: CloudRunWrites(clock=clock).follow_latest(place),
    "cdn": lambda: CloudCdn(clock=clock).invalidate(edge, key="k"),
    "build": lambda: CloudBuild(clock=clock).start(trigger, "a" * 40, key="k"),
}.items():
    try:
        change()
    except ActionFailedError as error:
        told[name] = [str(error), error.hint]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    home: Path = tmp_path_factory.mktemp("home")
    found: dict[str, list[str]] = Home(home).run(PROGRAM, credentials=None, PYTHONPATH=str(ROOT))
    return found


@pytest.mark.parametrize(
    ("name", "subject"),
    [("run", "api@us-central1"), ("cdn", "app.acme.example"), ("build", "deploy-web")],
)
def test_it_is_told_what_was_not_changed_and_how_to_sign_in(
    told: dict[str, list[str]], name: str, subject: str
) -> None:
    problem, hint = told[name]
    assert problem.startswith(f"{subject}: no usable Google credentials")
    assert hint == "gcloud auth application-default login"
