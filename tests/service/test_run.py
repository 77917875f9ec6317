"""The service listens where it was told to, and leaves in time whatever hangs."""

import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from skewcheck.core.errors import SkewcheckError
from skewcheck.service.run import listen
from tests.builders import YESTERDAY
from tests.cli.conftest import CONTRACT, manifest
from tests.programs import INSTALLED, environment
from tests.repositories import Repository
from tests.serving import Served


def test_port_0_is_any_that_is_free() -> None:
    with listen("127.0.0.1", 0) as one, listen("127.0.0.1", 0) as other:
        assert one.getsockname()[1] != other.getsockname()[1]


def test_a_host_that_is_not_ours_is_told() -> None:
    with pytest.raises(SkewcheckError, match=r"cannot listen on 192\.0\.2\.7 port 0: "):
        listen("192.0.2.7", 0)


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """Takes connections, and never says anything."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=128)) as made:
        yield made


@pytest.fixture
def hanging(silent: socket.socket, tmp_path: Path) -> Iterator[Served]:
    """A service whose every read hangs."""
    repository = Repository(tmp_path / "acme")
    base = f"http://127.0.0.1:{silent.getsockname()[1]}"
    files: dict[str, str | None] = {
        "contracts/chat.yaml": CONTRACT,
        "manifests/staging.yaml": json.dumps(manifest(base)),
    }
    repository.commit(files, "Promise the chat", at=YESTERDAY)
    process = subprocess.Popen(
        [INSTALLED, "serve", "--port", "0"],
        cwd=repository.path,
        env=environment(tmp_path),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield Served(process)
        finally:
            process.kill()


def test_surveys_that_hang_do_not_keep_it_from_leaving(
    hanging: Served, silent: socket.socket
) -> None:
    assert hanging.url
    asked, _ = silent.accept()
    with asked:
        code, took_s = hanging.end(signal.SIGTERM)
    assert (code, took_s < 8) == (0, True)
