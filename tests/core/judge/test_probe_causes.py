"""Why a handshake fails: what the experiments leave, in the order of what they prove."""

import pytest

from skewcheck.core.findings import Code
from skewcheck.core.judge.probe_causes import find_cause
from skewcheck.core.probed.probes import Probed
from skewcheck.core.wire.script import Target, Variant
from tests.builders import OLD, OLD_FORMAT
from tests.links import codes_of, judged, link_probe, only, the
from tests.transcripts import (
    CANDIDATE,
    DIRECT,
    EXERCISE,
    PLAIN,
    closed,
    cut,
    format_of,
    leaving,
    message,
    opening,
    probed,
    rejected,
    script,
    silent,
    transcript,
    welcomed,
)

IN_HEADER = format_of(script(offers=("chat",), selected="chat", token_in="authorization"))
MADE_UP = Variant(made_up=True)
OLD_FORM = format_of(fingerprint=OLD_FORMAT, builds=(OLD.value,))
OTHER_REVISION = Target(place="direct", url="https://r1.a.run.app/ws", revision="acme-api-00001")


def test_what_holds_has_no_cause() -> None:
    with pytest.raises(ValueError, match="chat: holds"):
        find_cause(link_probe(), probed())


def test_a_plain_failure_is_told_with_place_format_and_count() -> None:
    found = only(probed(closed(), closed(), closed()))
    assert found.code is Code.CLOSED_BEFORE_WELCOME
    assert found.sentence == (
        'the server closed with 1000 "main cleanup" 0.89 s after the upgrade, before any welcome'
        " (at the edge, in the format of 9e39e39, 3 of 3 handshakes)"
    )
    assert found.evidence == ("probe 0123456789ab",)
    assert found.fix == "skewcheck diagnose staging chat"


def test_a_failure_comes_with_all_that_was_compared_with_it() -> None:
    broken = closed(1000, "")
    found = only(
        probed(broken),
        probed(broken, target=DIRECT),
        probed(rejected(400), variant=Variant(control=True)),
        probed(broken, variant=Variant(made_up=True)),
        probed(broken, variant=Variant(auth="header")),
        probed(spoken=OLD_FORM),
    )
    assert next(each for each in found.evidence if "directly" in each).startswith(
        "revision acme-api-00002 directly: fails: the server closed with 1000"
    )
    assert "wrong format, made-up token is refused otherwise: refused with HTTP 400" in (
        found.evidence
    )
    assert "made-up token is refused in the same way" in found.evidence
    assert any(e.startswith("the same token in Authorization fails too") for e in found.evidence)
    assert "the format of 01d01d0 at the same place: holds, 1 times" in found.evidence


def test_a_control_that_was_welcomed_was_not_refused() -> None:
    found = the(Code.WELCOME_MISSING, judged(probed(silent()), probed(variant=MADE_UP)))
    assert not any("made-up" in each for each in found.evidence)


def test_what_was_compared_elsewhere_or_in_another_format_is_no_evidence() -> None:
    found = only(
        probed(closed()),
        probed(rejected(400), target=DIRECT, variant=Variant(control=True)),
        probed(variant=Variant(auth="header"), spoken=OLD_FORM),
        probed(target=CANDIDATE, variant=Variant(auth="header")),
        probed(target=DIRECT, spoken=OLD_FORM),
    )
    assert found.evidence == ("probe 0123456789ab",)


def test_another_way_of_the_token_and_another_format_are_told_as_they_went() -> None:
    refused = closed(1008, "no token", spoken=IN_HEADER.script)
    findings = judged(
        probed(refused, spoken=IN_HEADER),
        probed(variant=Variant(auth="subprotocol"), spoken=IN_HEADER),
        probed(closed(), spoken=OLD_FORM),
    )
    found = the(Code.AUTH_REJECTED, findings)
    assert "the same token in the subprotocol is welcomed" in found.evidence
    assert any("at the same place: fails too" in each for each in found.evidence)


def test_the_edge_is_told_why_it_is_compared_with_nothing() -> None:
    findings = judged(probed(closed()), no_origin="backend is static")
    [told] = [e for e in the(Code.CLOSED_BEFORE_WELCOME, findings).evidence if "static" in e]
    assert told == "nothing to compare the edge with: backend is static"


WITHOUT_ORIGIN = Variant(without=("origin",))


def test_a_handshake_that_only_origin_prevents_is_named() -> None:
    found = only(probed(rejected(403)), probed(variant=WITHOUT_ORIGIN))
    assert found.code is Code.ORIGIN_REJECTED
    assert found.sentence.startswith("refused only because of Origin")
    assert "links.chat.origin" in found.fix
    assert "the edge" in found.fix


