"""The process that stands for somebody else's container: ready when its port is, gone with us."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from skewcheck.sandbox.programs.command import accepts, free_port

SERVE = "import http.server as h, os; print('listening on port 1', flush=True); "
SERVE += "h.HTTPServer((os.environ['HOST'], int(os.environ['PORT'])), "
SERVE += "h.SimpleHTTPRequestHandler).serve_forever()"
# Two commands, so that the shell stays and is not replaced by the last.
SERVES = f'{sys.executable} -c "{SERVE}"; true'


@contextmanager
def container(start: str) -> Iterator["subprocess.Popen[str]"]:
    settings = json.dumps({"directory": "/", "start": start})
    with subprocess.Popen(
        [sys.executable, "-m", "skewcheck.sandbox.programs.command"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
        env={"PATH": os.defpath, "SANDBOX_IMAGE": settings, "PORT": "0"},
    ) as process:
        yield process


def told_by(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().rstrip("\n")


@pytest.mark.parametrize("how", ["the platform goes away", "the platform says so"])
def test_a_command_and_its_children_go_with_the_platform(how: str) -> None:
    with container(SERVES) as process:
        assert told_by(process) == " listening on port 1"
        port = int(told_by(process).removeprefix("listening on port "))
        assert accepts(port)
        if how == "the platform says so":
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        else:
            assert process.stdin
            process.stdin.close()
            assert process.wait(10) == 0

    assert not accepts(port)


def test_a_command_that_ends_is_never_ready() -> None:
    with container("echo bye; exit 3") as process:
        out, _ = process.communicate(timeout=10)
    assert out == "bye\n"


def test_nobody_listens_on_a_free_port_and_nobody_is_given_it_by_the_system() -> None:
    port = free_port()
    assert not accepts(port)
    assert port < 32_768
    with socket.create_server(("127.0.0.1", port)):
        assert accepts(port)
