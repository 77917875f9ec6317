"""What is left where nothing proves a cause: no more, and no less, than nobody can rule out."""

import pytest

from skewcheck.core.findings import Code, Verdict
from skewcheck.core.wire.script import Script
from skewcheck.core.wire.transcript import Transcript
from tests.builders import BACKEND, FRONTEND, NEW, OLD, backend, manifest, survey
from tests.core.diagnosis.cases import CLEANUP, MADE_UP, OLD_SPOKEN, diagnosed, kinds, of_wire
from tests.core.minimal_worlds import ABSENT, speaks, split
from tests.transcripts import (
    CANDIDATE,
    DIRECT,
    WELCOME,
    closed,
    cut,
    cut_after_welcome,
    format_of,
    leaving,
    message,
    opening,
    probed,
    rejected,
    requesting,
    silent,
    transcript,
    welcomed,
)

TOKENLESS = format_of(Script(offers=("chat",), selected="chat", welcome=WELCOME))
UNAUTHORIZED = closed(1008, "no token")
NEVER_ANSWERED = transcript(*requesting())
UNSELECTED = transcript(*opening(selected=None), message(WELCOME), *leaving())


def test_without_a_way_past_the_edge_all_stays_possible() -> None:
    found = of_wire(probed(CLEANUP), no_origin="services.backend.witnesses names no origin")
    assert kinds(found) == ["the token", "the edge", "the contract"]
    assert found.causes[1].told == (
        "the edge: nothing to compare it with (services.backend.witnesses names no origin)"
    )
    assert found.next[0] == "look at links.chat.token"


def test_a_closed_way_past_the_edge_clears_nobody() -> None:
    found = of_wire(probed(CLEANUP), probed(rejected(403), target=DIRECT))
    assert "the edge" in kinds(found)
    assert "no way past it holds" in found.causes[1].told


def test_the_same_failure_past_the_edge_clears_the_edge() -> None:
    found = of_wire(probed(CLEANUP), probed(CLEANUP, target=DIRECT))
    assert kinds(found) == ["the token", "the contract"]
    assert "the edge: revision acme-api-00002 directly fails in the same way" in found.excluded


def test_a_late_failure_without_a_token_is_none_of_the_edges() -> None:
    found = of_wire(probed(closed(spoken=TOKENLESS.script), spoken=TOKENLESS))
    assert kinds(found) == ["the contract"]


def test_an_early_failure_may_be_the_edges_without_any_token() -> None:
    assert kinds(of_wire(probed(rejected(403), spoken=TOKENLESS))) == ["the edge", "the contract"]


def test_another_format_past_the_edge_clears_nobody() -> None:
    found = of_wire(probed(CLEANUP), probed(CLEANUP, target=DIRECT, spoken=OLD_SPOKEN))
    assert "the edge" in kinds(found)


def test_past_the_edge_there_is_no_edge() -> None:
    assert "the edge" not in kinds(of_wire(probed(CLEANUP, target=CANDIDATE)))


@pytest.mark.parametrize(
    ("made_up", "possible"),
    [
        pytest.param(UNAUTHORIZED, False, id="refused otherwise"),
        pytest.param(CLEANUP, True, id="refused in the same way"),
    ],
)
def test_a_made_up_token_tells_whether_the_real_one_was_believed(
    made_up: Transcript, *, possible: bool
) -> None:
    found = of_wire(probed(CLEANUP), probed(made_up, variant=MADE_UP))
    assert ("the token" in kinds(found)) is possible
    told = [each for each in found.excluded if each.startswith("the token: a made-up one")]
    assert bool(told) is not possible


def test_a_made_up_token_elsewhere_tells_nothing() -> None:
    found = of_wire(probed(CLEANUP), probed(UNAUTHORIZED, variant=MADE_UP, target=DIRECT))
    assert "the token" in kinds(found)
    assert not any("made-up" in each for each in found.excluded)


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(probed(CLEANUP, welcomed()), id="believed at times"),
        pytest.param(probed(cut_after_welcome(0.1)), id="welcomed"),
        pytest.param(probed(NEVER_ANSWERED), id="nobody looked at it"),
    ],
)
def test_a_token_that_was_believed_or_never_seen_is_not_the_cause(seen: object) -> None:
    assert "the token" not in kinds(of_wire(seen))  # type: ignore[arg-type]


def test_a_refused_token_is_the_tokens_fault_and_not_the_servers() -> None:
    found = of_wire(probed(UNAUTHORIZED), probed(UNAUTHORIZED, target=DIRECT))
    assert kinds(found) == ["the token"]


def test_who_is_refused_without_any_token_is_refused_by_the_server() -> None:
    refused = closed(1008, "go away", spoken=TOKENLESS.script)
    seen = probed(refused, spoken=TOKENLESS), probed(refused, spoken=TOKENLESS, target=DIRECT)
    found = of_wire(*seen)
    assert [(each.kind, each.code) for each in found.causes] == [
        ("the contract", Code.AUTH_REJECTED)
    ]


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        pytest.param(NEVER_ANSWERED, "does not answer", id="answer"),
        pytest.param(rejected(403), "refuses the handshake", id="upgrade"),
        pytest.param(UNSELECTED, "does not select the subprotocol", id="subprotocol"),
        pytest.param(silent(), "accepts and then gives up before the welcome", id="welcome"),
        pytest.param(cut(), "accepts and then gives up before the welcome", id="cut"),
        pytest.param(cut_after_welcome(0.1), "welcomes and then hangs up", id="after the welcome"),
    ],
)
def test_the_server_is_told_by_what_it_did(seen: Transcript, told: str) -> None:
    cause = of_wire(probed(seen)).causes[-1]
    assert cause.kind == "the contract"
    assert cause.told == f"backend itself: it {told} for a reason that only its log can tell"


def test_the_log_is_asked_for_that_very_probe() -> None:
    fix = of_wire(probed(CLEANUP)).causes[-1].fix
    assert fix == (
        "gcloud logging read 'resource.labels.service_name=acme-api AND"
        ' httpRequest.userAgent:"0123456789ab"\' --project=acme-staging --freshness=1h'
    )


def test_where_there_is_no_cloud_run_any_log_will_do() -> None:
    static = {**BACKEND, "static": {}}
    del static["cloud_run"]
    promised = manifest(services={"frontend": FRONTEND, "backend": static})
    found = diagnosed(survey(backend(planes=()), manifest=promised), probed(CLEANUP))
    assert found.causes[-1].fix == "read the log of backend for 0123456789ab, the probe's id"


def test_what_git_does_not_know_may_be_skew() -> None:
    found = diagnosed(survey(contracts=speaks("server", NEW, ABSENT)), probed(CLEANUP))
    assert kinds(found)[0] == "skew"
    assert found.causes[0].told.startswith("skew: nobody knows whether 9e39e39 fits 9e39e39")
    assert found.whys == ()
    assert found.verdict is Verdict.BLOCK
    assert ABSENT.fix in found.next


def test_where_one_pair_is_unknown_nobody_says_that_they_fit() -> None:
    both = split((NEW, 50), (OLD, 50))
    found = diagnosed(survey(both, contracts=speaks("server", OLD, ABSENT)), probed(CLEANUP))
    assert (kinds(found)[0], found.whys) == ("skew", ())


def test_without_any_pair_nobody_says_that_they_fit() -> None:
    seen = survey(backend(planes=(), origins=(), edge=None))
    assert diagnosed(seen, probed(CLEANUP)).whys == ()
