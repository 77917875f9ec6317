"""The release workflow: least rights, pinned actions, nothing that the project does not have."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / ".github" / "workflows" / "release.yaml").read_text(encoding="utf-8")
WORKFLOW: dict[Any, Any] = yaml.safe_load(TEXT)
JOBS: dict[str, dict[str, Any]] = WORKFLOW["jobs"]
STEPS = [step for job in JOBS.values() for step in job["steps"]]


def test_only_a_tag_starts_it() -> None:
    assert WORKFLOW[True] == {"push": {"tags": ["v*"]}}  # YAML 1.1 reads `on` as true


def test_rights_are_given_to_the_jobs_that_need_them_alone() -> None:
    assert WORKFLOW["permissions"] == {}
    assert {name: job["permissions"] for name, job in JOBS.items()} == {
        "test": {"contents": "read"},
        "package": {"contents": "read", "id-token": "write", "attestations": "write"},
        "publish": {"id-token": "write"},
    }


def test_what_is_published_was_tested_built_and_attested_before() -> None:
    assert [job.get("needs") for job in JOBS.values()] == [None, "test", "package"]
    used = [step["uses"].partition("@")[0] for step in JOBS["package"]["steps"] if "uses" in step]
    assert used.index("actions/attest-build-provenance") < used.index("actions/upload-artifact")
    # What publishes builds nothing and runs nothing of ours: it has the right to publish.
    assert not [step for step in JOBS["publish"]["steps"] if "run" in step]


def test_every_action_is_pinned_to_a_commit_beside_its_version() -> None:
    used = re.findall(r"uses: (\S+)(.*)", TEXT)
    assert len(used) == len([step for step in STEPS if "uses" in step])
    for action, comment in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action)
        assert re.fullmatch(r"   # v\d+\.\d+\.\d+", comment), action
    assert len({action for action, _ in used}) == len({a.partition("@")[0] for a, _ in used})


@pytest.mark.parametrize("script", [step["run"] for step in STEPS if "run" in step])
def test_what_it_runs_is_there(script: str) -> None:
    program, *words = shlex.split(script)
    if program == "make":
        assert f"\n{words[0]}: " in (ROOT / "Makefile").read_text(encoding="utf-8")
    else:
        assert (ROOT / program).is_file()


def test_the_name_of_the_tag_reaches_the_shell_as_a_variable() -> None:
    """Text that GitHub pastes into a script is run."""
    assert not [step["run"] for step in STEPS if "${{" in step.get("run", "")]


def test_no_checkout_leaves_credentials_behind() -> None:
    checkouts = [step for step in STEPS if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_no_host_is_named() -> None:
    assert not re.findall(r"https?://", TEXT)
