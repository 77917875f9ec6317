"""Carries a redeploy out in this process, as the command does, but with less patience: what never
ends is given up after seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from conformance.rolling import SERVICES, Rolling
from skewcheck import wiring
from skewcheck.adapters.cloud_cdn import CloudCdn
from skewcheck.adapters.cloud_run_writes import CloudRunWrites, WriteLimits
from skewcheck.core.question import CandidateWanted
from skewcheck.core.rollout.view import RolloutView
from skewcheck.flows.doors import Doors
from skewcheck.flows.load import Loaded
from skewcheck.flows.plan import plan_from, survey_for_plan
from skewcheck.flows.redeploy import Asker, find_run, follow, order_from, start, view_of
from skewcheck.flows.rollout.hands import Hands, Patience
from skewcheck.google_api.patience import Endurance
from skewcheck.settings import read_settings
from skewcheck.wiring.rollout import Bench, opened_for_rollouts

_PATIENCE = Patience(probe=30, confirm=5, edge=4, build=10, longest_pause=1)
_LIMITS = WriteLimits(
    ready_s=10, shift_s=3, give_way_s=1, call_s=10, pause_s=0.2, longest_pause_s=1
)
_ENDURANCE = Endurance(seconds=3, pause_s=0.2, longest_pause_s=1)


class ImpatientBench(Bench):
    """The wiring's own, with other limits."""

    def hands(self, doors: Doors | None = None, loaded: Loaded | None = None) -> Hands:
        clock, endpoint = self.doors.clock, self.settings.gcp_endpoint
        return replace(
            super().hands(doors, loaded),
            patience=_PATIENCE,
            writes=CloudRunWrites(clock=clock, endpoint=endpoint, limits=_LIMITS),
            invalidations=CloudCdn(clock=clock, endpoint=endpoint, endurance=_ENDURANCE),
        )


@dataclass(frozen=True, kw_only=True)
class Impatient:
    """Somebody who redeploys a scene's `bridge` that way; the state is that of its commands."""

    scene: Rolling

    def redeploy(self) -> RolloutView:
        settings = read_settings(self._variables())
        source = wiring.Source(repo=self.scene.world.repository, ref="HEAD", policy_ref=None)
        with opened_for_rollouts(settings, source, "staging") as usual:
            bench = ImpatientBench(
                settings=usual.settings,
                source=usual.source,
                environment=usual.environment,
                doors=usual.doors,
                loaded=usual.loaded,
                allow_commands=usual.allow_commands,
            )
            return self._carried_out(bench)

    def _carried_out(self, bench: Bench) -> RolloutView:
        build = self.scene.world.history.bridge
        wanted = tuple(CandidateWanted(service=name, named=build) for name in SERVICES)
        planned = plan_from(survey_for_plan(bench.doors, bench.loaded, wanted), {})
        asker = Asker(rollout=bench.new_rollout(), who=bench.who, why="")
        rollout = start(bench.engine, order_from(bench.loaded, planned, asker))
        follow(bench.engine, rollout, bench.body, lambda _: None)
        return view_of(bench.engine, find_run(bench.engine, "staging", rollout))

    def _variables(self) -> Mapping[str, str]:
        own = {"SKEWCHECK_STATE_DIR": str(self.scene.home / "state")}
        return {**self.scene.env, **own, "USER": "ada"}
