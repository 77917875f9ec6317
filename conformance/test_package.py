"""The built wheel works in an empty environment: what is in it, and what it does there.

It is built from what the Dockerfile copies and from nothing else, so the image has all it needs.
"""

import email
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import pytest
from click import Context

from skewcheck import __version__
from skewcheck.cli import cli
from tests.programs import Ended, environment
from tests.tutorial.blocks import read_blocks
from tests.tutorial.transcript import follow

ROOT = Path(__file__).parents[1]
# Packages are fetched, and one worker installs them for all.
pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("package")]


def run(*words: str | Path, at: Path, env: dict[str, str] | None = None) -> Ended:
    """With this machine's own settings of pip, where no environment is given."""
    own = dict(os.environ) if env is None else env  # noqa: TID251 - pip's settings are in it
    done = subprocess.run(
        list(map(str, words)), cwd=at, env=own, capture_output=True, text=True, check=False
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def built(source: Path, into: Path) -> Path:
    done = run(sys.executable, "-m", "build", "--wheel", "--outdir", into, source, at=into)
    assert done.code == 0, done.err
    (wheel,) = into.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    context, into = tmp_path_factory.mktemp("context"), tmp_path_factory.mktemp("dist")
    stage = (ROOT / "Dockerfile").read_text(encoding="utf-8").split("\nFROM ")[1]
    for line in re.findall(r"^COPY (.+) \S+$", stage, re.MULTILINE):
        for name in line.split():
            if (ROOT / name).is_dir():
                unwanted = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / name, context / name, ignore=unwanted)
            else:
                shutil.copy(ROOT / name, context)
    return built(context, into)


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(archive.read(name))


def test_the_wheel_has_the_package_with_its_types_and_nothing_else(wheel: Path) -> None:
    inside = names(wheel)
    info = {name for name in inside if ".dist-info/" in name}

    assert "skewcheck/py.typed" in inside
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in info)
    assert all(name.startswith("skewcheck/") for name in inside - info)
    assert not [name for name in inside if "test_" in name or "__pycache__" in name]
    ours = {str(file.relative_to(ROOT)) for file in (ROOT / "skewcheck").rglob("*.py")}
    assert ours <= inside


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    told = metadata(wheel)

    assert (told["Name"], told["License-Expression"]) == ("skewcheck", "Apache-2.0")
    assert told["Requires-Python"] == ">=3.11"
    assert told["Description-Content-Type"] == "text/markdown"
    assert "Typing :: Typed" in told.get_all("Classifier", [])
    assert "serve" in told.get_all("Provides-Extra", [])


@pytest.fixture(scope="module")
def expose(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(ROOT / "expose", tmp_path_factory.mktemp("dist"))


def test_what_services_install_is_a_wheel_without_dependencies(expose: Path) -> None:
    assert "skewcheck_expose/py.typed" in names(expose)
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names(expose))
    told = metadata(expose)
    assert (told["Name"], told["License-Expression"]) == ("skewcheck-expose", "Apache-2.0")
    assert told.get_all("Requires-Dist", []) == []


@dataclass(frozen=True, slots=True)
class Clean:
    """An environment with the wheels and what they need, an empty home and an empty directory."""

    python: Path
    empty: Path
    home: Path

    def skewcheck(self, *words: str) -> Ended:
        bare = environment(self.home)
        env = {name: bare[name] for name in ("HOME", "NO_GCE_CHECK", "NO_PROXY")}
        env["PATH"] = f"{self.python.parent}{os.pathsep}{os.defpath}"
        return run(self.python.with_name("skewcheck"), *words, at=self.empty, env=env)


@pytest.fixture(scope="module")
def clean(wheel: Path, expose: Path, tmp_path_factory: pytest.TempPathFactory) -> Clean:
    folder = tmp_path_factory.mktemp("clean")
    at = folder / "venv"
    assert run(sys.executable, "-m", "venv", "--without-pip", at, at=folder).code == 0
    python = at / "bin" / "python"
    words = ("-m", "pip", "--python", python, "install", "-q", wheel, expose)
    done = run(sys.executable, *words, at=folder)
    assert done.code == 0, done.err
    clean = Clean(python=python, empty=folder / "empty", home=folder / "home")
    clean.empty.mkdir()
    clean.home.mkdir()
    return clean


def test_every_command_says_what_it_is_for(clean: Clean) -> None:
    assert clean.skewcheck("--version").out == f"skewcheck, version {__version__}\n"
    for command in cli.list_commands(Context(cli)):
        told = clean.skewcheck(command, "--help")
        assert (told.code, told.err) == (0, ""), command


def test_serve_says_what_it_needs(clean: Clean) -> None:
    ended = clean.skewcheck("serve")
    assert ended.code == 2, ended
    assert "pip install 'skewcheck[serve]'" in ended.err


def test_the_drill_and_the_demo_run_and_leave_nothing_behind(
    clean: Clean, record_property: Callable[[str, object], None]
) -> None:
    ended = clean.skewcheck("drill")
    assert ended.code == 0, ended
    assert "the gate can still block" in ended.out

    began = time.monotonic()
    ended = clean.skewcheck("demo")
    record_property("demo from the wheel", f"{time.monotonic() - began:.0f} s")
    assert ended.code == 0, ended
    assert not [*clean.empty.iterdir(), *clean.home.iterdir()], "something was left behind"


def test_the_tutorial_goes_as_it_says(clean: Clean, tmp_path: Path) -> None:
    """In an empty directory with an empty home, in a real shell, every block as it is written."""
    document = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    followed = follow(document, tmp_path, within_s=500, programs=clean.python.parent)
    last = followed[-1]

    assert last.is_as_told, f"line {last.block.line}: {last.missing}\n{last.ran.output}"
    assert len(followed) == len(read_blocks(document))


def test_a_bill_of_materials_can_be_made_of_it(clean: Clean, tmp_path: Path) -> None:
    tool, bill = Path(sys.executable).with_name("cyclonedx-py"), tmp_path / "bill.json"
    words = ("environment", "--validate", "--output-file", bill, clean.python)
    done = run(tool, *words, at=tmp_path)
    assert done.code == 0, done.err
    listed = {each["name"].lower() for each in json.loads(bill.read_text())["components"]}
    assert {"skewcheck", "click", "requests", "websockets", "dbos"} <= listed
    assert not {"pytest", "pip"} & listed
