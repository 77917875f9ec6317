"""Making Cloud CDN forget: one contract for the fake and the adapter, and what gets in the way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import pytest

from skewcheck.adapters.clock import SystemClock
from skewcheck.adapters.cloud_cdn import CloudCdn
from skewcheck.core.errors import ActionFailedError
from skewcheck.core.rollout.order import EdgeOrder
from skewcheck.google_api.patience import Endurance
from skewcheck.google_api.rest import Limits
from skewcheck.ports.rollout import Invalidations
from skewcheck.sandbox.api import faults
from skewcheck.sandbox.api.compute import Compute
from skewcheck.sandbox.api.faults import Fault, Faults
from skewcheck.sandbox.api.http import ControlPlane, Moment
from skewcheck.sandbox.edges.edge import Edge
from skewcheck.sandbox.errors import ApiError
from skewcheck.sandbox.url_maps import UrlMaps
from tests.rollout_fakes import FakeInvalidations

HOST = "app.staging.acme.example"
QUICK = Endurance(seconds=10, pause_s=0.005, longest_pause_s=0.02)
SENT = {"method": "POST", "path": "/invalidateCache"}


def edge(*paths: str, **changed: Any) -> EdgeOrder:
    said = {"project": "acme-staging", "url_map": "acme-web", "host": HOST}
    return EdgeOrder(paths=paths, **(said | changed))


@dataclass
class Cdn:
    """One edge behind one URL map, in the sandbox's words."""

    maps: UrlMaps
    plane: ControlPlane

    def adapter(self, endurance: Endurance = QUICK, **limits: Any) -> CloudCdn:
        limited = Limits(retries=0, **limits)
        where = self.plane.url
        return CloudCdn(clock=SystemClock(), endpoint=where, limits=limited, endurance=endurance)

    @property
    def rules(self) -> list[dict[str, Any]]:
        """What was asked for, without its host, which must be there."""
        rules = [dict(rule) for rule in self.maps.rules()]
        assert all(rule.pop("host") == HOST for rule in rules)
        return rules

    @property
    def paths(self) -> list[str]:
        return [rule["path"] for rule in self.rules]

    @property
    def sent(self) -> int:
        return sum("/invalidateCache" in target for _, target in self.plane.calls)


@pytest.fixture
def cdn() -> Iterator[Cdn]:
    maps = UrlMaps(takes=0.01)
    maps.add(Edge(HOST, "acme-web", lambda: 9))
    plane = ControlPlane(Compute(maps).routes(), Faults())
    yield Cdn(maps, plane)
    maps.close()
    plane.close()


class World(Protocol):
    @property
    def invalidations(self) -> Invalidations: ...
    @property
    def asked(self) -> int: ...


@dataclass
class Fake:
    invalidations: FakeInvalidations = field(default_factory=FakeInvalidations)

    @property
    def asked(self) -> int:
        return len(self.invalidations.asked)


@dataclass
class Real:
    cdn: Cdn
    invalidations: CloudCdn

    @property
    def asked(self) -> int:
        return len(self.cdn.maps.rules())


@pytest.fixture(params=["fake", "cloud cdn"])
def world(request: pytest.FixtureRequest, cdn: Cdn) -> World:
    return Fake() if request.param == "fake" else Real(cdn, cdn.adapter())


class TestInvalidations:
    def test_the_operation_is_told(self, world: World) -> None:
        assert world.invalidations.invalidate(edge("/*"), key="r-1/web").evidence
        assert world.asked == 1

    def test_the_same_key_asks_once(self, world: World) -> None:
        first = world.invalidations.invalidate(edge("/*"), key="r-1/web")
        again = world.invalidations.invalidate(edge("/*"), key="r-1/web")
        assert (again.evidence, world.asked) == (first.evidence, 1)

    def test_another_key_asks_anew(self, world: World) -> None:
        world.invalidations.invalidate(edge("/*"), key="r-1/web")
        world.invalidations.invalidate(edge("/*"), key="r-1/web/back")
        assert world.asked == 2


@pytest.mark.parametrize(
    ("wished", "asked"),
    [
        pytest.param(("/version.json",), ["/version.json"], id="one"),
        pytest.param(("/",), ["/", "/index.html"], id="a page has two names"),
        pytest.param(("/index.html",), ["/index.html", "/"], id="the other way round"),
        pytest.param(("/", "/v.json"), ["/", "/v.json", "/index.html"], id="three"),
        pytest.param(("/", "/a", "/b"), ["/*"], id="more than three is everything"),
        pytest.param((), ["/*"], id="none is everything"),
    ],
)
def test_paths(cdn: Cdn, wished: tuple[str, ...], asked: list[str]) -> None:
    cdn.adapter().invalidate(edge(*wished), key="k")
    assert cdn.paths == asked


def test_tags_are_sent_ten_at_a_time(cdn: Cdn) -> None:
    tags = tuple(f"t{number}" for number in range(12))
    cdn.adapter().invalidate(edge(tags=tags), key="k")
    assert cdn.rules == [{"cacheTags": list(tags[:10])}, {"cacheTags": list(tags[10:])}]


