"""A throw-away PostgreSQL of the test run's own, started when the first test asks for it.

Each worker of xdist has one; each test gets an empty database in it.
"""

import os
import pwd
import shutil
import signal
import subprocess
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import psycopg
import pytest

from tests import processes

USER = "skewcheck"
PASSWORD = "pass/w0rd-of-a-test"
# That a commit survives is what the tests take as given, so it need not wait for the disk.
_SETTINGS = (
    "fsync=off",
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
)


@dataclass(frozen=True)
class Postgres:
    """A server on loopback that believes everybody, but for the user `locked`."""

    port: int

    def database(self) -> str:
        """The URL of a new one."""
        name = f"t{uuid.uuid4().hex}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)

    def url(self, database: str, *, user: str = USER) -> str:
        return f"postgresql://{user}:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/{database}"


_KEY = pytest.StashKey[Postgres]()


def one_of(config: pytest.Config) -> Postgres:
    """The worker's own. Whoever asks first starts it; it ends with the worker."""
    if _KEY not in config.stash:
        running = ExitStack()
        config.stash[_KEY] = running.enter_context(_started())
        config.add_cleanup(running.close)
    return config.stash[_KEY]


@contextmanager
def _started() -> Iterator[Postgres]:
    programs = _programs()
    # Not below pytest's own folder, into which only the user who runs the tests can look.
    with TemporaryDirectory(prefix="skewcheck-postgres-", dir="/tmp") as made:
        folder = Path(made)
        user = _give(folder)
        data = folder / "data"
        done = subprocess.run(
            [*user, programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "-N", "-E", "UTF8"],
            check=False,
            capture_output=True,
            cwd=folder,
        )
        assert done.returncode == 0, done.stderr.decode()
        _lock_one_out(data / "pg_hba.conf")
        with _served([*user, programs / "postgres", "-D", data], folder) as port:
            yield Postgres(port)


@contextmanager
def _served(command: Sequence[str | Path], folder: Path) -> Iterator[int]:
    settings = [f"-c{each}" for each in _SETTINGS]

    def listening(ports: Mapping[str, int]) -> list[str | Path]:
        return [*command, *settings, f"-cport={ports['sql']}"]

    with processes.running(folder, ["sql"], listening) as server:
        port = server.ports["sql"]
        assert processes.waited_for(lambda: _answers(port))
        yield port
        # Killed, it would leave its shared memory behind.
        server.process.send_signal(signal.SIGQUIT)
        server.process.wait(30)


def _answers(port: int) -> bool:
    try:
        psycopg.connect(Postgres(port).url("postgres")).close()
    except psycopg.OperationalError:
        return False
    return True


def _programs() -> Path:
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    pytest.skip("PostgreSQL is not installed: apt-get install postgresql")


def _give(folder: Path) -> list[str]:
    """The server refuses to run as root: then the folder is nobody's, and so is the command."""
    if os.geteuid() != 0:
        return []
    nobody = pwd.getpwnam("nobody")
    shutil.chown(folder, nobody.pw_uid, nobody.pw_gid)
    ids = [f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
    return ["setpriv", *ids]


def _lock_one_out(rules: Path) -> None:
    rules.write_text("host all locked 127.0.0.1/32 scram-sha-256\n" + rules.read_text())
