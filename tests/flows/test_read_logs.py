"""The platform's own lines about our probes: asked for by id, failures first, and masked."""

from datetime import timedelta
from typing import Any

from skewcheck.core.logs.query import LogLine, LogQuery
from skewcheck.core.probed.probes import LinkProbe
from skewcheck.core.reading import Unreadable
from skewcheck.core.wire.script import Target
from skewcheck.core.wire.secret import Secret
from skewcheck.flows.read_logs import read_logs
from tests.builders import BACKEND, FRONTEND, NOW, backend, manifest, survey, unreadable
from tests.fakes import FakeLogs, FakeWorld
from tests.links import link_probe
from tests.transcripts import closed, probed, transcript, welcomed

IDS = [f"{number:012x}" for number in range(9)]


def named(number: int, *, holds: bool = True) -> Any:
    """A probe with that id, at a place of its own."""
    seen = welcomed() if holds else closed()
    place = Target(place="direct", url=f"https://r{number}.run.app/ws", revision=str(number))
    return probed(transcript(*seen.events, probe=IDS[number]), target=place)


def read(fakes: FakeWorld, link: LinkProbe, *used: str, **changed: Any) -> LinkProbe:
    return read_logs(fakes.doors(), survey(**changed), link, [Secret(each) for each in used])


def asked(fakes: FakeWorld) -> LogQuery:
    return fakes.logs.asked[0]


def logging(text: str = "served") -> FakeWorld:
    fakes = FakeWorld()
    fakes.logs.logged = lambda _: text
    return fakes


def test_failures_are_asked_for_before_what_holds() -> None:
    fakes = logging()
    found = read(fakes, link_probe(named(0), named(1, holds=False), named(2)))
    assert asked(fakes).probe_ids == (IDS[1], IDS[0], IDS[2])
    assert [line.probe_id for line in found.logs] == [IDS[1], IDS[0], IDS[2]]
    assert found.no_logs == ""


def test_of_each_kind_the_worst_probe_is_asked_for() -> None:
    fakes = logging()
    good, bad = (
        transcript(*welcomed().events, probe=IDS[0]),
        transcript(*closed().events, probe=IDS[1]),
    )
    read(fakes, link_probe(probed(good, bad)))
    assert asked(fakes).probe_ids == (IDS[1],)


def test_no_more_than_a_handful_is_asked_for() -> None:
    fakes = logging()
    read(fakes, link_probe(*[named(number) for number in range(9)]))
    assert asked(fakes).probe_ids == tuple(IDS[:6])


def test_the_service_and_its_load_balancer_are_asked_since_shortly_before_the_survey() -> None:
    fakes = logging()
    cdn = {"edge": {"cloud_cdn": {"project": "acme-network", "invalidate": ["/"]}}}
    services = {"frontend": FRONTEND, "backend": {**BACKEND, **cdn}}
    read(fakes, link_probe(named(0)), manifest=manifest(services=services))
    query = asked(fakes)
    assert query.services == (("acme-staging", "us-central1", "acme-api"),)
    assert query.projects == ("acme-network", "acme-staging")
    assert query.since == NOW - timedelta(minutes=1)


def test_without_an_edge_only_the_services_project_is_asked() -> None:
    fakes = logging()
    read(fakes, link_probe(named(0)))
    assert asked(fakes).projects == ("acme-staging",)


class Slow(FakeLogs):
    """Each question brings the lines of one probe more."""

    def lines(self, wanted: LogQuery) -> tuple[LogLine, ...] | Unreadable:
        got = super().lines(wanted)
        assert not isinstance(got, Unreadable)
        return got[: len(self.asked) - 1]


def test_lines_that_come_late_are_waited_for() -> None:
    fakes = logging()
    fakes.logs = Slow(logged=lambda _: "served")
    found = read(fakes, link_probe(named(0), named(1)))
    assert len(found.logs) == 2
    assert fakes.clock.waits == [0.5, 0.5]


def test_lines_that_never_come_are_not_waited_for_long() -> None:
    fakes = FakeWorld()
    found = read(fakes, link_probe(named(0)))
    assert (found.logs, found.no_logs) == ((), "nothing was logged about them yet")
    assert (len(fakes.logs.asked), fakes.clock.waits) == (4, [0.5, 0.5, 0.5])


def test_what_came_of_some_is_kept() -> None:
    fakes = FakeWorld()
    fakes.logs.logged = lambda probe: "served" if probe == IDS[0] else ""
    found = read(fakes, link_probe(named(0), named(1)))
    assert [line.probe_id for line in found.logs] == [IDS[0]]
    assert found.no_logs == ""


def test_why_the_log_cannot_be_read_is_told_with_what_mends_it() -> None:
    fakes = FakeWorld()
    fakes.logs.unreadable = unreadable(detail="permission denied", fix="grant roles/logging.viewer")
    found = read(fakes, link_probe(named(0)))
    assert found.no_logs == "permission denied (grant roles/logging.viewer)"
    assert len(fakes.logs.asked) == 1
    fakes.logs.unreadable = unreadable(detail="switched off", fix="")
    assert read(fakes, link_probe(named(0))).no_logs == "switched off"


def test_without_cloud_run_there_is_no_log_to_ask() -> None:
    fakes = logging()
    static = {**BACKEND, "static": {}}
    del static["cloud_run"]
    promised = manifest(services={"frontend": FRONTEND, "backend": static})
    seen = survey(backend(planes=()), manifest=promised)
    found = read_logs(fakes.doors(), seen, link_probe(named(0)), [])
    assert (found.no_logs, fakes.logs.asked) == ("backend is not on Cloud Run", [])


def test_where_nothing_was_probed_nothing_is_asked() -> None:
    fakes = logging()
    assert read(fakes, link_probe()).no_logs == "nothing was probed"
    assert fakes.logs.asked == []


def test_tokens_that_were_sent_are_masked_in_every_shape() -> None:
    secret = "s3cret/token+value"
    shapes = Secret(secret).shapes()
    assert len(shapes) == 3
    fakes = logging(f"got {' and '.join(shapes)} from x")
    [line] = read(fakes, link_probe(named(0)), secret).logs
    assert line.text == "got [token] and [token] and [token] from x"
