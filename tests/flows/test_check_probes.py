"""Gate and verify with the wire: what is opened, with whose token, and what decides."""

import itertools
import json
from datetime import timedelta
from typing import Any

from skewcheck.core.findings import Code, Verdict
from skewcheck.core.probe.kits import ProbeWanted
from skewcheck.core.question import CandidateWanted, Question
from skewcheck.core.report import Report
from skewcheck.core.wire.script import AS_A_BROWSER
from skewcheck.flows.check import Asking, check, check_until_it_holds, check_while_unknown
from tests.flows.talking import API, TAG_URL, TOKEN, Talking, contract, link, services
from tests.flows.worlds import MANIFEST, codes, manifest, page, version_document
from tests.transcripts import closed

MINUTE = timedelta(minutes=1)
NEW_OFFERS = ["jwt-auth-2", "jwt.{token:base64url}"]


def asking(*candidates: CandidateWanted, strict: bool = False, **wanted: Any) -> Asking:
    return Asking(
        question=Question.GATE,
        candidates=candidates,
        strict=strict,
        probing=ProbeWanted(**wanted),
    )


def gate(
    talking: Talking, *candidates: CandidateWanted, strict: bool = False, **wanted: Any
) -> Report:
    asked = asking(*candidates, strict=strict, **wanted)
    return check(talking.world.doors(), talking.acme.loaded(), asked)


def client(talking: Talking, file: str | None = None) -> CandidateWanted:
    """A client about to be deployed, with that contract or today's."""
    build = talking.commit(file or contract())
    talking.acme.answer("https://web-x.a.run.app/version.json", version_document(talking.build))
    return CandidateWanted(service="web", named=str(build))


def other_format() -> str:
    """Git says that it fits; only the wire can tell otherwise."""
    told = json.loads(contract())
    told["version"] = "2.2"
    told["handshake"] |= {"subprotocols": NEW_OFFERS, "selected": NEW_OFFERS[0]}
    return json.dumps(told)


def refusing_new_offers(talking: Talking) -> None:
    talking.world.prober.answers = lambda request: (
        closed(spoken=request.script)
        if request.script.offers == tuple(NEW_OFFERS) and not request.variant.is_harmless
        else None
    )


def test_a_world_that_holds_on_paper_and_on_the_wire_passes() -> None:
    talking = Talking()
    report = gate(talking)
    assert (report.verdict, report.findings) == (Verdict.PASS, ())
    assert report.survey.probes is not None
    assert talking.asked


def test_without_a_word_on_probing_no_websocket_is_opened() -> None:
    talking = Talking()
    report = check(talking.world.doors(), talking.acme.loaded(), Asking(question=Question.STATUS))
    assert (report.verdict, report.survey.probes, talking.asked) == (Verdict.PASS, None, [])


def test_a_wire_that_breaks_is_blocked_though_git_finds_nothing() -> None:
    talking = Talking()
    talking.breaks("edge", "direct")
    report = gate(talking)
    assert report.verdict is Verdict.BLOCK
    assert codes(report, "chat") >= {Code.CLOSED_BEFORE_WELCOME}


def test_a_link_that_nobody_opens_is_inconclusive() -> None:
    talking = Talking()
    report = gate(talking, skip="--no-probe")
    assert report.verdict is Verdict.INCONCLUSIVE
    assert codes(report) == {Code.NOT_PROBED}
    assert talking.asked == []


def test_the_policy_may_let_an_unopened_link_pass() -> None:
    written = {"policy": {"unprobed": "notice"}, "links": {"chat": link()}}
    report = gate(Talking(written=written), skip="--no-probe")
    assert (report.verdict, codes(report)) == (Verdict.PASS, {Code.NOT_PROBED})


def test_a_client_whose_new_format_fails_on_the_wire_is_blocked() -> None:
    talking = Talking()
    refusing_new_offers(talking)
    report = gate(talking, client(talking, other_format()))
    assert report.verdict is Verdict.BLOCK
    assert codes(report, "chat") >= {Code.CLOSED_BEFORE_WELCOME}


def test_a_client_whose_new_format_holds_passes() -> None:
    talking = Talking()
    assert gate(talking, client(talking, other_format())).verdict is Verdict.PASS


def test_a_client_that_changes_nothing_is_not_blocked_by_what_is_broken_already() -> None:
    talking = Talking()
    talking.breaks("edge", "direct")
    wanted = client(talking)
    report = gate(talking, wanted)
    assert (report.verdict, Code.PRE_EXISTING in codes(report)) == (Verdict.PASS, True)
    assert gate(talking, wanted, strict=True).verdict is Verdict.BLOCK


