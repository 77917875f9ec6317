"""The Dockerfile passes hadolint, and its parts fit the project: no image can be built here."""

import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

from packaging.specifiers import SpecifierSet

from skewcheck.settings import read_settings

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BUILD, IMAGE = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]


def test_hadolint_has_nothing_to_say() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run(
        [hadolint, "--failure-threshold", "style", ROOT / "Dockerfile"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_both_stages_start_from_one_exact_version() -> None:
    (base,) = {stage.split()[0] for stage in (BUILD, IMAGE)}

    assert re.fullmatch(r"python:\d+\.\d+\.\d+-slim-[a-z]+", base)


def test_the_base_has_a_python_that_the_package_accepts() -> None:
    version = BUILD.removeprefix("python:").partition("-")[0]

    assert version in SpecifierSet(PROJECT["requires-python"])


def test_it_does_not_run_as_root() -> None:
    (user,) = re.findall(r"^USER (\d+):\d+$", IMAGE, re.MULTILINE)

    assert int(user) > 0
    assert f"--uid={user}" in IMAGE
    assert IMAGE.index("USER ") > IMAGE.rindex("RUN ")


def test_the_entry_point_is_the_program_that_the_package_installs() -> None:
    assert 'ENTRYPOINT ["skewcheck"]' in IMAGE
    assert "skewcheck" in PROJECT["scripts"]


def test_everything_that_is_copied_is_in_the_build_context() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in ignored
    let_in = [line[1:] for line in ignored if line.startswith("!")]

    copied = [
        word
        for line in re.findall(r"^COPY (.+) \S+$", BUILD, re.MULTILINE)
        for word in line.split()
    ]
    assert copied
    for source in copied:
        assert (ROOT / source).exists()
        assert any(fnmatch(source.rstrip("/"), pattern) for pattern in let_in), source


def test_state_and_cache_lie_where_the_user_may_write() -> None:
    given = dict(re.findall(r"(SKEWCHECK_\w+)=(\S+)", IMAGE))

    settings = read_settings(given)
    for folder in (settings.state, settings.cache):
        assert f" {folder} " in IMAGE  # made by install, for the user


def test_the_user_may_read_the_repository_of_a_build_step() -> None:
    assert "apt-get install --yes --no-install-recommends git" in IMAGE
    assert "git config --system --add safe.directory /workspace" in IMAGE
    assert "WORKDIR /workspace" in IMAGE
