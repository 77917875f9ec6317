"""Status over many services that each answer slowly, beside curl at the same concurrency."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.commands import HERE, PYTHON, SKEWCHECK, Command, inherited
from benchmarks.contest import Contest
from benchmarks.machine import tools
from benchmarks.many_commits import CONTRACT, Monorepo

PEAK_MIB = 200
_AT_MOST = 1.5
_AT_ONCE = 64  # as Doors.at_once
_DELAY_S = 0.05
_LINKS = 20
_CURL = ("curl", "--silent", "--show-error", "--fail")
_PARALLEL = ("--parallel", "--parallel-immediate", "--parallel-max", str(_AT_ONCE))


@contextmanager
def contests(folder: Path, services: int, rounds: int) -> Iterator[list[Contest]]:
    """The server runs as long as they do; the first contest is the one that counts."""
    repository = Monorepo(folder / "many")
    commits = repository.commit_each(services)
    with _server(commits) as port:
        repository.commit("manifests/staging.yaml", _manifest(commits, port))
        stage = _Stage(folder, repository.folder, port, services)
        yield [stage.beside_xargs(rounds), stage.beside_one_curl(rounds)]


@contextmanager
def _server(commits: list[str]) -> Iterator[int]:
    words = [str(PYTHON), "-m", "benchmarks.slow_server", str(_DELAY_S)]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=HERE.parent, stdin=pipe, stdout=pipe, text=True) as server:
        assert server.stdin
        assert server.stdout
        server.stdin.write("\n".join(commits))
        server.stdin.close()
        try:
            yield int(server.stdout.readline())
        finally:
            server.terminate()


def _path(number: int) -> str:
    return f"/{number}/version.json"


def _manifest(commits: list[str], port: int) -> str:
    each = (
        f"  service-{n}: {{build: '{commit}', url: 'http://127.0.0.1:{port}', "
        f"version_path: {_path(n)}, static: {{}}, witnesses: [edge]}}\n"
        for n, commit in enumerate(commits)
    )
    links = (
        f"  link-{n}: {{client: service-{2 * n}, server: service-{2 * n + 1}, "
        f"transport: http, contract: {CONTRACT}}}\n"
        for n in range(_LINKS)
    )
    return "".join(("schema: 1\nenvironment: staging\nservices:\n", *each, "links:\n", *links))


@dataclass(frozen=True, slots=True)
class _Stage:
    folder: Path
    repository: Path
    port: int
    services: int

    def beside_xargs(self, rounds: int) -> Contest:
        words = ("xargs", f"-P{_AT_ONCE}", "-n1", *_CURL)
        theirs = self._command(*words, says="commit", reads=self._urls("urls", "{}\n"))
        peer = f"xargs -P{_AT_ONCE} -n1 curl ({tools('xargs', 'curl')})"
        return self._contest("", theirs, peer, _AT_MOST, rounds)

    def beside_one_curl(self, rounds: int) -> Contest:
        words = (*_CURL, *_PARALLEL, "--config", "-")
        theirs = self._command(*words, says="commit", reads=self._urls("config", 'url = "{}"\n'))
        peer = f"one process: curl --parallel ({tools('curl')})"
        return self._contest(", only to compare", theirs, peer, None, rounds)

    def _contest(
        self, note: str, theirs: Command, peer: str, at_most: float | None, rounds: int
    ) -> Contest:
        return Contest(
            what=f"skewcheck status, {self.services} services of {_DELAY_S * 1000:.0f} ms{note}",
            ours=self._command(str(SKEWCHECK), "status", "staging", says="PASS"),
            theirs=theirs,
            peer=peer,
            at_most=at_most,
            rounds=rounds,
        )

    def _urls(self, name: str, line: str) -> Path:
        file = self.folder / name
        urls = (f"http://127.0.0.1:{self.port}{_path(n)}" for n in range(self.services))
        file.write_text("".join(line.format(url) for url in urls))
        return file

    def _command(self, *words: str, says: str, reads: Path | None = None) -> Command:
        own = {
            "SKEWCHECK_STATE_DIR": str(self.folder / "state"),
            "SKEWCHECK_CACHE_DIR": str(self.folder / "cache"),
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }
        variables = {**inherited(), **own}
        return Command(
            words=words, folder=self.repository, variables=variables, says=says, reads=reads
        )