def test_an_edge_that_refuses_the_origin_is_told_so_although_it_holds_directly() -> None:
    found = only(probed(rejected(403)), probed(target=DIRECT), probed(variant=WITHOUT_ORIGIN))
    assert found.code is Code.ORIGIN_REJECTED


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(probed(rejected(403), variant=WITHOUT_ORIGIN), id="refused as well"),
        pytest.param(probed(target=CANDIDATE, variant=WITHOUT_ORIGIN), id="elsewhere"),
        pytest.param(probed(spoken=OLD_FORM, variant=WITHOUT_ORIGIN), id="another format"),
    ],
)
def test_origin_is_not_blamed_without_proof(other: Probed) -> None:
    assert only(probed(rejected(403)), other).code is Code.HANDSHAKE_REJECTED


@pytest.mark.parametrize(
    ("how", "told"),
    [
        pytest.param(Variant(speaks="at-once"), "speaks at once is welcomed", id="at once"),
        pytest.param(
            Variant(speaks="after-welcome"), "speaks after the welcome is welcomed", id="later"
        ),
    ],
)
def test_a_handshake_that_depends_on_who_speaks_first_is_a_race(how: Variant, told: str) -> None:
    found = only(probed(silent()), probed(variant=how))
    assert found.code is Code.HANDSHAKE_RACE
    assert told in found.sentence


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(probed(silent(), variant=Variant(speaks="at-once")), id="fails as well"),
        pytest.param(probed(target=DIRECT, variant=Variant(speaks="at-once")), id="elsewhere"),
        pytest.param(probed(spoken=OLD_FORM, variant=Variant(speaks="at-once")), id="format"),
        pytest.param(probed(variant=Variant(auth="header")), id="another variant"),
    ],
)
def test_a_race_is_not_claimed_without_proof(other: Probed) -> None:
    assert Code.HANDSHAKE_RACE not in codes_of(probed(silent()), other)


def test_a_cold_candidate_that_fails_only_at_first_is_a_race() -> None:
    found = only(probed(cut(), welcomed(), welcomed(), target=CANDIDATE))
    assert found.code is Code.HANDSHAKE_RACE
    assert found.sentence.startswith("only the first, cold handshake at the candidate failed")
    assert found.sentence.endswith("the 2 after it hold")


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(probed(cut(), welcomed(), welcomed()), id="not a candidate"),
        pytest.param(probed(welcomed(), cut(), welcomed(), target=CANDIDATE), id="not the first"),
        pytest.param(probed(cut(), welcomed(), cut(), target=CANDIDATE), id="not only the first"),
        pytest.param(probed(cut(), cut(), welcomed(), target=CANDIDATE), id="the first two"),
    ],
)
def test_what_fails_at_times_is_flaky(seen: Probed) -> None:
    found = only(seen)
    assert found.code is Code.FLAKY_HANDSHAKE
    failed = len(seen.transcripts) - seen.held
    assert found.sentence.startswith(f"{failed} of 3 handshakes failed at {seen.target}, in the")


def test_a_flaky_edge_tells_what_each_revision_does() -> None:
    findings = judged(
        probed(closed(), welcomed()),
        probed(target=DIRECT),
        probed(closed(), target=OTHER_REVISION),
    )
    evidence = the(Code.FLAKY_HANDSHAKE, findings).evidence
    assert "revision acme-api-00002 directly: holds, 1 times" in evidence
    assert any(e.startswith("revision acme-api-00001 directly: fails:") for e in evidence)


def test_what_is_masked_by_a_failure_is_told_with_what_hides_it() -> None:
    findings = judged(probed(rejected(403)))
    masked = the(Code.MASKED, findings)
    assert masked.sentence.startswith("subprotocol, auth, welcome in the format of 9e39e39")
    assert masked.evidence == ("hidden by handshake-rejected",)


def test_events_are_masked_only_where_the_contract_has_some() -> None:
    talks = script(exercise=EXERCISE)
    assert codes_of(probed(silent())) == [Code.WELCOME_MISSING]
    masked = the(Code.MASKED, judged(probed(silent(talks), spoken=format_of(talks))))
    assert masked.sentence.startswith("events in the format")


def test_what_holds_at_times_masks_nothing() -> None:
    assert Code.MASKED not in codes_of(probed(rejected(403), welcomed()))


def test_messages_that_came_instead_are_evidence() -> None:
    found = only(probed(transcript(*opening(PLAIN), message({"type": "error"}), *leaving(6))))
    assert any('{"type": "error"}' in each for each in found.evidence)
