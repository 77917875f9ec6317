"""Children that carry rollouts out: one for each environment, heard to their end, gone with us."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from skewcheck.adapters.carriers import ChildCarriers
from skewcheck.ports.service import Carriers
from tests.carrier_fakes import FakeCarriers
from tests.processes import waited_for

# A program that says what it was given, and then does as the file of its environment says: waits
# until that is there, and ends with the code in it.
CHILD = """
import json, os, pathlib, sys, time
folder, words = pathlib.Path(sys.argv[1]), sys.argv[2:]
told = {"words": words, "env": dict(os.environ), "pid": os.getpid(), "pgid": os.getpgid(0)}
(folder / "told.tmp").write_text(json.dumps(told))
(folder / "told.tmp").rename(folder / f"{words[2]}.told")
ends = folder / f"{words[2]}.ends"
while not ends.exists():
    time.sleep(0.01)
code, said = json.loads(ends.read_text())
sys.stdout.write("for nobody" * 100_000)
sys.stderr.write(said)
sys.exit(code)
"""
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"


@dataclass
class Children:
    """The adapter with such a program, in a folder of its own."""

    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    program: str = CHILD

    def __post_init__(self) -> None:
        script = self.folder / "child.py"
        script.write_text(self.program)
        given = {"PATH": os.defpath, **self.variables}
        program = (sys.executable, str(script), str(self.folder))
        self.carriers = ChildCarriers(["--repo", "/acme"], given, program=program)

    def told(self, environment: str = "staging") -> dict[str, object]:
        file = self.folder / f"{environment}.told"
        assert waited_for(file.exists)
        read: dict[str, object] = json.loads(file.read_text())
        return read

    def end(self, environment: str, code: int = 0, words: str = "") -> None:
        half = self.folder / "ends.tmp"
        half.write_text(json.dumps([code, words]))
        half.rename(self.folder / f"{environment}.ends")


@pytest.fixture
def children(tmp_path: Path) -> Iterator[Children]:
    made = Children(tmp_path)
    yield made
    made.carriers.stop()


class CarriersContract(ABC):
    """What the flows of the service rely on."""

    @pytest.fixture
    @abstractmethod
    def carriers(self) -> Carriers: ...

    @abstractmethod
    def end(self, environment: str, code: int, words: str) -> None: ...

    def has_ended(self, carriers: Carriers, environment: str) -> bool:
        return waited_for(lambda: environment not in carriers.running())

    def test_nothing_runs_before_it_is_started(self, carriers: Carriers) -> None:
        assert (carriers.running(), dict(carriers.ended())) == (frozenset(), {})

    def test_each_environment_has_one(self, carriers: Carriers) -> None:
        for name in ("staging", "production", "staging"):
            carriers.start(name)
        assert carriers.running() == {"staging", "production"}

    def test_its_end_is_told_once_with_its_last_words(self, carriers: Carriers) -> None:
        carriers.start("staging")
        self.end("staging", 12, "rolled back")
        assert self.has_ended(carriers, "staging")
        assert dict(carriers.ended()) == {"staging": (12, "rolled back")}
        assert dict(carriers.ended()) == {}

    def test_one_whose_end_nobody_has_heard_is_not_started_anew(self, carriers: Carriers) -> None:
        carriers.start("staging")
        self.end("staging", 0, "")
        assert self.has_ended(carriers, "staging")
        carriers.start("staging")
        assert carriers.running() == frozenset()
        assert list(carriers.ended()) == ["staging"]

    def test_once_it_was_heard_it_can_be_started_again(self, carriers: Carriers) -> None:
        carriers.start("staging")
        self.end("staging", 0, "")
        assert self.has_ended(carriers, "staging")
        carriers.ended()
        carriers.start("staging")
        assert self.has_ended(carriers, "staging") or carriers.running() == {"staging"}

    def test_what_is_stopped_is_gone_and_not_told_as_ended(self, carriers: Carriers) -> None:
        carriers.start("staging")
        carriers.stop()
        assert (carriers.running(), dict(carriers.ended())) == (frozenset(), {})

    def test_once_stopped_nothing_starts_any_more(self, carriers: Carriers) -> None:
        carriers.stop()
        carriers.start("staging")
        assert (carriers.running(), dict(carriers.ended())) == (frozenset(), {})


class TestChildren(CarriersContract):
    @pytest.fixture
    def carriers(self, tmp_path: Path) -> Iterator[Carriers]:
        self.children = Children(tmp_path)
        yield self.children.carriers
        self.children.carriers.stop()

    def end(self, environment: str, code: int, words: str) -> None:
        self.children.end(environment, code, words)


class TestFake(CarriersContract):
    @pytest.fixture
    def carriers(self) -> Carriers:
        self.fake = FakeCarriers()
        return self.fake

    def end(self, environment: str, code: int, words: str) -> None:
        self.fake.end(environment, code, words)

    def has_ended(self, carriers: Carriers, environment: str) -> bool:
        return environment not in carriers.running() or not carriers.ended()


def test_a_child_resumes_what_is_unfinished_in_its_environment(children: Children) -> None:
    children.carriers.start("staging")
    assert children.told()["words"] == ["rollouts", "resume", "staging", "--repo", "/acme"]


def test_a_child_gets_our_variables_without_the_secrets_of_slack(tmp_path: Path) -> None:
    variables = {"SKEWCHECK_SLACK_BOT_TOKEN": "xoxb-1", "SKEWCHECK_STATE_URL": "postgresql://"}
    children = Children(tmp_path, variables)
    children.carriers.start("staging")
    env = children.told()["env"]
    children.carriers.stop()
    assert isinstance(env, dict)
    assert env["SKEWCHECK_STATE_URL"] == "postgresql://"
    assert not [name for name in env if "SLACK" in name]


def test_a_child_is_in_our_process_group_so_that_it_ends_with_it(children: Children) -> None:
    children.carriers.start("staging")
    assert children.told()["pgid"] == os.getpgid(0)


def test_only_the_end_of_its_words_is_kept_and_nothing_that_a_terminal_obeys(
    children: Children,
) -> None:
    children.carriers.start("staging")
    children.end("staging", 1, "\n".join([f"line {n}" for n in range(9)]) + "\n\x1b[2Jlost" + "!")
    assert waited_for(lambda: not children.carriers.running())
    code, words = children.carriers.ended()["staging"]
    assert code == 1
    assert words.splitlines() == ["line 5", "line 6", "line 7", "line 8", "\\x1b[2Jlost!"]


def test_a_child_that_talks_much_is_not_held_up_and_not_remembered_whole(
    children: Children,
) -> None:
    children.carriers.start("staging")
    children.end("staging", 1, "x" * 1_000_000)
    assert waited_for(lambda: not children.carriers.running())
    assert len(children.carriers.ended()["staging"][1]) == 2000


def test_a_child_that_would_not_listen_is_gone_at_once(tmp_path: Path) -> None:
    children = Children(tmp_path, program=DEAF + CHILD)
    children.carriers.start("staging")
    pid = children.told()["pid"]
    assert isinstance(pid, int)
    children.carriers.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_killed_process_group_takes_the_children_with_it(tmp_path: Path) -> None:
    """As when a container is killed: nobody is asked."""
    folder = tmp_path / "children"
    folder.mkdir()
    (folder / "child.py").write_text(CHILD)
    parent = textwrap.dedent(
        f"""
        import os, sys, threading
        from skewcheck.adapters.carriers import ChildCarriers
        program = (sys.executable, {str(folder / "child.py")!r}, {str(folder)!r})
        ChildCarriers([], dict(os.environ), program=program).start("staging")
        threading.Event().wait(60)
        """
    )
    process = subprocess.Popen([sys.executable, "-c", parent], start_new_session=True)
    told = folder / "staging.told"
    assert waited_for(told.exists)
    pid = int(json.loads(told.read_text())["pid"])
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert waited_for(lambda: _is_gone(pid))


def _is_gone(pid: int) -> bool:
    """Also where nobody has reaped it yet."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return True


def test_the_usual_program_is_skewcheck_itself_from_wherever_we_stand(tmp_path: Path) -> None:
    """And nothing that lies there is imported, whoever put it there."""
    (tmp_path / "click.py").write_text("raise SystemExit('imported from the current directory')")
    program = textwrap.dedent(
        """
        import os
        from skewcheck.adapters.carriers import ChildCarriers
        carriers = ChildCarriers(["--repo", "nowhere"], dict(os.environ))
        carriers.start("staging")
        while not (ended := carriers.ended()):
            pass
        print(ended["staging"])
        """
    )
    script = tmp_path.parent / f"{tmp_path.name}.py"
    script.write_text(program)
    ended = subprocess.run(
        [sys.executable, "-P", str(script)],
        cwd=tmp_path,
        env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(tmp_path)},  # noqa: TID251
        capture_output=True,
        text=True,
        check=True,
    )
    assert "nowhere" in ended.stdout
    assert "imported from the current directory" not in ended.stdout
    assert ended.stdout.startswith("(2, ")
