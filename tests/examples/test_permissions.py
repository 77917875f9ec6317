"""The example roles and the document grant what the doctor asks for: no more, and no less."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from skewcheck.core.checkup.permissions import ACT_AS_ROLE, PERMISSIONS, ROLES, Deed

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "permissions"
TERRAFORM_FILE = (FOLDER / "main.tf").read_text(encoding="utf-8")
DOCUMENT = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")


def lists(name: str) -> dict[str, tuple[str, ...]]:
    """A local of the Terraform file that maps names to lists of texts."""
    found = re.search(rf"^  {name} = \{{\n(.*?)\n  \}}$", TERRAFORM_FILE, re.DOTALL | re.MULTILINE)
    assert found is not None
    entries = re.findall(r"^    ([\w-]+)\s*= \[(.*?)\]$", found[1], re.DOTALL | re.MULTILINE)
    return {key: tuple(re.findall(r'"([^"]+)"', value)) for key, value in entries}


def row_of(section: str, name: str) -> str:
    text = DOCUMENT.split(f"\n## {section}")[1].split("\n## ")[0]
    (row,) = (line for line in text.splitlines() if line.startswith(f"| `{name}` |"))
    return row


def test_the_roles_have_exactly_the_permissions_of_each_deed() -> None:
    assert lists("permissions") == dict(PERMISSIONS)


def test_every_job_is_made_of_deeds() -> None:
    jobs = lists("jobs")

    assert set(jobs) == {"gate", "deploy", "serve", "set-up"}
    assert {deed for deeds in jobs.values() for deed in deeds} == set(PERMISSIONS)


def test_whoever_only_looks_may_change_nothing() -> None:
    for job in ("gate", "serve", "set-up"):
        given = {each for deed in lists("jobs")[job] for each in lists("permissions")[deed]}
        verbs = {each.rpartition(".")[2] for each in given}
        assert verbs <= {"get", "list", "invoke"}, job


@pytest.mark.parametrize("deed", PERMISSIONS)
def test_the_document_tells_each_deed_with_its_permissions_and_role(deed: Deed) -> None:
    row = row_of("Deeds", deed)

    told = re.findall(r"`([a-z]+\.[\w.]+)`", row)
    assert sorted(told) == sorted(PERMISSIONS[deed])
    assert f"`{ROLES[deed]}`" in row
    assert ("iam.serviceAccounts.actAs" in told) == (f"`{ACT_AS_ROLE}`" in row)


@pytest.mark.parametrize("job", lists("jobs"))
def test_the_document_tells_the_deeds_of_each_job(job: str) -> None:
    row = row_of("Jobs", job)

    assert re.findall(r"`([a-z-]+)`", row.split("|")[2]) == list(lists("jobs")[job])


def terraform(*words: str, at: Path, home: Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("terraform")
    if program is None:
        pytest.skip("terraform is not on PATH")
    env = {"PATH": os.defpath, "HOME": str(home), "CHECKPOINT_DISABLE": "1"}
    return subprocess.run(
        [program, *words], cwd=at, env=env, capture_output=True, text=True, check=False, timeout=110
    )


def test_the_terraform_file_is_formatted(tmp_path: Path) -> None:
    done = terraform("fmt", "-check", "-diff", "-no-color", at=FOLDER, home=tmp_path)

    assert (done.returncode, done.stdout) == (0, "")


def test_the_terraform_file_is_valid_where_its_provider_can_be_had(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "main.tf", tmp_path)
    if terraform("init", "-backend=false", "-no-color", at=tmp_path, home=tmp_path).returncode:
        pytest.skip("terraform cannot get the google provider here")

    done = terraform("validate", "-no-color", at=tmp_path, home=tmp_path)
    assert done.returncode == 0, done.stderr