def test_all_is_waited_for(cdn: Cdn) -> None:
    evidence = cdn.adapter().invalidate(edge("/"), key="k").evidence
    assert [cdn.maps.operation(name)["status"] for name in evidence] == ["DONE", "DONE"]


COMPUTES_OWN = Fault(
    403, b'{"error": {"code": 403, "message": "Rate Limit Exceeded", "errors": '
    b'[{"reason": "rateLimitExceeded", "message": "Rate Limit Exceeded"}]}}',
)  # fmt: skip


@pytest.mark.parametrize("fault", [faults.too_many(), COMPUTES_OWN])
def test_whoever_asks_too_often_asks_for_everything_at_once(cdn: Cdn, fault: Fault) -> None:
    cdn.plane.on_call = on_nth_send(2, lambda: cdn.plane.faults.next(3, fault, **SENT))
    cdn.adapter().invalidate(edge("/", "/v.json"), key="k")
    assert cdn.paths == ["/", "/*"]


def test_a_limit_that_does_not_pass_is_told(cdn: Cdn) -> None:
    cdn.plane.faults.always(faults.too_many(), **SENT)
    with pytest.raises(ActionFailedError, match=f"{HOST}: 429 RESOURCE_EXHAUSTED"):
        cdn.adapter(Endurance(seconds=0.05, pause_s=0.01)).invalidate(edge("/v"), key="k")


@pytest.mark.parametrize("status", [500, 503])
def test_what_came_about_unheard_is_asked_for_again_under_the_same_id(
    cdn: Cdn, status: int
) -> None:
    def unheard(moment: Moment) -> None:
        if moment.when == "after" and moment.method == "POST" and cdn.sent == 1:
            raise ApiError(status, "UNAVAILABLE", "as the test wants it")

    cdn.plane.on_call = unheard
    cdn.adapter().invalidate(edge("/v"), key="k")
    assert (cdn.sent, cdn.paths) == (2, ["/v"])


def test_a_call_that_hangs_is_sent_again(cdn: Cdn) -> None:
    cdn.plane.faults.next(1, faults.HANG, **SENT)
    cdn.adapter(deadline_s=0.2).invalidate(edge("/v"), key="k")
    assert cdn.paths == ["/v"]


def test_reading_the_operation_bears_what_passes(cdn: Cdn) -> None:
    cdn.plane.faults.next(2, faults.error(503, "UNAVAILABLE", "x"), path="/operations/")
    assert cdn.adapter().invalidate(edge("/v"), key="k").evidence


def test_an_operation_that_fails_is_told_in_the_platforms_own_words(cdn: Cdn) -> None:
    cdn.maps.fail_next("Internal error. Please try again.")
    with pytest.raises(ActionFailedError, match=r"Internal error\. Please try again") as caught:
        cdn.adapter().invalidate(edge("/v"), key="k")
    assert caught.value.hint.startswith("gcloud compute operations describe operation-000001")


def test_an_operation_that_never_ends_is_named(cdn: Cdn) -> None:
    cdn.maps.takes = 1000
    with pytest.raises(ActionFailedError, match=r"operation-000001 has not ended after 0\.05 s"):
        cdn.adapter(Endurance(seconds=0.05, pause_s=0.01)).invalidate(edge("/v"), key="k")


def test_a_permission_that_is_missing_is_named_in_computes_wording_too(cdn: Cdn) -> None:
    told = (
        b'{"error": {"code": 403, "message": "Required \'compute.urlMaps.invalidateCache\' '
        b"permission for 'projects/acme-staging/global/urlMaps/acme-web'\", "
        b'"errors": [{"reason": "forbidden"}]}}'
    )
    cdn.plane.faults.always(Fault(403, told), **SENT)
    with pytest.raises(ActionFailedError, match=r"permission compute\.urlMaps\.invalidateCache"):
        cdn.adapter().invalidate(edge("/v"), key="k")
    assert cdn.sent == 1


def test_a_url_map_that_is_not_there_is_told(cdn: Cdn) -> None:
    with pytest.raises(ActionFailedError, match="project acme-staging has no URL map other"):
        cdn.adapter().invalidate(edge("/v", url_map="other"), key="k")


def test_an_answer_without_an_operation_is_not_taken_for_one(cdn: Cdn) -> None:
    cdn.plane.faults.always(Fault(200, b"{}"), **SENT)
    with pytest.raises(ActionFailedError, match="an operation without a name"):
        cdn.adapter(Endurance(seconds=0.05, pause_s=0.01)).invalidate(edge("/v"), key="k")


def on_nth_send(number: int, act: Callable[[], object]) -> Callable[[Moment], None]:
    seen: list[Moment] = []

    def on_call(moment: Moment) -> None:
        if (moment.method, moment.when) == ("POST", "before"):
            seen.append(moment)
            if len(seen) == number:
                act()

    return on_call
