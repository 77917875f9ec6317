"""Probing the links of a survey, round by round."""

import itertools
import threading
from dataclasses import dataclass, field

import pytest

from skewcheck.core.exposed.health_document import Health
from skewcheck.core.findings import Code
from skewcheck.core.manifest import Token
from skewcheck.core.probed.probes import LinkProbe
from skewcheck.core.wire.script import AS_A_BROWSER, MADE_UP_TOKEN, ProbeRequest, Variant
from skewcheck.core.wire.secret import Secret
from skewcheck.core.wire.transcript import Transcript
from skewcheck.ports import NoToken
from tests.fakes import FakeTokens
from tests.flows.talking import (
    API,
    EXERCISE,
    HEALTH,
    TAG_URL,
    TOKEN,
    Talking,
    contract,
    link,
    services,
)
from tests.flows.worlds import APP, page, version_document
from tests.transcripts import closed, rejected

CONTROL, MADE_UP = Variant(control=True), Variant(made_up=True)
HEALTHY = {"health": {"path": "/health", "requires": ["supervisor"]}}


def variants(seen: LinkProbe) -> list[tuple[str, str, int]]:
    return [(e.target.place, str(e.variant), len(e.transcripts)) for e in seen.probed]


@dataclass
class Few(FakeTokens):
    """Gives so many tokens, and then no more."""

    left: int = 1
    _number: "itertools.count[int]" = field(default_factory=itertools.count)

    def token(self, wanted: Token) -> Secret | NoToken:
        if next(self._number) < self.left:
            return super().token(wanted)
        return NoToken(why="the vault is sealed", fix="unseal it")


def test_a_link_that_holds_is_opened_as_often_as_told_and_controlled_once() -> None:
    seen = Talking().chat()
    assert variants(seen) == [
        ("edge", "as a browser", 5),
        ("edge", "wrong format, made-up token", 1),
    ]
    assert (seen.link, seen.client, seen.server, seen.doubts) == ("chat", "web", "api", ())
    assert {each.state for each in seen.of(variant=AS_A_BROWSER)} == {"holds"}


def test_each_probe_asks_for_its_own_token() -> None:
    talking = Talking()
    talking.chat()
    real = [token for _, token in talking.asked if token and token.reveal == TOKEN]
    assert len(real) == 5
    assert len(talking.world.tokens.asked) == 1 + 5  # tried once before all


def test_no_token_is_asked_for_where_none_travels() -> None:
    talking = Talking(token=False)
    talking.chat()
    assert talking.world.tokens.asked == []
    assert {token.reveal for _, token in talking.asked if token} <= {MADE_UP_TOKEN}


def test_the_real_token_travels_with_nothing_that_is_made_up() -> None:
    talking = Talking()
    talking.breaks("edge", "direct")
    talking.chat(thorough=True)
    carried = {request.variant: token for request, token in talking.asked}
    assert {CONTROL, MADE_UP} <= set(carried)
    for variant, token in carried.items():
        assert token is not None
        assert (token.reveal == TOKEN) is not variant.is_harmless


def test_the_real_token_goes_to_trusted_places_only() -> None:
    talking = Talking()
    talking.breaks("edge", "direct")
    talking.chat(thorough=True)
    hosts = {request.target.url.split("/")[2] for request, token in talking.asked}
    assert hosts == {"api.acme.example", "api-x.a.run.app"}


def test_a_candidate_of_a_foreign_host_is_asked_nothing() -> None:
    talking = Talking()
    wanted = talking.tagged()
    seen = talking.chat(type(wanted)(service="api", named=wanted.named, url="https://evil.example"))
    assert [doubt.what for doubt in seen.doubts] == ["not-probed"]
    assert (talking.asked, talking.world.tokens.asked) == ([], [])


def test_a_token_that_cannot_be_had_is_told_once_and_nothing_is_opened() -> None:
    talking = Talking()
    talking.world.tokens.secret = None
    seen = talking.chat()
    [doubt] = seen.doubts
    assert doubt.why == "the WebSocket was not opened: SKEWCHECK_CHAT_TOKEN is not set"
    assert doubt.fix == "export SKEWCHECK_CHAT_TOKEN=…"
    assert (seen.probed, talking.asked) == ((), [])
    assert len(talking.world.tokens.asked) == 1


def test_a_token_that_is_lost_on_the_way_stops_the_probing_with_its_reason() -> None:
    talking = Talking()
    talking.world.tokens = Few(left=1)
    seen = talking.chat()
    [doubt] = seen.doubts
    assert (doubt.what, doubt.fix) == ("not-probed", "unseal it")
    assert doubt.why == "the token could be had at first, and then no more: the vault is sealed"
    assert (seen.probed, talking.asked) == ((), [])


