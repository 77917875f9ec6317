"""Real processes, really killed: a step is repeated only where nobody can know whether it was
done, no two processes ever act at once, and in the end nothing is left unfinished.
"""

import json
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from conformance.toy_saga import BACK, STEPS
from tests.postgres import one_of
from tests.programs import environment

ROOT = Path(__file__).parents[1]
_ENDS_WITHIN_S = 60.0
Saga: TypeAlias = subprocess.Popen[str]


@dataclass
class Bench:
    """Starts toy sagas on one database, and reads what they did."""

    folder: Path
    url: str | None
    started: ExitStack
    killed: set[int] = field(default_factory=set)

    @property
    def go(self) -> Path:
        return self.folder / "go"

    @property
    def database(self) -> Path:
        return self.folder / "state/rollouts.db"

    def start(
        self,
        rollout: str,
        scope: str = "production",
        *,
        env: dict[str, str] | None = None,
        **wishes: Any,
    ) -> Saga:
        wishes |= {"rollout": rollout, "scope": scope, "url": self.url, "go": str(self.go)}
        wishes |= {"state": str(self.folder / "state"), "ledger": str(self.folder / "ledger")}
        process = subprocess.Popen(
            [sys.executable, "-m", "conformance.toy_saga", json.dumps(wishes)],
            cwd=ROOT,
            env=environment(self.folder, **(env or {})),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.enter_context(process)
        self.started.callback(process.kill)
        return process

    def run(self, rollout: str, scope: str = "production", **wishes: Any) -> "Ended":
        return ended(self.start(rollout, scope, **wishes))

    def kill(self, saga: Saga) -> None:
        saga.kill()
        saga.wait()
        self.killed.add(saga.pid)

    def lines(self) -> list[dict[str, Any]]:
        ledger = self.folder / "ledger"
        text = ledger.read_text() if ledger.exists() else ""
        return sorted(map(json.loads, text.splitlines()), key=lambda line: line["at"])

    def begun(self) -> list[str]:
        return [line["step"] for line in self.lines() if line["event"] == "begin"]


@dataclass(frozen=True)
class Ended:
    code: int
    lines: list[str]
    errors: str


def ended(saga: Saga) -> Ended:
    out, errors = saga.communicate(timeout=_ENDS_WITHIN_S)
    return Ended(saga.returncode, out.splitlines(), errors)


def heard(saga: Saga, word: str, times: int = 1) -> None:
    """Waits until it has said so, that often."""
    assert saga.stdout is not None
    for line in saga.stdout:
        times -= line.strip() == word
        if not times:
            return
    pytest.fail(f"it ended without {word!r}")


@pytest.fixture(params=["sqlite", "postgres"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    url = one_of(request.config).database() if request.param == "postgres" else None
    with ExitStack() as started:
        yield Bench(tmp_path, url, started)


@pytest.mark.parametrize(("phase", "times"), [("before", 1), ("after", 2)])
def test_killed_at_every_step_it_repeats_only_what_was_not_recorded(
    bench: Bench, phase: str, times: int
) -> None:
    for step in STEPS:
        assert bench.run("r1", dies=f"{step} {phase}").code == -signal.SIGKILL
    assert bench.run("r1", dies=f"{STEPS[-1]} recorded").code == -signal.SIGKILL
    last = bench.run("r1")
    assert (last.code, last.lines[-1], last.errors) == (0, "result succeeded", "")
    assert bench.begun() == [step for step in STEPS for _ in range(times)]


def test_killed_on_its_way_back_it_goes_on_back(bench: Bench) -> None:
    for step in BACK:
        for phase in ("before", "after"):
            killed = bench.run("r1", fails="shift", dies=f"{step} {phase}")
            assert killed.code == -signal.SIGKILL
    assert bench.run("r1").lines[-1] == "result rolled back"
    forth = STEPS[: STEPS.index("shift") + 1]
    assert bench.begun() == [*forth, *(step for step in BACK for _ in range(2))]


def test_all_who_press_at_once_get_one_rollout(bench: Bench) -> None:
    """None gets on before all have pressed."""
    sagas = [bench.start(f"r{number}", waits="deploy") for number in range(4)]
    rollouts = {next(iter(saga.stdout or [])) for saga in sagas}
    bench.go.touch()
    ends = [ended(saga) for saga in sagas]
    assert len(rollouts) == 1
    assert {(each.code, each.lines[-1], each.errors) for each in ends} == {
        (0, "result succeeded", "")
    }
    assert bench.begun() == list(STEPS)


def test_who_comes_in_mid_step_waits_and_acts_not(bench: Bench) -> None:
    first = bench.start("r1", waits="shift")
    heard(first, "holds")
    second = bench.start("r2")
    heard(second, "waits", times=5)
    bench.go.touch()
    assert (ended(first).lines[-1], ended(second).lines[-1]) == ("result succeeded",) * 2
    assert bench.begun() == list(STEPS)
    assert {line["pid"] for line in bench.lines()} == {first.pid}


def test_who_waits_takes_over_from_one_that_dies(bench: Bench) -> None:
    first = bench.start("r1", waits="shift")
    heard(first, "holds")
    second = bench.start("r2")
    heard(second, "waits")
    bench.kill(first)
    assert ended(second).lines[-1] == "result succeeded"
    at = STEPS.index("shift")
    assert bench.begun() == [*STEPS[: at + 1], *STEPS[at:]]


def test_an_interrupt_ends_at_once_and_leaves_it_to_be_carried_on(bench: Bench) -> None:
    first = bench.start("r1", waits="shift")
    heard(first, "holds")
    first.send_signal(signal.SIGINT)
    stopped = ended(first)
    assert (stopped.code, stopped.errors) == (130, "")
    assert bench.run("r2").lines == ["rollout r1", "result succeeded"]
    at = STEPS.index("shift")
    assert bench.begun() == [*STEPS[: at + 1], *STEPS[at:]]


def test_another_environments_rollout_is_left_to_those_who_want_it(bench: Bench) -> None:
    assert bench.run("r1", "staging", dies="probe before").code == -signal.SIGKILL
    assert bench.run("r1", "production").lines[-1] == "result succeeded"
    by_scope = Counter(line["scope"] for line in bench.lines() if line["event"] == "begin")
    assert by_scope == {"staging": 1, "production": len(STEPS)}
    assert bench.run("r2", "staging").lines == ["rollout r1", "result succeeded"]


def test_it_is_resumed_whatever_dbos_takes_itself_for(bench: Bench) -> None:
    """DBOS would name version and executor by its own release, the code, or these variables; and
    resumes only what has the same names."""
    assert bench.run("r1", dies="shift before").code == -signal.SIGKILL
    renamed = {"DBOS__APPVERSION": "another", "DBOS__VMID": "another", "DBOS__APPID": "another"}
    assert bench.run("r1", env=renamed).lines[-1] == "result succeeded"
    assert bench.begun() == list(STEPS)


@pytest.mark.parametrize("bench", ["sqlite"], indirect=True)
def test_a_full_disk_is_told_and_costs_nothing_but_time(bench: Bench) -> None:
    assert bench.run("r1", only_submits=True).code == 0
    limit = bench.database.stat().st_size + 150_000  # room for one step
    full = bench.run("r1", file_limit=limit)
    assert full.code == 1
    assert "rollouts.db: " in full.errors
    assert "Hint: make room (df -h " in full.errors
    assert "Traceback" not in full.errors
    assert bench.run("r1").lines[-1] == "result succeeded"
    begun = bench.begun()
    assert list(dict.fromkeys(begun)) == list(STEPS)
    assert len(begun) <= len(STEPS) + 1


def test_under_random_kills_nothing_overlaps_and_nothing_stays_unfinished(bench: Bench) -> None:
    """Three processes at any time, over two environments."""
    dice, scopes = random.Random(7), ("staging", "production")  # noqa: S311 - repeatable
    running: list[Saga] = []
    for number in range(12):
        scope = dice.choice(scopes)
        running.append(bench.start(f"r{number}", scope, takes_s=0.05))
        if len(running) == 3:
            victim = running.pop(dice.randrange(3))
            threading.Event().wait(dice.uniform(0.2, 1.2))
            bench.kill(victim)
    assert [ended(saga).code for saga in running] == [0] * len(running)
    for scope in scopes:
        assert bench.run("last", scope).lines[-1] == "result succeeded"
    assert overlaps(bench) == []
    assert unfinished(bench) == []


def overlaps(bench: Bench) -> list[dict[str, Any]]:
    """Effects that began in an environment while another process was at one, and alive."""
    acting: dict[str, int] = {}
    found = []
    last_seen = {line["pid"]: line["at"] for line in bench.lines()}
    for line in bench.lines():
        scope, pid = line["scope"], line["pid"]
        other = acting.get(scope, pid)
        dead = other in bench.killed and last_seen[other] < line["at"]
        if other != pid and not dead:
            found.append(line)
        if line["event"] == "begin":
            acting[scope] = pid
        else:
            acting.pop(scope, None)
    return found


def unfinished(bench: Bench) -> list[str]:
    """Rollouts whose last effect is not the last step, or whose steps are out of order."""
    steps: dict[tuple[str, str], list[str]] = {}
    for line in bench.lines():
        if line["event"] == "begin":
            steps.setdefault((line["scope"], line["order"]), []).append(line["step"])
    return [
        f"{scope}/{order}: {begun}"
        for (scope, order), begun in steps.items()
        if list(dict.fromkeys(begun)) != list(STEPS) or sorted(begun, key=STEPS.index) != begun
    ]
