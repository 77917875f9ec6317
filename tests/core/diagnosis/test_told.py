"""What a diagnosis says around its chain: symptom, what it is not, what is hidden, logs."""

from typing import Any

import pytest

from skewcheck.core.diagnosis import Diagnosis
from skewcheck.core.findings import Code
from skewcheck.core.logs.query import LogLine
from skewcheck.core.wire.script import Variant
from tests.builders import NOW, survey
from tests.core.diagnosis.cases import (
    CLEANUP,
    MADE_UP,
    NEW_SPOKEN,
    OLD_SPOKEN,
    SECOND,
    of_link,
    of_wire,
)
from tests.links import link_probe
from tests.transcripts import (
    EXERCISE,
    closed,
    cut_after_welcome,
    format_of,
    probed,
    rejected,
    script,
    silent,
    transcript,
    welcomed,
)

MINE, OTHER = "0123456789ab", "ba9876543210"


def test_the_symptom_counts_and_says_who_meets_it() -> None:
    found = of_wire(probed(CLEANUP, CLEANUP, welcomed(), spoken=NEW_SPOKEN))
    assert found.symptom is not None
    assert found.symptom.told.endswith("(2 of 3 handshakes at the edge, in the format of 9e39e39)")
    assert found.symptom.code is Code.CLOSED_BEFORE_WELCOME


def test_a_notice_is_no_symptom() -> None:
    silent_cut = probed(cut_after_welcome(4), variant=Variant(holds="silent", hold_s=9))
    pinging = probed(variant=Variant(holds="pinging", hold_s=9))
    found = of_wire(probed(), silent_cut, pinging)
    assert [each.code for each in found.findings] == [Code.IDLE_CUT]
    assert found.symptom is None


def test_what_passed_is_excluded() -> None:
    assert of_wire(probed(CLEANUP)).excluded[0] == (
        "name, connection, HTTP answer, upgrade, subprotocol: passed"
    )


def test_where_nothing_passed_nothing_is_excluded() -> None:
    assert of_wire(probed(transcript())).excluded == ()


def test_a_format_that_is_welcomed_excludes_the_server_as_a_whole() -> None:
    found = of_wire(
        probed(CLEANUP, spoken=OLD_SPOKEN),
        probed(welcomed(), closed(), spoken=NEW_SPOKEN),
        probed(spoken=format_of(fingerprint="sha256:" + "0" * 64), target=SECOND),
    )
    told = [each for each in found.excluded if each.startswith("the server as a whole")]
    assert told == [
        "the server as a whole: the format of 9e39e39 is welcomed at the edge, 1 of 2 times"
    ]


def test_a_format_that_is_never_welcomed_excludes_nothing() -> None:
    found = of_wire(probed(CLEANUP, spoken=OLD_SPOKEN), probed(silent(), spoken=NEW_SPOKEN))
    assert not any("the server as a whole" in each for each in found.excluded)
    flaky = of_wire(probed(CLEANUP, welcomed()))
    assert not any("the server as a whole" in each for each in flaky.excluded)


def test_another_failure_past_the_edge_does_not_exclude_the_edge() -> None:
    other = probed(CLEANUP, target=SECOND, spoken=OLD_SPOKEN)
    found = of_wire(probed(CLEANUP), probed(silent(), target=SECOND), other)
    assert not any(each.startswith("the edge") for each in found.excluded)


def test_a_made_up_token_that_is_welcomed_excludes_no_token() -> None:
    found = of_wire(probed(CLEANUP), probed(variant=MADE_UP))
    assert not any("the token" in each for each in found.excluded)


@pytest.mark.parametrize(
    ("seen", "masked"),
    [
        pytest.param(probed(), (), id="nothing fails"),
        pytest.param(probed(silent()), (), id="no events in the contract"),
        pytest.param(probed(rejected(403)), ("subprotocol", "auth", "welcome"), id="early failure"),
        pytest.param(
            probed(silent(), spoken=format_of(script(exercise=EXERCISE))),
            ("events",),
            id="the contract has events",
        ),
    ],
)
def test_rungs_that_nobody_could_look_at_are_masked(seen: Any, masked: tuple[str, ...]) -> None:
    assert of_wire(seen).masked == masked


def line(text: str, probe_id: str) -> LogLine:
    return LogLine(at=NOW, by="acme-api/r2", severity="ERROR", text=text, probe_id=probe_id)


def with_logs(*lines: LogLine, broken: bool = True, **changed: Any) -> Diagnosis:
    seen = probed(CLEANUP if broken else welcomed())
    return of_link(survey(), link_probe(seen, logs=lines, **changed))


def test_log_lines_about_the_broken_probe_stand_for_all() -> None:
    found = with_logs(line("other", OTHER), line("boom", MINE))
    assert found.logs == ("22:10:00 acme-api/r2 ERROR: boom",)


def test_where_none_is_about_it_the_others_are_shown() -> None:
    assert with_logs(line("other", OTHER)).logs == ("22:10:00 acme-api/r2 ERROR: other",)
    well = with_logs(line("fine", MINE), broken=False)
    assert well.logs == ("22:10:00 acme-api/r2 ERROR: fine",)


def test_a_handful_of_log_lines_is_enough() -> None:
    assert len(with_logs(*[line(str(number), MINE) for number in range(9)]).logs) == 6


def test_why_there_are_no_log_lines_is_told() -> None:
    assert with_logs(no_logs="permission denied").logs == ("no log lines: permission denied",)
    assert with_logs().logs == ()