def test_a_token_that_is_lost_half_way_keeps_what_was_seen_and_says_so() -> None:
    talking = Talking()
    talking.world.tokens = Few(left=1 + 3)
    seen = talking.chat()
    assert variants(seen) == [("edge", "as a browser", 3)]
    assert [doubt.what for doubt in seen.doubts] == ["not-probed"]


def test_a_token_that_is_lost_while_a_failure_is_repeated_is_told() -> None:
    talking = Talking()
    talking.breaks("edge")
    talking.world.tokens = Few(left=1 + 5)
    seen = talking.chat()
    assert variants(seen) == [("edge", "as a browser", 5)]
    assert len(seen.doubts) == 1


def test_tokens_that_are_lost_in_several_probes_are_told_once() -> None:
    talking = Talking()
    talking.split()
    talking.world.tokens = Few(left=1)
    assert len(talking.chat().doubts) == 1


def test_what_fails_is_tried_again() -> None:
    talking = Talking()
    talking.breaks("edge", "direct")
    seen = talking.chat()
    assert variants(seen)[:2] == [("edge", "as a browser", 8), ("direct", "as a browser", 4)]


def test_one_failure_of_several_is_tried_again_once() -> None:
    talking = Talking()
    numbers = itertools.count()
    talking.world.prober.answers = lambda request: (
        closed(spoken=request.script) if next(numbers) == 0 else None
    )
    first = talking.chat().probed[0]
    assert (first.state, len(first.transcripts)) == ("flaky", 6)


def test_a_single_handshake_that_fails_is_tried_three_times() -> None:
    talking = Talking()
    talking.breaks("edge", "direct")
    assert variants(talking.chat(handshakes=1))[0] == ("edge", "as a browser", 3)


def test_experiments_are_not_tried_again() -> None:
    talking = Talking()
    talking.world.prober.answers = lambda request: rejected(403)
    assert all(
        len(each.transcripts) == 1 for each in talking.chat().probed if each.variant != AS_A_BROWSER
    )


def test_a_candidate_is_woken_by_one_handshake_that_may_take_its_time() -> None:
    talking = Talking(written={"links": {"chat": link(probe={"cold_start": "42s"})}})
    alone: list[bool] = []
    others = threading.Event()

    def answers(request: ProbeRequest) -> Transcript | None:
        if request.variant == AS_A_BROWSER:
            if not alone:
                alone.append(not others.wait(timeout=0.1))
            others.set()
        return None

    talking.world.prober.answers = answers
    seen = talking.chat(talking.tagged())
    assert variants(seen)[0] == ("candidate", "as a browser", 5)
    assert alone == [True]
    patience = [r.patience.answer_s for r, _ in talking.asked if r.variant == AS_A_BROWSER]
    assert patience == [42, 10, 10, 10, 10]
    assert {r.target.url for r, _ in talking.asked} == {f"{TAG_URL}/ws"}


def test_the_edge_is_given_no_more_time_than_a_handshake_takes() -> None:
    talking = Talking()
    talking.chat()
    assert {request.patience.answer_s for request, _ in talking.asked} == {10}


def test_health_and_version_are_read_once_while_a_connection_is_open() -> None:
    talking = Talking(written={"services": services(**HEALTHY), "links": {"chat": link()}})
    talking.split()
    talking.healthy({"supervisor": "ok"})
    seen = talking.chat()
    assert isinstance(seen.health, Health)
    assert [each.state for each in seen.health.states] == ["available"]
    read = [url.rsplit("/", 1)[1] for url in talking.world.http.urls()]
    assert read.count("health") == 1
    assert sorted(read[-2:]) == ["health", "version.json"]


def test_what_a_server_says_of_its_environment_while_connected_is_kept() -> None:
    talking = Talking()
    document = version_document(talking.build, environment="production")
    talking.acme.answer(f"{API}/version.json", document)
    assert talking.chat().said_environment == "production"


def test_where_nothing_opens_there_is_nothing_to_read_beside() -> None:
    talking = Talking(written={"services": services(**HEALTHY), "links": {"chat": link()}})
    talking.healthy({"supervisor": "ok"})
    talking.world.prober.answers = lambda request: rejected(503)
    seen = talking.chat()
    assert (seen.health, seen.said_environment) == (None, "")
    assert HEALTH not in talking.world.http.urls()


def test_the_first_connection_that_opens_at_last_is_read_beside() -> None:
    talking = Talking(written={"services": services(**HEALTHY), "links": {"chat": link()}})
    talking.healthy({"supervisor": "ok"})
    talking.world.prober.answers = lambda request: (
        rejected(503) if request.target.place == "edge" else None
    )
    assert isinstance(talking.chat().health, Health)


def test_experiments_are_not_disturbed_by_reading_beside_them() -> None:
    talking = Talking(written={"services": services(**HEALTHY), "links": {"chat": link()}})
    talking.healthy({"supervisor": "ok"})
    talking.world.prober.answers = lambda request: (
        rejected(503) if request.variant == AS_A_BROWSER else None
    )
    assert talking.chat(thorough=True).health is None


