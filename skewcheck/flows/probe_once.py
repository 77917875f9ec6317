"""One probe: its token, its request, its transcript; and the same again, side by side."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import uuid4

from skewcheck.core.probe.experiments import Experiment
from skewcheck.core.probe.kits import ProbePlan
from skewcheck.core.probe.ways import origin_of
from skewcheck.core.probed.probes import Probed
from skewcheck.core.wire.script import AS_A_BROWSER, MADE_UP_TOKEN, Patience, ProbeRequest, vary
from skewcheck.core.wire.secret import Secret
from skewcheck.core.wire.transcript import Transcript
from skewcheck.flows.doors import Doors
from skewcheck.ports import NoToken

Tried: TypeAlias = Transcript | NoToken
WhileOpen: TypeAlias = Callable[[], "Future[object]"]
_MOST_REPEATS, _LEAST_TRIES = 3, 3


@dataclass(frozen=True, slots=True)
class ProbeRun:
    """What every probe of one link goes through; `used` are the tokens that were sent."""

    doors: Doors
    pool: Executor
    plan: ProbePlan
    used: list[Secret] = field(default_factory=list)

    def start(self, experiment: Experiment, while_open: WhileOpen | None) -> list["Future[Tried]"]:
        """A cold candidate's first handshake goes alone, and gets the time of a cold start."""
        patience = Patience()
        is_cold = experiment.target.place == "candidate" and experiment.variant == AS_A_BROWSER
        if is_cold:
            patience = Patience(answer_s=self.plan.rule.cold_start.total_seconds())
        first = self._submit(experiment, patience, while_open)
        if is_cold:
            first.exception()
        return [first, *(self._submit(experiment) for _ in range(experiment.times - 1))]

    def repeat(self, experiment: Experiment, transcripts: list[Transcript]) -> list[Tried]:
        """One that fails is repeated, to tell flaky from broken."""
        failed = len(transcripts) - probed_of(experiment, transcripts).held
        if experiment.variant != AS_A_BROWSER or not failed:
            return []
        times = max(min(failed, _MOST_REPEATS), _LEAST_TRIES - len(transcripts))
        return [each.result() for each in [self._submit(experiment) for _ in range(times)]]

    def token(self) -> Secret | NoToken:
        if self.plan.token is None:
            return NoToken(why="the manifest names no token", fix=f"links.{self.plan.link}.token")
        return self.doors.tokens.token(self.plan.token)

    def once(
        self,
        experiment: Experiment,
        patience: Patience,
        while_open: WhileOpen | None = None,
    ) -> Tried:
        """NoToken where none could be had for it. The made-up token may go anywhere; the real
        one goes to trusted places only: the plan has made sure of that, and this does again."""
        token: Secret | None = None
        if vary(experiment.format.script, experiment.variant).needs_token:
            got = self._token_for(experiment)
            if isinstance(got, NoToken):
                return got
            token = got
        request = ProbeRequest(
            id=uuid4().hex[:12],
            target=experiment.target,
            origin=self.plan.origin,
            script=experiment.format.script,
            variant=experiment.variant,
            patience=patience,
        )
        return self.doors.prober.probe(request, token, while_open=while_open)

    def _token_for(self, experiment: Experiment) -> Secret | NoToken:
        if experiment.variant.is_harmless:
            return Secret(MADE_UP_TOKEN)
        origin = origin_of(experiment.target.url)
        if origin not in self.plan.trusted:
            return NoToken(why=f"{origin} may not be sent it", fix="name it in the manifest first")
        got = self.token()
        if isinstance(got, Secret):
            self.used.append(got)
        return got

    def _submit(
        self,
        experiment: Experiment,
        patience: Patience | None = None,
        while_open: WhileOpen | None = None,
    ) -> "Future[Tried]":
        return self.pool.submit(self.once, experiment, patience or Patience(), while_open)


def probed_of(experiment: Experiment, transcripts: list[Transcript]) -> Probed:
    return Probed(
        format=experiment.format,
        target=experiment.target,
        variant=experiment.variant,
        transcripts=tuple(transcripts),
    )
