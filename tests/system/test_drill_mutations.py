"""The drill notices when any one of its rules is gone from a copy of the package."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

import skewcheck
from tests.programs import environment
from tests.system.mutations import MUTATIONS, Mutation

PACKAGE = Path(skewcheck.__file__).parent
HEALTHY = "as it is"


def copy(package: Path, folder: Path) -> Path:
    """Compiled files and their times included, so that little is compiled anew."""
    unused = shutil.ignore_patterns("sandbox", "*.pyc.*")  # the latter come and go while compiling
    return Path(shutil.copytree(package, folder / "skewcheck", ignore=unused))


def mutate(package: Path, mutation: Mutation) -> None:
    file = package / mutation.file
    before = file.read_text(encoding="utf-8")
    found = before.count(mutation.text)
    assert found == 1, f"{mutation.file}: {mutation.text!r} is there {found} times, not once"
    file.write_text(before.replace(mutation.text, mutation.instead), encoding="utf-8")


def drill(
    package: Path, folder: Path, mutation: Mutation | None
) -> "subprocess.CompletedProcess[str]":
    mine = copy(package, folder)
    if mutation is not None:
        mutate(mine, mutation)
    return subprocess.run(
        [sys.executable, "-m", "skewcheck", "drill"],
        cwd=folder,
        env=environment(folder, PYTHONPATH=str(folder)),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


_Drills = Mapping[str, "Future[subprocess.CompletedProcess[str]]"]


@pytest.fixture(scope="module")
def drills(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Drills]:
    """All of one and the same package, two at a time; each test waits for its own."""
    package = copy(PACKAGE, tmp_path_factory.mktemp("package"))
    wanted: dict[str, Mutation | None] = {HEALTHY: None, **MUTATIONS}
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield {
            name: pool.submit(drill, package, tmp_path_factory.mktemp("gate"), mutation)
            for name, mutation in wanted.items()
        }


def test_a_copy_that_nothing_was_taken_from_holds(drills: _Drills) -> None:
    done = drills[HEALTHY].result()
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_gate_without_one_of_its_rules_is_broken(drills: _Drills, name: str) -> None:
    done = drills[name].result()
    assert done.returncode == 1, done.stdout + done.stderr
    assert "THE GATE IS BROKEN: " in done.stderr
    assert "BROKEN" in done.stdout