def test_logs_are_asked_for_only_by_a_thorough_look() -> None:
    talking = Talking()
    talking.chat()
    assert talking.world.logs.asked == []
    talking.world.logs.logged = lambda probe: f"served {probe}"
    assert talking.chat(thorough=True).logs
    assert talking.world.logs.asked


def test_a_token_in_the_logs_is_masked() -> None:
    talking = Talking()
    talking.world.logs.logged = lambda probe: f"token {TOKEN} came"
    logs = talking.chat(thorough=True).logs
    assert {line.text for line in logs} == {"token [token] came"}


def test_what_the_edge_serves_of_the_client_comes_along_where_nothing_else_is_judged() -> None:
    talking = Talking()
    talking.acme.answer(f"{APP}/", page(talking.acme.old))
    alone = talking.chat(thorough=True, alone=True)
    assert {each.code for each in alone.page} == {Code.STALE_EDGE}
    assert talking.chat(thorough=True).page == ()


def test_all_links_are_probed_in_the_same_rounds() -> None:
    two = {"chat": link(), "jobs": link(path="/jobs")}
    talking = Talking(written={"links": two})
    seen = talking.probes().links
    assert [each.link for each in seen] == ["chat", "jobs"]
    rounds = [(r.target.url, r.variant == AS_A_BROWSER) for r, _ in talking.asked]
    assert {url for url, _ in rounds[:10]} == {f"{API}/ws", f"{API}/jobs"}
    assert [base for _, base in rounds] == [True] * 10 + [False] * 2


def test_one_links_trouble_stops_no_other() -> None:
    two = {"chat": link(), "jobs": link(path="/jobs", token=None)}
    del two["jobs"]["token"]
    chat, jobs = Talking(written={"links": two}).probes().links
    assert (len(chat.probed), chat.doubts) == (2, ())
    assert (jobs.probed, [doubt.what for doubt in jobs.doubts]) == ((), ["not-probed"])


def test_only_the_wanted_links_are_probed() -> None:
    two = {"chat": link(), "jobs": link(path="/jobs")}
    seen = Talking(written={"links": two}).probes(links=frozenset({"jobs"}))
    assert [each.link for each in seen.links] == ["jobs"]


def test_what_is_skipped_opens_nothing_and_says_why() -> None:
    talking = Talking()
    [doubt] = talking.chat(skip="--no-probe").doubts
    assert doubt.why == "the WebSocket was not opened: --no-probe"
    assert (talking.asked, talking.world.tokens.asked) == ([], [])


def test_every_revision_of_a_split_is_opened() -> None:
    talking = Talking()
    talking.split()
    assert [str(each.target) for each in talking.chat().of(variant=AS_A_BROWSER)] == [
        "the edge",
        "revision api-2 directly",
        "revision api-1 directly",
    ]


def test_the_edge_is_not_comparable_where_no_way_leads_past_it() -> None:
    talking = Talking()
    talking.acme.run("api", talking.build, internal=True)
    talking.breaks("edge")
    assert [doubt.what for doubt in talking.chat().doubts] == ["not-comparable"]


def test_the_exercise_is_made_once_where_it_is_asked_for() -> None:
    talking = Talking(probe={"exercise": EXERCISE})
    exercised = [each for each in talking.chat(exercise=True).probed if each.variant.exercise]
    assert [(each.state, len(each.transcripts)) for each in exercised] == [("holds", 1)]
    assert not any(each.variant.exercise for each in talking.chat().probed)


def test_the_policy_says_what_an_unprobed_link_is_worth() -> None:
    policy = {"unprobed": "notice", "success_target": "0.5"}
    seen = Talking(written={"policy": policy, "links": {"chat": link()}}).probes()
    assert (seen.unprobed, seen.success_target) == ("notice", 0.5)
    assert (seen.environment, Talking().probes().unprobed) == ("staging", "unknown")


def test_clients_of_two_formats_are_both_played() -> None:
    talking = Talking()
    other = talking.commit(contract(token=False))
    talking.acme.answer(f"{APP}/", page(other))
    seen = talking.chat()
    assert len({each.format.fingerprint for each in seen.of(variant=AS_A_BROWSER)}) == 2


@pytest.mark.parametrize("thorough", [False, True])
def test_it_ends_whatever_comes_back(*, thorough: bool) -> None:
    talking = Talking(probe={"exercise": EXERCISE})
    numbers = itertools.count()
    answers = [closed(), rejected(403), rejected(200, "<html>"), closed(1008)]
    talking.world.prober.answers = lambda request: answers[next(numbers) % len(answers)]
    seen = talking.chat(thorough=thorough, exercise=True, hold_s=1.0)
    keys = [(e.format.fingerprint, e.target, e.variant) for e in seen.probed]
    assert len(set(keys)) == len(keys)