def test_a_new_format_is_not_blamed_for_a_server_that_is_broken_for_everybody() -> None:
    talking = Talking()
    talking.breaks("edge", "direct")
    report = gate(talking, client(talking, other_format()))
    assert Code.PRE_EXISTING in codes(report, "chat")
    assert Code.CLOSED_BEFORE_WELCOME not in codes(report, "chat")


def test_a_server_candidate_is_opened_at_its_own_url_with_the_clients_format() -> None:
    talking = Talking()
    wanted = talking.tagged()
    talking.acme.answer(f"{TAG_URL}/version.json", version_document(wanted.named))
    assert gate(talking, wanted).verdict is Verdict.PASS
    assert {request.target.url for request, _ in talking.asked} == {f"{TAG_URL}/ws"}


def test_a_server_candidate_that_fails_todays_clients_is_blocked() -> None:
    talking = Talking()
    wanted = talking.tagged()
    talking.acme.answer(f"{TAG_URL}/version.json", version_document(wanted.named))
    talking.breaks("candidate")
    assert gate(talking, wanted).verdict is Verdict.BLOCK


def under_review(talking: Talking, **changed: Any) -> Report:
    """The gate of a change of the manifest, by the rules of main."""
    told = manifest(**({"links": {"chat": link()}} | changed))
    history = talking.world.history
    history.add({MANIFEST: json.dumps(told)}, "Change it", branch="review", start="main")
    loaded = talking.acme.loaded(ref="review", policy_ref="main")
    return check(talking.world.doors(), loaded, asking())


def sent(talking: Talking) -> set[str]:
    """Where a real token went."""
    return {r.target.url for r, token in talking.asked if token and token.reveal == TOKEN}


def test_a_change_of_the_url_under_review_is_sent_no_token() -> None:
    talking = Talking()
    evil = "https://evil.example"
    talking.acme.answer(f"{evil}/version.json", version_document(talking.build))
    report = under_review(talking, services=services(url=evil))
    assert Code.NOT_PROBED in codes(report, "chat")
    assert report.verdict is not Verdict.PASS
    assert sent(talking) == set()


def test_a_change_of_the_token_or_the_probing_under_review_counts_for_nothing() -> None:
    talking = Talking()
    softened = link(token={"env": "OTHER_SECRET"}, probe={"in_gate": "false"})
    report = under_review(talking, links={"chat": softened})
    assert report.verdict is Verdict.PASS
    assert sent(talking) == {f"{API}/ws"}
    assert {wanted.env for wanted in talking.world.tokens.asked} == {"SKEWCHECK_CHAT_TOKEN"}


def test_a_link_that_comes_with_the_change_is_probed_without_a_token() -> None:
    talking = Talking()
    report = under_review(talking, links={"chat": link(), "more": link(path="/more")})
    assert Code.NOT_PROBED in codes(report, "more")
    assert sent(talking) == {f"{API}/ws"}


def test_verify_opens_the_wire_until_it_holds() -> None:
    talking = Talking()
    looks = itertools.count()
    clock = talking.world.clock
    clock.then = lambda: talking.breaks() if next(looks) >= 1 else None
    talking.breaks("edge", "direct")
    report = check_until_it_holds(
        talking.world.doors(),
        talking.acme.loaded(),
        asking(),
        deadline=clock.at + 5 * MINUTE,
        interval=MINUTE,
    )
    assert report.verdict is Verdict.PASS
    assert clock.waits == [60, 60]


def test_a_gate_asks_again_while_its_token_cannot_be_had() -> None:
    talking = Talking()
    tokens = talking.world.tokens
    tokens.secret = None

    def refill() -> None:
        tokens.secret = TOKEN

    talking.world.clock.then = refill
    report = check_while_unknown(
        talking.world.doors(), talking.acme.loaded(), asking(), times=3, interval=MINUTE
    )
    assert (report.verdict, talking.world.clock.waits) == (Verdict.PASS, [60])


def test_a_gate_opens_no_more_than_it_must() -> None:
    talking = Talking()
    talking.acme.answer("https://app.acme.example/", page(talking.build))
    gate(talking)
    kinds = [request.variant == AS_A_BROWSER for request, _ in talking.asked]
    assert (kinds.count(True), kinds.count(False)) == (5, 1)
