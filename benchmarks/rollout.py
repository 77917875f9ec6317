"""What a rollout costs beside what it does: a real redeploy on the local Google Cloud, each step
timed from the inside (its effects) and from the outside (deciding, recording, coming back).
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median

from benchmarks.contest import Row
from skewcheck import wiring
from skewcheck.cli.local_cloud import local_world
from skewcheck.core.question import CandidateWanted
from skewcheck.core.strict_json import Json
from skewcheck.flows.plan import plan_from, survey_for_plan
from skewcheck.flows.redeploy import Asker, order_from, start
from skewcheck.ports.rollout import Record
from skewcheck.sandbox.world import World
from skewcheck.settings import read_settings
from skewcheck.wiring.rollout import Bench, opened_for_rollouts

_AT_MOST = 0.10


class _Watch:
    """Wraps a run's body: how long its acts took, and everything else between them."""

    def __init__(self, bench: Bench) -> None:
        self.effects: list[float] = []
        self.rest: list[float] = []
        self._bench = bench

    def body(self, order: Json, record: Record) -> Json:
        left = time.perf_counter()

        def timed(key: str, act: Callable[[], Json]) -> Json:
            nonlocal left
            inside = [0.0]

            def watched() -> Json:
                began = time.perf_counter()
                try:
                    return act()
                finally:
                    inside[0] = time.perf_counter() - began

            recorded = record(key, watched)
            now = time.perf_counter()
            self.effects.append(inside[0])
            self.rest.append(now - left - inside[0])
            left = now
            return recorded

        return self._bench.body(order, timed)


def rows(rounds: int, told: Callable[[str], None]) -> Iterator[Row]:
    """One row over all steps of all rounds."""
    effects, rest, steps = list[float](), list[float](), 0
    for number in range(rounds):
        told(f"rollout: redeploy {number + 1} of {rounds}")
        watch = _redeployed()
        effects.append(sum(watch.effects))
        rest.append(sum(watch.rest))
        steps = len(watch.effects)
    ratios = [mine / theirs for mine, theirs in zip(rest, effects, strict=True)]
    own, done = median(rest) / steps, median(effects) / steps
    yield Row(
        what=f"skewcheck redeploy, its own time per step ({steps} steps)",
        peer="the effects of a step",
        ours=f"{1000 * own:.1f} ms",
        theirs=f"{1000 * done:.0f} ms",
        ratio=f"{own / done:.3f}",
        pairs=f"{min(ratios):.3f} to {max(ratios):.3f}",
        target=f"≤ {_AT_MOST:.2f}",
        holds=own / done <= _AT_MOST,
    )


def _redeployed() -> _Watch:
    with (
        tempfile.TemporaryDirectory() as folder,
        local_world(Path(folder), lingers="1s") as (
            world,
            variables,
        ),
    ):
        world.cloud.behind = timedelta(days=2)
        world.deploy_frontend(world.history.new_frontend)
        world.deploy_backend(world.history.new_backend)
        world.cloud.behind = timedelta(0)
        source = wiring.Source(repo=world.repository)
        settings = read_settings(variables)
        with opened_for_rollouts(settings, source, "staging") as bench:
            return _followed(bench, world)


def _followed(bench: Bench, world: World) -> _Watch:
    wanted = tuple(
        CandidateWanted(service=name, named=world.history.bridge)
        for name in ("frontend", "backend")
    )
    planned = plan_from(survey_for_plan(bench.doors, bench.loaded, wanted), {})
    asker = Asker(rollout=bench.new_rollout(), who="benchmarks", why="to time it")
    order = order_from(bench.loaded, planned, asker)
    watch = _Watch(bench)
    ended = bench.engine.drive(start(bench.engine, order), watch.body, watch=lambda _: None)
    if ended != {"outcome": "succeeded"}:
        raise RuntimeError(f"the redeploy that was to be timed ended with {ended}")
    return watch
