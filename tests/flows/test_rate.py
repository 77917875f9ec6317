"""The success rate of a link: look after look, at a bounded pace, until one decides."""

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from skewcheck.core.control_plane import Target
from skewcheck.core.manifest import Token
from skewcheck.core.probe.kits import ProbeWanted
from skewcheck.core.probed.probes import LinkProbe, Probes
from skewcheck.core.probed.rate import Answer
from skewcheck.core.question import CandidateWanted
from skewcheck.core.wire.script import AS_A_BROWSER, ProbeRequest
from skewcheck.core.wire.secret import Secret
from skewcheck.core.wire.transcript import Transcript
from skewcheck.flows.probe import take_probes
from skewcheck.flows.rate import Pace, take_rates
from skewcheck.flows.survey import take_survey
from skewcheck.ports import NoToken
from tests.fakes import FakeTokens
from tests.flows.talking import TAG_URL, Talking, link, services
from tests.transcripts import closed, rejected

WANTED = ProbeWanted(thorough=True, handshakes=1)
PACE = Pace(at_once=4, per_second=50)


def rate(
    talking: Talking, *candidates: CandidateWanted, pace: Pace = PACE, wanted: ProbeWanted = WANTED
) -> Probes:
    """Probed first, then rated; what the rating waited for stands in the clock alone."""
    doors, loaded = talking.world.doors(), talking.acme.loaded()
    survey = take_survey(doors, loaded, candidates)
    probes = take_probes(doors, loaded.rules, survey, wanted)
    talking.world.clock.waits.clear()
    talking.asked.clear()
    return take_rates(doors, loaded.rules, survey, wanted, probes, pace)


def chat(talking: Talking, *candidates: CandidateWanted, pace: Pace = PACE) -> LinkProbe:
    [only] = rate(talking, *candidates, pace=pace).links
    return only


def failing(talking: Talking, share: Callable[[int], bool], answer: Transcript) -> None:
    """The connections to the edge whose numbers are picked fail so; number 0 is the probe's."""
    numbers = itertools.count()

    def answers(request: ProbeRequest) -> Transcript | None:
        if request.variant != AS_A_BROWSER or request.target.place != "edge":
            return None
        return answer if share(next(numbers)) else None

    talking.world.prober.answers = answers


def test_where_all_hold_the_first_look_decides() -> None:
    talking = Talking()
    [rated] = chat(talking).rated
    assert (rated.rate.answer, rated.rate.tried, rated.rate.successes) == (Answer.ABOVE, 35, 35)
    assert (rated.target.place, rated.rate.target) == ("edge", 0.9)
    assert len(talking.asked) == 35


def test_where_none_holds_the_first_look_decides_and_the_failures_are_counted() -> None:
    talking = Talking()
    talking.world.prober.answers = lambda request: closed(spoken=request.script)
    [rated] = chat(talking).rated
    assert (rated.rate.answer, rated.rate.tried) == (Answer.NOT_ABOVE, 35)
    assert rated.rate.failures == (("closed-before-welcome", 35),)


def test_a_look_that_does_not_decide_is_followed_by_the_next() -> None:
    talking = Talking()
    failing(talking, lambda number: number in {5, 6, 7}, closed())
    [rated] = chat(talking).rated
    assert (rated.rate.answer, rated.rate.tried) == (Answer.ABOVE, 140)
    assert len(talking.asked) == 140


def test_what_is_too_near_the_target_is_given_up_after_the_last_look() -> None:
    talking = Talking()
    failing(talking, lambda number: number % 10 == 1, closed())
    [rated] = chat(talking).rated
    assert (rated.rate.answer, rated.rate.tried) == (Answer.UNDECIDED, 500)
    assert rated.rate.failures == (("closed-before-welcome", 50),)


def test_failures_of_several_kinds_are_counted_apart_the_commonest_first() -> None:
    talking = Talking()
    numbers = itertools.count()
    talking.world.prober.answers = lambda request: (
        rejected(503) if next(numbers) % 5 == 0 else closed(spoken=request.script)
    )
    [rated] = chat(talking).rated
    assert [code for code, _ in rated.rate.failures] == [
        "closed-before-welcome",
        "handshake-rejected",
    ]
    assert sum(count for _, count in rated.rate.failures) == 35


def test_new_connections_keep_the_pace() -> None:
    talking = Talking()
    chat(talking, pace=Pace(at_once=4, per_second=20))
    assert talking.world.clock.waits == [0.05] * 34


