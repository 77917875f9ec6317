"""The web gate judges as the command does, and leaves the same traces."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from skewcheck.core.errors import SkewcheckError, UsageError
from skewcheck.core.findings import Code, Verdict
from skewcheck.core.probe.kits import ProbeWanted
from skewcheck.core.question import CandidateWanted, Question
from skewcheck.flows.doors import Doors
from skewcheck.flows.load import Loaded
from skewcheck.ports.service import Audit, JsonObject
from skewcheck.service.judging import JudgeOfGates
from tests.builders import LONG_AGO
from tests.flows.sharing import sharing, trail
from tests.flows.worlds import CHAT, Acme, codes, contract
from tests.service_fakes import FakeAudit


class Full(FakeAudit):
    """Takes nothing any more."""

    def append(self, record: object) -> None:
        del record
        raise SkewcheckError("the disk is full", hint="make room")


class Court:
    def __init__(self, audit: Audit | None = None) -> None:
        self.acme = Acme()
        shared = sharing(self.acme.world.clock)
        self.shared = replace(shared, audit=audit) if audit else shared
        self.lines: list[str] = []
        self.judge = JudgeOfGates(
            shared=self.shared,
            open_doors=self._doors,
            probing=ProbeWanted(),
            who=lambda: "skewcheck@acme",
            tell=self.lines.append,
        )

    @contextmanager
    def _doors(self, environment: str) -> Iterator[tuple[Doors, Loaded]]:
        assert environment == "staging"
        yield self.acme.world.doors(), self.acme.loaded()

    def trail(self) -> list[JsonObject]:
        return trail(self.shared)

    def breaking(self) -> CandidateWanted:
        """A build of the api with which the live web cannot speak."""
        build = self.acme.commit({CHAT: contract("3.0", ">=3.0,<4")}, "Break it", branch="next")
        return CandidateWanted(service="api", named=build.value)


def test_without_candidates_the_world_is_judged_with_probes_and_noted() -> None:
    court = Court()
    report = court.judge("staging", ())
    assert (report.question, report.verdict) == (Question.GATE, Verdict.PASS)
    assert court.acme.world.prober.asked
    assert len(court.shared.chronicle.stretches("staging@here", since=LONG_AGO)) == 1


def test_a_verdict_is_on_record_under_the_services_own_name() -> None:
    court = Court()
    report = court.judge("staging", (court.breaking(),))
    assert Code.PROTOCOL_SKEW in codes(report)
    (record,) = court.trail()
    assert (record["event"], record["verdict"], record["who"]) == (
        "gate", "block", "skewcheck@acme",
    )  # fmt: skip


def test_a_world_with_candidates_is_no_look_at_this_one() -> None:
    court = Court()
    court.judge("staging", (court.breaking(),))
    assert court.shared.chronicle.stretches("staging@here", since=LONG_AGO) == ()


def test_a_service_that_nobody_knows_is_an_error_of_usage() -> None:
    court = Court()
    with pytest.raises(UsageError, match="no service 'ap'; did you mean `api`"):
        court.judge("staging", (CandidateWanted(service="ap", named="abcdef0"),))


def test_a_verdict_that_cannot_be_recorded_is_given_and_told() -> None:
    court = Court(Full())
    assert court.judge("staging", ()).verdict is Verdict.PASS
    assert court.lines == [
        "a verdict of the gate was given and not recorded: the disk is full (next: make room)"
    ]
