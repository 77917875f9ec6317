"""The Cloud Deploy example holds together, and its two containers do what they promise.

Its files are held against the parts of both schemas that they use, as documented: neither schema
comes with a package, and nothing is fetched for a test.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml

from tests.programs import Ended, environment
from tests.system.stage import Stage, staged

EXAMPLE = Path(__file__).parents[2] / "examples" / "cloud-deploy"
Document: TypeAlias = dict[str, Any]

_CONTAINER = {
    "name": "",
    "image": "",
    "command": [""],
    "args": [""],
    "env": [{"name": "", "value": ""}],
}
_SKAFFOLD = {
    "apiVersion": "",
    "kind": "",
    "metadata": {"name": ""},
    "manifests": {"rawYaml": [""]},
    "deploy": {"cloudrun": {}},
    "customActions": [{"name": "", "containers": [_CONTAINER]}],
    "verify": [{"name": "", "container": _CONTAINER}],
}
_STANDARD = {"predeploy": {"actions": [""]}, "verify": True}
_PIPELINE = {
    "apiVersion": "",
    "kind": "",
    "metadata": {"name": ""},
    "serialPipeline": {"stages": [{"targetId": "", "strategy": {"standard": _STANDARD}}]},
}
_TARGET = {
    "apiVersion": "",
    "kind": "",
    "metadata": {"name": ""},
    "run": {"location": ""},
    "executionConfigs": [{"usages": [""], "serviceAccount": ""}],
}


def read(name: str) -> list[Document]:
    return list(yaml.safe_load_all((EXAMPLE / name).read_text(encoding="utf-8")))


def misfits(node: Any, shape: Any, where: str = "") -> Iterator[str]:
    """Keys that the shape does not have, and values of another kind."""
    if isinstance(shape, dict) and isinstance(node, dict):
        for key, value in node.items():
            if key in shape:
                yield from misfits(value, shape[key], f"{where}.{key}")
            else:
                yield f"{where}.{key}"
    elif isinstance(shape, list) and isinstance(node, list):
        for each in node:
            yield from misfits(each, shape[0], where)
    elif type(node) is not type(shape):
        yield f"{where}: {node!r}"


def test_the_files_have_the_documented_shape() -> None:
    (skaffold,) = read("skaffold.yaml")
    pipeline, target = read("clouddeploy.yaml")

    assert (skaffold["apiVersion"], skaffold["kind"]) == ("skaffold/v4beta7", "Config")
    assert (pipeline["kind"], target["kind"]) == ("DeliveryPipeline", "Target")
    assert {pipeline["apiVersion"], target["apiVersion"]} == {"deploy.cloud.google.com/v1"}
    for document, shape in ((skaffold, _SKAFFOLD), (pipeline, _PIPELINE), (target, _TARGET)):
        assert not list(misfits(document, shape))


def test_a_key_that_is_not_documented_is_found() -> None:
    assert list(misfits({"metadata": {"nam": ""}}, _TARGET)) == [".metadata.nam"]
    assert list(misfits({"kind": ["x"]}, _TARGET)) == [".kind: ['x']"]


def test_the_pipeline_names_only_what_is_there() -> None:
    (skaffold,) = read("skaffold.yaml")
    pipeline, target = read("clouddeploy.yaml")

    (stage,) = pipeline["serialPipeline"]["stages"]
    standard = stage["strategy"]["standard"]
    actions = {action["name"] for action in skaffold["customActions"]}
    assert set(standard["predeploy"]["actions"]) == actions
    assert standard["verify"] is True
    assert skaffold["verify"]
    assert stage["targetId"] == target["metadata"]["name"]
    assert {"PREDEPLOY", "VERIFY"} <= set(target["executionConfigs"][0]["usages"])
    assert all((EXAMPLE / name).is_file() for name in skaffold["manifests"]["rawYaml"])


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("deploy")) as stage:
        stage.healthy()
        yield stage


def run_container(stage: Stage, container: Document, release: str) -> Ended:
    """Without a checkout, in the variables that Cloud Deploy sets, with the stage's repository."""
    (repository,) = container["env"]
    temporary = stage.home / "tmp"
    temporary.mkdir(exist_ok=True)
    env = {
        **environment(stage.home, **stage.world.exports()),
        repository["name"]: stage.world.repository.as_uri(),
        "CLOUD_DEPLOY_RELEASE": release,
        "CLOUD_DEPLOY_TARGET": "staging",
        "TMPDIR": str(temporary),
    }
    done = subprocess.run(
        [*container["command"], *container["args"]],
        cwd=os.sep, env=env, capture_output=True, text=True, check=False, timeout=90,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


def test_the_predeploy_action_is_the_gate_for_the_commit_of_the_release(stage: Stage) -> None:
    (skaffold,) = read("skaffold.yaml")
    (container,) = skaffold["customActions"][0]["containers"]
    commits = stage.world.history

    fits = run_container(stage, container, f"backend-{commits.promise}")
    assert fits.code == 0, fits
    assert "policy and overrides from origin/main" in fits.out

    assert run_container(stage, container, f"backend-{commits.next_protocol}").code == 10
    assert run_container(stage, container, "backend-").code == 2


def test_the_verify_container_verifies(stage: Stage) -> None:
    (skaffold,) = read("skaffold.yaml")

    ended = run_container(stage, skaffold["verify"][0]["container"], "backend-any")

    assert ended.code == 0, ended
    assert ended.out.startswith("PASS")
