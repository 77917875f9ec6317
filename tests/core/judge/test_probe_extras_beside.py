"""What probes prove beside the connection: cold starts, health, environment and rates."""

from dataclasses import replace
from typing import Any

import pytest

from skewcheck.core.exposed.health_document import Dependency, Health
from skewcheck.core.findings import Code, Severity
from skewcheck.core.probed.probes import Probed, Rated
from skewcheck.core.probed.rate import Rate
from skewcheck.core.wire.transcript import Answered, Event, Transcript
from tests.builders import API, NOW, unreadable
from tests.links import codes_of, judged, the
from tests.transcripts import (
    CANDIDATE,
    EDGE,
    format_of,
    probed,
    requesting,
    transcript,
    welcomed,
)


def answering_after(seconds: float) -> Transcript:
    """Welcomed, but the answer to the upgrade took so long."""
    return transcript(
        *(
            replace(each, at_s=0.02 + seconds) if isinstance(each, Answered) else each
            for each in welcomed().events
        )
    )


def test_a_candidate_that_is_slow_to_answer_first_is_told() -> None:
    found = the(Code.SLOW_COLD_START, judged(probed(answering_after(5.5), target=CANDIDATE)))
    assert found.sentence == "the candidate's first answer took 5.50 s"


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(probed(answering_after(4.9), target=CANDIDATE), id="fast enough"),
        pytest.param(probed(answering_after(7), target=EDGE), id="not a candidate"),
        pytest.param(
            probed(welcomed(), answering_after(7), target=CANDIDATE), id="not its first answer"
        ),
    ],
)
def test_what_is_not_a_cold_start_is_not_told_as_one(seen: Probed) -> None:
    assert codes_of(seen) == []


@pytest.mark.parametrize("sent", [(), requesting()], ids=["nothing sent", "no answer"])
def test_a_candidate_that_never_answered_was_not_slow(sent: tuple[Event, ...]) -> None:
    assert Code.SLOW_COLD_START not in codes_of(probed(transcript(*sent), target=CANDIDATE))


def health(*states: Dependency) -> Health:
    return Health(url=f"{API}/__heartbeat__", status=200, states=states, read_at=NOW)


def test_a_dependency_that_is_down_while_connected_is_found() -> None:
    down = health(Dependency("supervisor", "unavailable", "starting"))
    found = the(Code.DEPENDENCY_UNAVAILABLE, judged(probed(), health=down))
    assert found.sentence == (
        "backend needs supervisor, which was unavailable while connected: starting"
    )
    assert found.evidence == (f"read at {API}/__heartbeat__",)
    assert found.fix == "start supervisor"


def test_a_dependency_that_is_not_mentioned_is_unknown() -> None:
    found = the(Code.EVIDENCE_MISSING, judged(probed(), health=health(Dependency("db", "unsaid"))))
    assert "does not mention db" in found.sentence
    assert found.severity is Severity.UNKNOWN


def test_a_dependency_that_is_up_is_no_finding() -> None:
    assert codes_of(probed(), health=health(Dependency("db", "available", "ok"))) == []


def test_a_health_document_that_cannot_be_read_is_unknown_with_its_cause() -> None:
    found = the(Code.NOT_JSON, judged(probed(), health=unreadable(Code.NOT_JSON)))
    assert found.sentence == "the health document of backend: connection refused"


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("Staging", [], id="this one"),
        pytest.param("production", [Code.WRONG_ENVIRONMENT], id="another one"),
    ],
)
def test_a_server_that_says_it_is_of_another_environment_is_found(
    said: str, codes: list[Code]
) -> None:
    assert codes_of(probed(), said_environment=said) == codes


def rated(successes: int, tried: int, **changed: Any) -> Rated:
    rate = Rate(target=0.9, successes=successes, tried=tried, **changed)
    return Rated(format=format_of(), target=EDGE, rate=rate)


def test_a_success_rate_above_the_target_is_no_finding() -> None:
    assert codes_of(rated=(rated(35, 35),)) == []


def test_a_success_rate_that_is_not_above_the_target_is_found_with_its_failures() -> None:
    seen = rated(20, 35, failures=(("closed-before-welcome", 15),))
    found = the(Code.SUCCESS_RATE_BELOW_TARGET, judged(rated=(seen,)))
    assert found.evidence == ("closed-before-welcome: 15",)
    assert found.sentence.endswith("(at the edge, in the format of 9e39e39)")


def test_a_success_rate_too_near_the_target_is_unknown() -> None:
    found = the(Code.SUCCESS_RATE_UNDECIDED, judged(rated=(rated(450, 500),)))
    assert found.severity is Severity.UNKNOWN
    assert found.fix == "probe again: skewcheck probe … --rate"
