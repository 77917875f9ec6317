"""Every Cloud Build example is one for the real schema, and for what that lets through."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.examples.build_file import Document, problems, read_build, substitute

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "examples" / "cloud-build").glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_cloud_build_would_take_the_example(file: Path) -> None:
    assert problems(read_build(file)) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_example_is_complete(file: Path) -> None:
    build = read_build(file)

    assert build["serviceAccount"]
    assert build["timeout"]
    assert all(step.get("id") for step in build["steps"])
    # The schema wants a place for logs wherever the service account is one's own.
    assert build["options"]["logging"] == "CLOUD_LOGGING_ONLY"


def changed(change: Callable[[Document], Any]) -> list[str]:
    build: Document = {
        "steps": [
            {"id": "one", "name": "$_IMAGE", "args": ["$$HOME", "${PROJECT_ID}"]},
            {"id": "two", "name": "git", "script": "echo $TAG", "env": ["TAG=$TAG_NAME"]},
        ],
        "substitutions": {"_IMAGE": "git"},
    }
    assert problems(build) == []
    change(build)
    return problems(build)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(lambda b: b["steps"][0].update(waitfor=[]), "waitfor", id="a misspelt key"),
        pytest.param(lambda b: b["steps"][0].update(timeout="2m"), "2m", id="not seconds"),
        pytest.param(lambda b: b["steps"][0].update(args=[1]), "args", id="a number"),
        pytest.param(lambda b: b.update(steps=[]), "no steps", id="no steps"),
        pytest.param(lambda b: b["steps"][1].pop("name"), "two: no image", id="no image"),
        pytest.param(lambda b: b["steps"][1].update(id="one"), "two steps", id="an id twice"),
        pytest.param(
            lambda b: b["steps"][0].update(waitFor=["two"]), "no earlier step", id="a later step"
        ),
        pytest.param(
            lambda b: b["steps"][0].update(args=["$_X"]), "$_X is no", id="undefined, own"
        ),
        pytest.param(
            lambda b: b["steps"][0].update(args=["${COMMIT}"]), "${COMMIT}", id="undefined"
        ),
        pytest.param(lambda b: b["steps"][0].update(args=["$(ls)"]), "$ is no", id="not escaped"),
        pytest.param(lambda b: b["substitutions"].update(_Y=""), "nothing uses", id="unused"),
        pytest.param(lambda b: b["steps"][1].update(args=["x"]), "neither args", id="and args"),
        pytest.param(lambda b: b["steps"][1].pop("env"), "reads TAG", id="a script without env"),
        pytest.param(
            lambda b: b["steps"][0].update(secretEnv=["KEY"]), "KEY: a secret", id="no secret"
        ),
    ],
)
def test_a_file_that_cloud_build_would_not_run_as_meant_is_found(
    change: Callable[[Document], Any], told: str
) -> None:
    found = changed(change)

    assert any(told in each for each in found), found


def test_a_substitution_that_nobody_set_is_empty_and_a_dollar_is_escaped_by_another() -> None:
    assert substitute("a=$COMMIT_SHA:${_X}:$$Y", {"_X": "1"}) == "a=:1:$Y"

    with pytest.raises(ValueError, match="no substitution"):
        substitute("$_NOT_THERE", {})
