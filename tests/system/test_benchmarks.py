"""The benchmarks still work; how fast anything is, no test can say on a busy machine."""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONTESTS = (
    "skewcheck --help",
    "skewcheck status, a mistake in the manifest",
    "skewcheck gate, beside a script with gcloud",
    "skewcheck gate, beside one with curl",
    "skewcheck status, 40 services of 50 ms",
    "skewcheck status, 40 services of 50 ms: memory at its peak",
    "skewcheck status, 40 services of 50 ms, only to compare",
    "skewcheck, 20 probes at once",
    "skewcheck, 20 probes at once: CPU",
    "skewcheck, 20 probes at once: memory at its peak",
    *(f"skewcheck, {what}" for size in (10, 100) for what in (
        f"order of {size} services",
        f"plan for {size} services, beside ortools",
        f"plan for {size} services, beside clingo",
        f"plan for {size} services in deadlock, beside ortools",
        f"plan for {size} services in deadlock, beside clingo",
    )),
    "skewcheck, plan for 100 services beside one for 10",
    "skewcheck redeploy, its own time per step (19 steps)",
    "skewcheck serve, 5 commands and 5 pages at once, during a rollout: slowest acknowledgement",
    "skewcheck serve, 5 commands and 5 pages at once: slowest page",
    "skewcheck serve, 5 commands and 5 pages at once: memory after 2 bursts, beside one",
)  # fmt: skip
PEERS = {"order of": "networkx", "beside ortools": "ortools", "beside clingo": "clingo"}


def test_each_contest_has_its_row_and_none_is_left_out_silently() -> None:
    words = [sys.executable, "-m", "benchmarks", "--quick"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    rows = [line.split(" | ") for line in done.stdout.splitlines() if line.startswith("| skew")]
    assert tuple(row[0].removeprefix("| ") for row in rows) == CONTESTS
    skipped = {row[0].removeprefix("| ") for row in rows if "skipped" in row[1]}
    assert skipped == {contest for contest in CONTESTS if is_without_its_peer(contest)}


def is_without_its_peer(contest: str) -> bool:
    if contest.endswith("with gcloud"):
        return shutil.which("gcloud") is None
    peers = [package for words, package in PEERS.items() if words in contest]
    return any(find_spec(package) is None for package in peers)