def test_no_more_connections_than_allowed_are_open_at_a_time() -> None:
    talking = Talking()
    now, most, lock = [0], [0], threading.Lock()

    def answers(request: ProbeRequest) -> Transcript | None:
        del request
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        with lock:
            now[0] -= 1
        return None

    doors, loaded = talking.world.doors(), talking.acme.loaded()
    survey = take_survey(doors, loaded)
    probes = take_probes(doors, loaded.rules, survey, WANTED)
    talking.world.prober.answers = answers
    take_rates(doors, loaded.rules, survey, WANTED, probes, Pace(at_once=1))
    assert most == [1]


def test_each_connection_carries_a_token_of_its_own() -> None:
    talking = Talking()
    chat(talking)
    assert all(token == Secret("a-token-of-the-tests") for _, token in talking.asked)
    assert {request.variant for request, _ in talking.asked} == {AS_A_BROWSER}


@dataclass
class Until(FakeTokens):
    """No more tokens once `over` is set."""

    over: threading.Event = field(default_factory=threading.Event)

    def token(self, wanted: Token) -> Secret | NoToken:
        if self.over.is_set():
            return NoToken(why="the vault is sealed", fix="unseal it")
        return super().token(wanted)


def test_a_token_that_is_lost_meanwhile_ends_the_rating_with_its_reason() -> None:
    talking = Talking()
    talking.split()
    tokens = Until()
    talking.world.tokens = tokens
    talking.world.clock.then = tokens.over.set
    seen = chat(talking)
    [doubt] = seen.doubts
    assert (doubt.what, doubt.fix) == ("not-probed", "unseal it")
    assert doubt.why == "the token could be had at first, and then no more: the vault is sealed"
    assert seen.rated == ()


def test_a_link_that_could_not_be_probed_is_not_rated() -> None:
    talking = Talking()
    talking.world.tokens.secret = None
    seen = chat(talking)
    assert (seen.rated, len(seen.doubts), talking.asked) == ((), 1, [])


def test_what_was_seen_before_stays() -> None:
    seen = chat(Talking())
    assert {str(each.variant) for each in seen.probed} >= {"as a browser"}


def test_every_link_is_rated() -> None:
    two = {"chat": link(), "jobs": link(path="/jobs")}
    seen = rate(Talking(written={"links": two}))
    assert [(each.link, len(each.rated)) for each in seen.links] == [("chat", 1), ("jobs", 1)]


def test_of_a_split_each_revision_that_can_be_addressed_is_rated() -> None:
    talking = Talking()
    talking.split()
    assert [str(each.target) for each in chat(talking).rated] == [
        "the edge",
        "revision api-2 directly",
        "revision api-1 directly",
    ]


def test_regions_that_run_revisions_of_one_name_are_rated_apart() -> None:
    regions = {"cloud_run": {"service": "api", "regions": ["us-central1", "europe-west1"]}}
    talking = Talking(written={"services": services(**regions), "links": {"chat": link()}})
    places = [str(each.target) for each in chat(talking).rated]
    assert places == ["the edge", *["revision api-1 directly"] * len(places[1:])]
    assert places[1:]


def test_a_sole_revision_is_rated_at_the_edge_alone() -> None:
    assert [each.target.place for each in chat(Talking()).rated] == ["edge"]


def test_a_candidate_is_rated_at_its_own_url() -> None:
    talking = Talking()
    assert [str(each.target) for each in chat(talking, talking.tagged()).rated] == ["the candidate"]


def test_beside_a_candidate_nothing_of_today_is_rated() -> None:
    talking = Talking()
    wanted = talking.tagged()
    tagged = Target(revision="api-3", percent=0, tag="c-1", url=TAG_URL)
    halves = [
        Target(revision=f"api-{number}", percent=50, tag=f"r{number}", url=talking.tag(number))
        for number in (2, 1)
    ]
    talking.acme.run("api", talking.build, talking.acme.old, targets=[*halves, tagged])
    assert [str(each.target) for each in chat(talking, wanted).rated] == ["the candidate"]


@pytest.mark.parametrize(("target", "answer"), [("0.5", Answer.ABOVE), ("0.95", Answer.NOT_ABOVE)])
def test_the_policy_says_how_many_must_succeed(target: str, answer: Answer) -> None:
    policy = {"success_target": target}
    talking = Talking(written={"policy": policy, "links": {"chat": link()}})
    failing(talking, lambda number: number % 4 == 1, closed())
    [rated] = chat(talking).rated
    assert rated.rate.answer is answer
