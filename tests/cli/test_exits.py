"""Exit codes are API: each shown by the program as it is installed, as build steps see it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from skewcheck.core.findings import Verdict
from skewcheck.core.question import Exit
from skewcheck.core.report import EXIT_FOR
from tests.cli.conftest import Live
from tests.programs import INSTALLED, environment, run_installed
from tests.servers import Reply, serve


def test_every_verdict_has_its_own_exit_and_none_is_that_of_a_crash() -> None:
    assert set(EXIT_FOR) == set(Verdict)
    assert len(set(EXIT_FOR.values())) == len(EXIT_FOR)
    assert not {Exit.ERROR, Exit.USAGE} & set(EXIT_FOR.values())


def test_pass_is_0(live: Live) -> None:
    ended = live.installed("status", "staging")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("PASS")


def test_block_is_10(live: Live) -> None:
    other = Reply(body=b'{"commit": "%s", "environment": "production"}' % live.head.encode())
    live.answer("api", other)
    ended = live.installed("status", "staging")
    assert (ended.code, ended.err) == (10, "")
    assert ended.out.startswith("BLOCK")


def test_inconclusive_is_11(live: Live) -> None:
    live.answer("api", Reply(body=b"{}"))
    ended = live.installed("gate", "staging")
    assert (ended.code, ended.err) == (11, "")
    assert ended.out.startswith("INCONCLUSIVE")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param([], id="nothing"),
        pytest.param(["statu"], id="no such command"),
        pytest.param(["status", "--nope"], id="no such option"),
        pytest.param(["status", "a", "--url", "b=http://x"], id="both"),
        pytest.param(["status", "--url", "b=x"], id="no URL"),
        pytest.param(["status", "--url", "b=http://[::1"], id="half a URL"),
        pytest.param(["status", "--url", "b=http://x", "--url", "b=http://y"], id="twice"),
        pytest.param(["status", "--format", "xml"], id="no such format"),
        pytest.param(["verify", "staging", "--until", "5"], id="no unit"),
        pytest.param(["gate"], id="no environment"),
        pytest.param(["schema", "link"], id="no such document"),
    ],
)
def test_usage_is_2(live: Live, words: list[str]) -> None:
    ended = live.run(*words)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err


@pytest.mark.parametrize("words", [["status", "--nope"], ["status", "nowhere"]], ids=" ".join)
def test_usage_is_2_as_installed_clicks_and_ours(live: Live, words: list[str]) -> None:
    ended = live.installed(*words)
    assert (ended.code, ended.out) == (2, "")
    assert "Traceback" not in ended.err


def test_an_error_of_ours_is_1_and_one_line(live: Live, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = live.installed("status", "staging", SKEWCHECK_STATE_DIR=str(tmp_path / "file"))
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("skewcheck: ")
    assert "Traceback" not in ended.err


def test_a_bug_is_1_and_keeps_its_traceback(tmp_path: Path) -> None:
    broken = "import skewcheck.cli as c; c._COMMANDS['status'] = 'x'; import sys\n"
    broken += "sys.modules['skewcheck.cli.status'] = object()\n"
    broken += "from skewcheck.__main__ import main; main(['status'])"
    done = subprocess.run(
        [sys.executable, "-c", broken],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" in done.stderr
    assert "AttributeError" in done.stderr


def test_an_interrupt_is_130_and_waits_for_nothing(tmp_path: Path) -> None:
    """In the middle of a read that hangs, which alone would take fifteen seconds."""
    with serve({"/__version__": Reply(hangs=True)}) as server:
        program = subprocess.Popen(
            [INSTALLED, "status", "--url", f"api={server.url('')}"],
            env=environment(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        while not server.requests:
            assert program.poll() is None
            server.stopping.wait(0.01)
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=5)
    assert (program.returncode, out) == (130, "")
    assert err.strip() == "skewcheck: interrupted"


@pytest.mark.parametrize("words", [["schema", "manifest"], ["--help"]], ids=" ".join)
def test_a_reader_who_left_is_141_without_a_word(tmp_path: Path, words: list[str]) -> None:
    """As in `| head -1`; here the reader is gone before the first line."""
    read, write = os.pipe()
    os.close(read)
    program = subprocess.Popen(
        [INSTALLED, *words],
        env=environment(tmp_path),
        stdout=write,
        stderr=subprocess.PIPE,
    )
    os.close(write)
    _, err = program.communicate(timeout=20)
    assert (program.returncode, err) == (141, b"")


def test_a_watch_shows_the_world_until_it_is_interrupted(live: Live) -> None:
    program = subprocess.Popen(
        [INSTALLED, "status", "staging", "--watch", "--interval", "1h"],
        cwd=live.repository.path,
        env=live.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    assert program.stdout.readline().startswith("PASS  staging")
    program.send_signal(signal.SIGINT)
    _, err = program.communicate(timeout=5)
    assert (program.returncode, err.strip()) == (130, "skewcheck: interrupted")


def test_observe_mode_prints_would_block_and_is_0(live: Live) -> None:
    """The manifest of the working tree stands for one whose policy observes."""
    text = (live.repository.path / "manifests/staging.yaml").read_text()
    observing = '{"policy": {"enforce": {"mode": "observe", "until": "2999-12-31"}}, ' + text[1:]
    draft = live.repository.path / "draft.yaml"
    draft.write_text(observing)
    live.answer("api", Reply(body=b'{"commit": "%s", "environment": "x"}' % live.head.encode()))
    ended = live.ask("status", "--manifest", str(draft))
    assert ended.code == 0
    assert "WOULD BLOCK" in ended.out
    assert "2999-12-31" in ended.out
    draft.write_text(observing.replace("2999-12-31", "2026-01-01"))
    over = live.ask("status", "--manifest", str(draft))
    assert over.code == 10
    assert "WOULD BLOCK" not in over.out


def test_without_a_git_binary_there_is_one_line(live: Live) -> None:
    ended = live.installed("status", "staging", PATH="/nonexistent")
    assert ended.code not in {0, 10, 12}
    assert ended.err.startswith("skewcheck: the git command was not found")
    assert "next: install git" in ended.err


def test_output_that_the_terminal_cannot_spell_is_no_crash(live: Live) -> None:
    ended = run_installed(
        *("status", "staging"),
        at=live.repository.path,
        env={**live.env, "PYTHONIOENCODING": "ascii"},
    )
    assert (ended.code, ended.err) == (0, "")
