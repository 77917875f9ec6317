"""`python -m benchmarks`: every contest, one table; exit 1 where a target is missed.

With --quick each runs once, over fewer services, and nothing is demanded: it only shows that the
benchmarks themselves still work.
"""

import argparse
import compileall
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import skewcheck
from benchmarks import gate, many_probes, many_services, planner, rollout, service, start_up
from benchmarks.commands import Run
from benchmarks.contest import Contest, Row, run
from benchmarks.machine import describe, has
from benchmarks.table import render

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class _Effort:
    start_up: int
    gate: int
    many: int
    services: int
    probes: int
    planned: tuple[int, ...]
    crowd: int
    enforced: bool


_WHOLE = _Effort(
    start_up=21,
    gate=7,
    many=5,
    services=1000,
    probes=200,
    planned=planner.SIZES,
    crowd=200,
    enforced=True,
)
_QUICK = _Effort(
    start_up=1, gate=1, many=1, services=40, probes=20, planned=(10, 100), crowd=5, enforced=False
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one run each, no targets")
    effort = _QUICK if parser.parse_args().quick else _WHOLE
    _compile()
    with tempfile.TemporaryDirectory(prefix="skewcheck-bench-") as folder:
        rows = list(_rows(Path(folder), effort))
    print(f"skewcheck {skewcheck.__version__} on {describe()}\n\n{render(rows)}")
    missed = [row.what for row in rows if row.holds is False]
    if missed:
        _tell(f"\ntargets missed: {'; '.join(missed)}")
    return 1 if missed else 0


def _compile() -> None:
    """Both sides start from bytecode, also where the environment forbids writing it."""
    package = Path(skewcheck.__file__).parent
    for folder in (sysconfig.get_path("purelib"), package):
        compileall.compile_dir(str(folder), quiet=2)


def _rows(folder: Path, effort: _Effort) -> Iterator[Row]:
    for contest in start_up.contests(folder, effort.start_up):
        yield _run(contest, effort)[0]
    with gate.contests(folder, effort.gate) as contests:
        if not has("gcloud"):
            yield Row(what=gate.WITH_GCLOUD, peer="**skipped: gcloud not installed**", ours="")
        for contest in contests:
            yield _run(contest, effort)[0]
    with many_services.contests(folder, effort.services, effort.many) as contests:
        for contest in contests:
            row, pairs = _run(contest, effort)
            ours = [one for one, _ in pairs]
            yield row
            if contest.at_most:
                yield _memory(contest.what, ours, effort)
    with many_probes.contests(folder, effort.probes, effort.many) as contests:
        for contest in contests:
            row, pairs = _run(contest, effort)
            yield row
            yield from _cost(contest.what, pairs)
    for row in _within(effort):
        yield row if effort.enforced else replace(row, holds=None)


def _within(effort: _Effort) -> Iterator[Row]:
    """Contests that start no command."""
    yield from planner.rows(effort.planned, effort.many, _tell)
    yield from rollout.rows(effort.many, _tell)
    yield from service.rows(effort.crowd, max(2, effort.many), _tell)


def _run(contest: Contest, effort: _Effort) -> tuple[Row, list[tuple[Run, Run]]]:
    row, pairs = run(contest, warm=effort.enforced, told=_tell)
    return (row if effort.enforced else replace(row, holds=None)), pairs


def _cost(what: str, pairs: Sequence[tuple[Run, Run]]) -> Iterator[Row]:
    """CPU and memory of both sides, which set no target: ours keeps every event."""
    cpu = [median(run.cpu_seconds for run in side) for side in zip(*pairs, strict=True)]
    peak = [max(run.peak_bytes for run in side) / _MIB for side in zip(*pairs, strict=True)]
    for name, (ours, theirs), unit in (("CPU", cpu, "s"), ("memory at its peak", peak, "MiB")):
        digits = 2 if unit == "s" else 0
        yield Row(
            what=f"{what}: {name}",
            peer="the same",
            ours=f"{ours:.{digits}f} {unit}",
            theirs=f"{theirs:.{digits}f} {unit}",
            ratio=f"{ours / theirs:.2f}",
        )


def _memory(what: str, ours: Sequence[Run], effort: _Effort) -> Row:
    peak = max(each.peak_bytes for each in ours) / _MIB
    return Row(
        what=f"{what}: memory at its peak",
        peer="",
        ours=f"{peak:.0f} MiB",
        target=f"≤ {many_services.PEAK_MIB} MiB",
        holds=peak <= many_services.PEAK_MIB if effort.enforced else None,
    )


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


sys.exit(main())
