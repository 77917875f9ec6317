"""`/metrics` for Prometheus, computed from the board when it is scraped; nothing is kept here.

Rules: unknown is a series of its own, never a missing number that looks like health; what a late
or failed survey said counts as unknown; labels are names of the manifest and short names of live
builds, so their number is bounded by what runs.
"""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from skewcheck import __version__
from skewcheck.core.findings import Verdict
from skewcheck.ports import Clock
from skewcheck.service.api import verdict_now
from skewcheck.service.board import Board
from skewcheck.service.measured import edges, handshakes, pairs, surveyed_at

_PAIR = ("environment", "link", "client", "server")
_HANDSHAKES = ("environment", "link", "place", "version")


class Metrics:
    """Its own registry: nothing of this process is told by accident."""

    def __init__(self, board: Board, clock: Clock) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_OfBoard(board, clock))

    def routes(self) -> list[Route]:
        return [Route("/metrics", self._metrics)]

    async def _metrics(self, _: Request) -> Response:
        body = generate_latest(self._registry)
        return Response(body, headers={"Content-Type": CONTENT_TYPE_PLAIN_1_0_0})


class _OfBoard(Collector):
    def __init__(self, board: Board, clock: Clock) -> None:
        self._board, self._clock = board, clock

    def describe(self) -> list[Metric]:
        """Nothing is collected to register it."""
        return []

    def collect(self) -> Iterator[Metric]:
        build = GaugeMetricFamily("skewcheck_build_info", "Who tells this.", labels=["version"])
        build.add_metric([__version__], 1)
        yield build
        yield from self._surveys()
        yield from self._pairs()
        yield self._edges()
        yield self._handshakes()
        yield self._blocked()

    def _surveys(self) -> Iterator[Metric]:
        last = _gauge("last_survey_timestamp_seconds", "When the last survey was taken.")
        trouble = _gauge("survey_trouble", "1 while surveys fail, are late, or none was taken.")
        verdict = _gauge("verdict", "1 for the verdict of now, 0 for the others.", "verdict")
        for view in self._board.environments():
            at, now = surveyed_at(view), verdict_now(view) or Verdict.INCONCLUSIVE
            if at is not None:
                last.add_metric([view.name], at.timestamp())
            trouble.add_metric([view.name], bool(view.trouble) or at is None)
            for each in Verdict:
                verdict.add_metric([view.name, each], each == now)
        yield from (last, trouble, verdict)

    def _pairs(self) -> Iterator[Metric]:
        told = "1 where two live builds understand each other, 0 where they do not."
        fits = _family("pair_compatible", told, _PAIR)
        told = "1 where nobody knows whether they do: then pair_compatible is not told."
        unknown = _family("pair_unknown", told, _PAIR)
        for view in self._board.environments():
            for pair, fit in pairs(view).items():
                unknown.add_metric([view.name, *pair], fit == "unknown")
                if fit != "unknown":
                    fits.add_metric([view.name, *pair], fit == "yes")
        yield from (fits, unknown)

    def _edges(self) -> Metric:
        told = "For how long, at least, the edge has served an old copy; 0 where it does not."
        family = _gauge("edge_stale_seconds", told, "service")
        for view in self._board.environments():
            for service, seconds in edges(view, self._clock.now()).items():
                family.add_metric([view.name, service], seconds)
        return family

    def _handshakes(self) -> Metric:
        told = "Share of the last survey's handshakes, made as a browser makes them, that held."
        family = _family("probe_success_ratio", told, _HANDSHAKES)
        for view in self._board.environments():
            for where, (held, tried) in handshakes(view).items():
                family.add_metric([view.name, *where], held / tried)
        return family

    def _blocked(self) -> Metric:
        told = "How often the gate blocked a deploy, as the audit trail has it."
        family = CounterMetricFamily("skewcheck_blocked", told, labels=["environment"])
        for name, count in sorted(self._board.blocked.items()):
            family.add_metric([name], count)
        return family


def _gauge(name: str, told: str, *labels: str) -> GaugeMetricFamily:
    return _family(name, told, ("environment", *labels))


def _family(name: str, told: str, labels: tuple[str, ...]) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"skewcheck_{name}", told, labels=labels)
