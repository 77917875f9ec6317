"""Directly it holds and at the edge it fails: what does the edge take away?"""

from skewcheck.core.findings import Code
from skewcheck.core.probed.probes import Probed
from skewcheck.core.wire.script import Target, Variant
from skewcheck.core.wire.transcript import Transcript
from tests.builders import OLD, OLD_FORMAT
from tests.links import judged, only
from tests.transcripts import (
    CANDIDATE,
    DIRECT,
    WELCOME,
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

SWP, AUTH, UPGRADE = "sec-websocket-protocol", "authorization", "upgrade"
IN_HEADER = format_of(script(offers=("chat",), selected="chat", token_in=AUTH))
OLD_FORM = format_of(fingerprint=OLD_FORMAT, builds=(OLD.value,))
NO_OFFERS = script(offers=(), selected=None)
OTHER_REVISION = Target(place="direct", url="https://r1.a.run.app/ws", revision="acme-api-00001")


def lost(name: str, seen: Transcript, **changed: object) -> Probed:
    """Directly, with that header left out on purpose."""
    variant = Variant(without=(name,))
    return probed(seen, target=DIRECT, variant=variant, **changed)  # type: ignore[arg-type]


def unselected(*more: object) -> Transcript:
    """Opened without the offered subprotocol, and then what comes."""
    spoken = opening(selected=None)
    return transcript(*spoken, *more)  # type: ignore[arg-type]


def test_a_header_that_the_edge_drops_is_named() -> None:
    refused = closed(1008, "no token", spoken=IN_HEADER.script)
    found = only(
        probed(refused, spoken=IN_HEADER),
        probed(target=DIRECT, spoken=IN_HEADER),
        lost(AUTH, refused, spoken=IN_HEADER),
        lost(SWP, cut(NO_OFFERS), spoken=IN_HEADER),
        lost(UPGRADE, rejected(426), spoken=IN_HEADER),
    )
    assert found.code is Code.HEADER_LOST_AT_EDGE
    assert found.sentence == "the edge drops Authorization from the request"
    assert "revision acme-api-00002 directly: holds, 1 times" in found.evidence
    assert "without Authorization it fails directly in the same way" in found.evidence
    assert found.fix.startswith("forward the header")


def test_an_upgrade_that_the_edge_drops_is_named() -> None:
    refused = rejected(400, "No WebSocket UPGRADE hdr")
    found = only(
        probed(refused),
        probed(target=DIRECT),
        lost(UPGRADE, refused),
        lost(SWP, closed(1008, spoken=NO_OFFERS)),
    )
    assert (found.code, found.sentence) == (
        Code.HEADER_LOST_AT_EDGE,
        "the edge drops Upgrade from the request",
    )


def test_where_either_header_may_be_the_one_both_are_named() -> None:
    refused = closed(1008, "no token", spoken=IN_HEADER.script)
    found = only(
        probed(refused, spoken=IN_HEADER),
        probed(target=DIRECT, spoken=IN_HEADER),
        lost(AUTH, refused, spoken=IN_HEADER),
        lost(UPGRADE, refused, spoken=IN_HEADER),
    )
    assert found.code is Code.HEADER_LOST_AT_EDGE
    assert found.sentence == "the edge drops Authorization or Upgrade from the request"


def test_an_offer_that_the_edge_drops_from_the_request_is_named() -> None:
    """The token went with the offer, so the server closes; without offers nothing is selected."""
    close = closed(1008, "no token").events[-3:]
    found = only(
        probed(unselected(*close)),
        probed(target=DIRECT),
        lost(SWP, closed(1008, "no token", spoken=NO_OFFERS)),
    )
    assert (found.code, found.sentence) == (
        Code.SUBPROTOCOL_LOST_AT_EDGE,
        "the edge drops Sec-WebSocket-Protocol from the request",
    )


def welcomed_unselected() -> Transcript:
    return unselected(message(WELCOME), *leaving())


def test_a_selection_that_the_edge_drops_from_the_answer_is_named() -> None:
    found = only(
        probed(welcomed_unselected()),
        probed(target=DIRECT),
        lost(SWP, closed(1008, "no token", spoken=NO_OFFERS)),
    )
    assert (found.code, found.sentence) == (
        Code.SUBPROTOCOL_LOST_AT_EDGE,
        "the edge drops Sec-WebSocket-Protocol from the answer: a browser refuses it",
    )


def test_a_server_that_needs_no_offer_leaves_open_on_which_way_it_was_lost() -> None:
    tolerant = transcript(*opening(NO_OFFERS), message(WELCOME), *leaving())
    found = only(probed(welcomed_unselected()), probed(target=DIRECT), lost(SWP, tolerant))
    assert "from the request or the answer" in found.sentence


def test_another_header_that_may_be_missing_says_nothing_of_the_offer() -> None:
    said = transcript(*opening(IN_HEADER.script, selected=None), message(WELCOME), *leaving())
    found = only(
        probed(said, spoken=IN_HEADER),
        probed(target=DIRECT, spoken=IN_HEADER),
        lost(AUTH, welcomed(IN_HEADER.script), spoken=IN_HEADER),
        lost(SWP, closed(1008, spoken=NO_OFFERS), spoken=IN_HEADER),
    )
    assert found.sentence.startswith("the edge drops Sec-WebSocket-Protocol from the answer")


def test_a_refusal_is_no_lost_selection_though_no_welcome_is_due() -> None:
    quiet = format_of(script(welcome=None))
    found = only(probed(rejected(502), spoken=quiet), probed(target=DIRECT, spoken=quiet))
    assert found.code is Code.HANDSHAKE_REJECTED


def test_a_wrong_selection_is_not_a_lost_one() -> None:
    wrong = transcript(*opening(selected="graphql-ws"), message(WELCOME), *leaving())
    found = only(probed(wrong), probed(target=DIRECT))
    assert found.code is Code.SUBPROTOCOL_NOT_SELECTED
    assert found.sentence.endswith("directly it holds, so the edge is at fault")


def test_words_of_a_server_do_not_make_it_welcome_anybody() -> None:
    talk = closed(1000, "a client that goes on all the same is welcomed").events[-3:]
    found = only(probed(unselected(*talk)), probed(target=DIRECT))
    assert found.code is Code.SUBPROTOCOL_NOT_SELECTED


def test_a_selection_that_nobody_offered_is_not_a_lost_one() -> None:
    invalid = probed(rejected(101, "", ("Sec-WebSocket-Protocol", "soap")))
    assert only(invalid, probed(target=DIRECT)).code is Code.SUBPROTOCOL_NOT_SELECTED


def test_an_edge_that_loses_nothing_known_is_at_fault_all_the_same() -> None:
    found = only(
        probed(rejected(502)),
        probed(target=DIRECT),
        lost(UPGRADE, rejected(426)),
        lost(SWP, closed(1008, spoken=NO_OFFERS)),
    )
    assert found.code is Code.HANDSHAKE_REJECTED
    assert found.sentence.endswith("directly it holds, so the edge is at fault")
    assert "revision acme-api-00002 directly: holds, 1 times" in found.evidence


def test_a_loss_that_does_no_harm_is_not_the_cause() -> None:
    """Both end by our leaving: what the edge shows is that no welcome came."""
    harmless = transcript(*opening(IN_HEADER.script), message(WELCOME), *leaving())
    found = only(
        probed(silent(IN_HEADER.script), spoken=IN_HEADER),
        probed(target=DIRECT, spoken=IN_HEADER),
        lost(AUTH, harmless, spoken=IN_HEADER),
    )
    assert found.code is Code.WELCOME_MISSING


def test_a_loss_in_another_format_is_not_the_cause() -> None:
    refused = rejected(400)
    found = only(probed(refused), probed(target=DIRECT), lost(UPGRADE, refused, spoken=OLD_FORM))
    assert found.code is Code.HANDSHAKE_REJECTED


def test_the_edge_is_not_blamed_for_a_revision_that_fails_past_it_too() -> None:
    broken = closed()
    found = judged(probed(broken), probed(target=DIRECT), probed(broken, target=OTHER_REVISION))
    assert not any("edge is at fault" in each.sentence for each in found)


def test_past_the_edge_no_edge_is_blamed() -> None:
    found = only(probed(closed(), target=CANDIDATE), probed(target=DIRECT))
    assert "edge" not in found.sentence
