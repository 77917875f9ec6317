"""A look is kept for everybody, noted, and told; one that fails leaves the last report, marked."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from skewcheck.core.alerts import Alert, AlertKind
from skewcheck.core.chronicle.as_json import stretch_from
from skewcheck.core.errors import ActionFailedError
from skewcheck.core.findings import Code, Verdict
from skewcheck.core.probe.kits import ProbeWanted
from skewcheck.core.question import Question
from skewcheck.core.report import Report
from skewcheck.flows.watch import LOOK, Watching, look, look_failed
from skewcheck.ports.service import Shared
from tests.builders import LONG_AGO, NOW
from tests.fakes import Reply
from tests.flows.sharing import sharing, trail
from tests.flows.worlds import API, API_ORIGIN, Acme, codes

MINUTE = timedelta(minutes=1)
NO_PROBE = ProbeWanted(skip="--no-probe")


@dataclass
class Watch:
    """Acme, watched once a minute."""

    acme: Acme = field(default_factory=Acme)
    probing: ProbeWanted = field(default_factory=ProbeWanted)
    told: list[Alert] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.shared: Shared = sharing(self.acme.world.clock)

    @property
    def watching(self) -> Watching:
        return Watching(
            shared=self.shared, tell=self._tell, probing=self.probing, versions={"skewcheck": "1"}
        )

    def _tell(self, alert: Alert) -> None:
        if str(alert.kind) in self.refused:
            raise ActionFailedError("Slack says channel_not_found")
        self.told.append(alert)

    def look(self, times: int = 1) -> Report:
        report = look(self.acme.world.doors(), self.acme.loaded(), self.watching)
        self.acme.world.clock.wait(60)
        return report if times == 1 else self.look(times - 1)

    def fail(self, times: int = 1, why: str = "no such ref") -> None:
        for _ in range(times):
            look_failed(self.watching, "staging", why)
            self.acme.world.clock.wait(60)

    def kept(self) -> dict[str, Any]:
        kept = self.shared.shelf.read(LOOK, "staging")
        assert kept is not None
        assert isinstance(kept.value, dict)
        return kept.value

    def breaks(self) -> None:
        """The api goes away."""
        for base in (API, API_ORIGIN):
            self.acme.answer(f"{base}/version.json", Reply(status=404))
        self.acme.world.platform.planes.pop("api")

    def alerts(self) -> list[tuple[str, str]]:
        return [(each.kind, each.code) for each in self.told]


def test_a_look_is_a_status_with_probes() -> None:
    watch = Watch()
    report = watch.look()
    assert (report.question, report.verdict) == (Question.STATUS, Verdict.PASS)
    assert watch.acme.world.prober.asked
    assert watch.kept()["report"]["versions"] == {"skewcheck": "1"}


def test_without_probes_it_says_that_none_were_made() -> None:
    watch = Watch(probing=NO_PROBE)
    assert codes(watch.look()) == {Code.NOT_PROBED}
    assert not watch.acme.world.prober.asked


def test_a_look_is_kept_as_the_document_of_status() -> None:
    watch = Watch()
    watch.look()
    kept = watch.kept()
    assert (kept["at"], kept["trouble"], kept["scope"]) == (
        "2026-11-23T22:10:00Z", "", "staging@here",
    )  # fmt: skip
    assert (kept["report"]["schema"], kept["report"]["verdict"]) == (1, "pass")


def test_each_look_is_noted_in_the_chronicle() -> None:
    watch = Watch()
    watch.look(3)
    (stretch,) = (
        stretch_from(*each)
        for each in watch.shared.chronicle.stretches("staging@here", since=LONG_AGO)
    )
    assert (stretch.first, stretch.last) == (NOW, NOW + 2 * MINUTE)
    assert stretch.snapshot.verdict is Verdict.PASS


def test_a_look_that_fails_leaves_the_last_report_marked() -> None:
    watch = Watch()
    watch.look()
    report = watch.kept()["report"]
    watch.fail(why="no such\x1b[2J ref")
    kept = watch.kept()
    assert (kept["report"], kept["scope"]) == (report, "staging@here")
    assert (kept["at"], kept["trouble"]) == ("2026-11-23T22:11:00Z", "no such\\x1b[2J ref")


def test_the_first_look_may_fail_too() -> None:
    watch = Watch()
    watch.fail()
    assert (watch.kept()["report"], watch.kept()["trouble"]) == (None, "no such ref")


def test_the_next_look_takes_the_mark_away() -> None:
    watch = Watch()
    watch.fail()
    watch.look()
    assert watch.kept()["trouble"] == ""


def test_what_two_looks_agree_on_is_told_once_and_recorded() -> None:
    watch = Watch()
    watch.breaks()
    watch.look(4)
    assert watch.alerts() == [(AlertKind.FOUND, "not-deployed")]
    (record,) = trail(watch.shared)
    assert (record["event"], record["code"]) == ("alert", "not-deployed")


def test_looks_that_fail_for_half_an_hour_are_told_once() -> None:
    watch = Watch()
    watch.fail(40)
    assert watch.alerts() == [(AlertKind.UNKNOWN_TOO_LONG, "inconclusive")]


def test_what_slack_refuses_is_told_with_the_next_look_and_recorded_only_then() -> None:
    watch = Watch()
    watch.breaks()
    watch.refused = {AlertKind.FOUND}
    watch.look(3)
    assert (watch.alerts(), trail(watch.shared)) == ([], [])
    watch.refused = set()
    watch.look(2)
    assert watch.alerts() == [(AlertKind.FOUND, "not-deployed")]
    assert len(trail(watch.shared)) == 1


def test_one_channel_that_refuses_keeps_nobody_else_from_being_told() -> None:
    watch = Watch()
    watch.refused = {AlertKind.FOUND}
    watch.breaks()
    watch.look(3)
    watch.acme.run("api", watch.acme.new)
    watch.look(2)
    assert watch.alerts() == [(AlertKind.CLEARED, "not-deployed")]


def test_a_notebook_that_cannot_be_read_begins_anew() -> None:
    watch = Watch()
    watch.shared.shelf.put("alerts", "staging", {"memory": 7}, at=NOW)
    watch.breaks()
    watch.look(2)
    assert watch.alerts() == [(AlertKind.FOUND, "not-deployed")]
