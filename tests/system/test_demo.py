"""`skewcheck demo` and `skewcheck sandbox` as installed: they end well and leave nothing behind."""

import os
import re
import shlex
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.programs import INSTALLED, environment, run_installed

PROMISED_S = 60


def nothing_is_left(group: int, temporary: Path) -> bool:
    """No process of that group, no file in its temporary folder."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return not list(temporary.iterdir())
    return False


@contextmanager
def started(*words: str, home: Path, **more: str) -> Iterator[subprocess.Popen[str]]:
    """The program in a process group of its own, whose temporary files lie in `home`/tmp."""
    (home / "tmp").mkdir()
    program = subprocess.Popen(
        [INSTALLED, *words],
        cwd=home,
        env=environment(home, TMPDIR=str(home / "tmp"), **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with program:
        try:
            yield program
        finally:
            if program.poll() is None:
                os.killpg(program.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str, str, bool]:
    """The demo, run once: four acts of real deploys take some twenty seconds."""
    home = tmp_path_factory.mktemp("demo")
    with started("demo", home=home) as program:
        out, err = program.communicate(timeout=PROMISED_S)
        return program.returncode, out, err, nothing_is_left(program.pid, home / "tmp")


def test_the_demo_ends_well_within_a_minute(shown: tuple[int, str, str, bool]) -> None:
    code, _, err, _ = shown
    assert (code, err) == (0, "")


def test_the_demo_shows_each_act_in_order(shown: tuple[int, str, str, bool]) -> None:
    _, out, _, _ = shown
    exits = re.findall(r"^→ exit (\d+)", out, re.M)
    assert exits == ["10", "10", "10", "0", "10", "0", "0", "0", "12", "0"]
    acts = [out.index(f"ACT {number}") for number in (1, 2, 3, 4)]
    assert acts == sorted(acts)
    assert {"stale-edge", "format-skew", "protocol-skew"} <= set(re.findall(r"[a-z]+-[a-z]+", out))
    assert "\ncause    stale-edge: " in out
    assert "SUCCEEDED  staging  redeploy" in out[acts[2] : acts[3]]
    assert "ROLLED BACK  staging  redeploy" in out[acts[3] :]
    assert "What to try next:" in out[acts[-1] :]


def test_the_demo_prints_no_escape_code_into_a_pipe(shown: tuple[int, str, str, bool]) -> None:
    assert "\x1b" not in shown[1]


def test_the_demo_leaves_no_process_and_no_file_behind(shown: tuple[int, str, str, bool]) -> None:
    assert shown[3]


def test_the_demo_can_be_interrupted_and_still_cleans_up(tmp_path: Path) -> None:
    """As a terminal does it: the whole group gets the signal, in the middle of an act."""
    with started("demo", home=tmp_path) as program:
        assert program.stdout is not None
        for line in program.stdout:
            if line.startswith("$ skewcheck"):
                break
        os.killpg(program.pid, signal.SIGINT)
        _, err = program.communicate(timeout=20)
        assert program.returncode == 130
        assert err.endswith("skewcheck: interrupted\n")
        assert nothing_is_left(program.pid, tmp_path / "tmp")


@contextmanager
def sandbox(
    home: Path, *words: str
) -> Iterator[tuple[subprocess.Popen[str], dict[str, str], Path]]:
    """The running sandbox, what it says to export, and the folder it says to go to."""
    with started("sandbox", *words, home=home) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        exports: dict[str, str] = {}
        folder = home
        for line in program.stdout:
            verb, said = shlex.split(line)
            if verb == "cd":
                folder = Path(said)
            else:
                name, _, value = said.partition("=")
                exports[name] = value
            if "no_proxy" in exports:  # the last of them
                break
        yield program, exports, folder


def test_another_process_works_on_the_sandbox_and_an_interrupt_ends_it(tmp_path: Path) -> None:
    """One test for the whole life: starting a cloud takes seconds."""
    with sandbox(tmp_path) as (program, exports, folder):
        assert {"SKEWCHECK_GCP_ENDPOINT", "CLOUDSDK_CORE_PROJECT"} <= exports.keys()
        other = environment(tmp_path, **exports)
        incident = run_installed("status", "staging", "--format", "json", at=folder, env=other)
        assert (incident.code, incident.err) == (10, "")
        assert "stale-edge" in incident.out
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=20)
        assert (program.returncode, out) == (130, "")
        assert "Ctrl-C ends it." in err
        assert "Traceback" not in err
        assert nothing_is_left(program.pid, tmp_path / "tmp")


def test_a_healthy_sandbox_passes_and_ends_when_it_is_told_to_terminate(tmp_path: Path) -> None:
    with sandbox(tmp_path, "--world", "healthy") as (program, exports, folder):
        other = environment(tmp_path, **exports)
        assert run_installed("status", at=folder, env=other).code == 0
        program.terminate()
        program.communicate(timeout=20)
        assert program.returncode == 128 + signal.SIGTERM
        assert nothing_is_left(program.pid, tmp_path / "tmp")
