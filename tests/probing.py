"""Probes a real server and climbs the ladder, as the tests of whole systems need it."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from skewcheck.adapters.clock import SystemClock
from skewcheck.adapters.websocket_prober import WebSocketProber
from skewcheck.core.findings import Code
from skewcheck.core.judge.probe_causes import Cause, find_cause
from skewcheck.core.ladder.climb import Ladder, Rung, climb
from skewcheck.core.ladder.rungs_above import gone_after_welcome
from skewcheck.core.probe.experiments import Experiment, Kit, next_experiments
from skewcheck.core.probed.probes import Format, LinkProbe, Probed
from skewcheck.core.wire.script import (
    AS_A_BROWSER,
    Patience,
    ProbeRequest,
    Script,
    Target,
    Variant,
)
from skewcheck.core.wire.secret import Secret
from skewcheck.core.wire.transcript import Answered, Closed, Transcript

ORIGIN = "https://app.example"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One probe and what it was asked for."""

    transcript: Transcript
    script: Script
    variant: Variant

    @property
    def ladder(self) -> Ladder:
        return climb(self.transcript, self.script, self.variant)

    @property
    def holds(self) -> bool:
        return self.ladder.holds

    @property
    def failure(self) -> tuple[Rung, Code | None] | None:
        failed = self.ladder.failed
        return (failed.rung, failed.code) if failed else None

    @property
    def told(self) -> str:
        """What the ladder says about the failure, evidence included."""
        failed = self.ladder.failed
        return "\n".join((failed.told, *failed.evidence)) if failed else "it holds"

    @property
    def status(self) -> int | None:
        answered = self.transcript.first(Answered)
        return answered.status if answered else None

    @property
    def close(self) -> int | None:
        """The code with which the server ended it."""
        first = self.transcript.first(Closed)
        return first.code if first and first.by == "server" else None

    @property
    def cut_after_s(self) -> float | None:
        """From the welcome; None where it lived until we left."""
        return gone_after_welcome(self.transcript, self.script)


@dataclass(frozen=True)
class Link:
    """An edge, what stands behind it, and the token that opens both."""

    edge: str
    direct: str
    script: Script
    token: str

    def cause(self) -> Cause:
        """Every experiment that may tell something is made; what they say about the edge."""
        form = Format(fingerprint="sha256:1", version="1", script=self.script)
        edge, direct = Target(place="edge", url=self.edge), Target(place="direct", url=self.direct)
        kit = Kit(pairs=((form, edge),), directs=(direct,), handshakes=1)
        done: tuple[Probed, ...] = ()
        while wanted := next_experiments(kit, done):
            done += tuple(map(self._make, wanted))
        made = LinkProbe(link="chat", client="frontend", server="backend", probed=done)
        return find_cause(made, done[0])

    def _make(self, wanted: Experiment) -> Probed:
        seen = probe(wanted.target.url, self.script, token=self.token, variant=wanted.variant)
        return Probed(
            format=wanted.format,
            target=wanted.target,
            variant=wanted.variant,
            transcripts=(seen.transcript,),
        )


def probe(
    url: str,
    script: Script,
    *,
    token: str = "",
    variant: Variant = AS_A_BROWSER,
    origin: str = ORIGIN,
    answer_s: float = 10.0,
    while_open: Callable[[], "Future[object]"] | None = None,
) -> Seen:
    request = ProbeRequest(
        id="test",
        target=Target(place="edge", url=url),
        origin=origin,
        script=script,
        variant=variant,
        patience=Patience(answer_s=answer_s),
    )
    prober = WebSocketProber(clock=SystemClock())
    transcript = prober.probe(request, Secret(token) if token else None, while_open=while_open)
    return Seen(transcript=transcript, script=script, variant=variant)
