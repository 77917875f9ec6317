"""One probe: what it is asked with, and which token it carries."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from skewcheck.core.manifest import ProbeRule, Token
from skewcheck.core.probe.experiments import Experiment, Kit
from skewcheck.core.probe.kits import ProbePlan
from skewcheck.core.wire.script import (
    AS_A_BROWSER,
    MADE_UP_TOKEN,
    Patience,
    ProbeRequest,
    Script,
    Variant,
)
from skewcheck.core.wire.secret import Secret
from skewcheck.core.wire.transcript import Transcript
from skewcheck.flows.pool import reading
from skewcheck.flows.probe_once import ProbeRun, Tried, probed_of
from skewcheck.ports import NoToken
from tests.builders import API, APP
from tests.fakes import FakeWorld
from tests.transcripts import CANDIDATE, DIRECT, EDGE, WELCOME, closed, format_of, welcomed

OPEN = format_of(Script(welcome=WELCOME))
BASE = Experiment(format=format_of(), target=EDGE)
REFUSED = closed()


def plan(**changed: Any) -> ProbePlan:
    said: dict[str, Any] = {
        "link": "chat",
        "client": "frontend",
        "server": "backend",
        "origin": APP,
        "kit": Kit(pairs=((format_of(), EDGE),)),
        "rule": ProbeRule(),
        "token": Token(env="SKEWCHECK_CHAT_TOKEN"),
        "trusted": frozenset({f"{API}:443"}),
    }
    return ProbePlan(**(said | changed))


@contextmanager
def running(world: FakeWorld, **changed: Any) -> Iterator[ProbeRun]:
    with reading(4) as pool:
        yield ProbeRun(world.doors(), pool, plan(**changed))


def tried(experiment: Experiment, world: FakeWorld | None = None, **changed: Any) -> Tried:
    with running(world or FakeWorld(), **changed) as run:
        return run.once(experiment, Patience())


def asked_of(experiment: Experiment, **changed: Any) -> tuple[ProbeRequest, Secret | None]:
    world = FakeWorld()
    assert isinstance(tried(experiment, world, **changed), Transcript)
    [asked] = world.prober.asked
    return asked


def why(got: Tried) -> str:
    assert isinstance(got, NoToken)
    assert got.fix
    return got.why


def test_a_probe_asks_for_what_its_experiment_says_as_the_page_would() -> None:
    variant = Variant(auth="header")
    request, token = asked_of(replace(BASE, variant=variant))
    assert (request.target, request.origin) == (EDGE, APP)
    assert (request.script, request.variant) == (format_of().script, variant)
    assert token == Secret("a-token-of-the-tests")


def test_each_probe_has_an_id_of_its_own() -> None:
    ids = {asked_of(BASE)[0].id for _ in range(3)}
    assert len(ids) == 3
    assert all(len(each) == 12 and int(each, 16) >= 0 for each in ids)


@pytest.mark.parametrize("variant", [Variant(control=True), Variant(made_up=True)], ids=str)
def test_what_is_made_up_carries_a_made_up_token_anywhere(variant: Variant) -> None:
    request, token = asked_of(replace(BASE, variant=variant), trusted=frozenset(), token=None)
    assert token == Secret(MADE_UP_TOKEN)
    assert request.variant == variant


def test_a_format_without_a_token_carries_none() -> None:
    assert asked_of(replace(BASE, format=OPEN), trusted=frozenset(), token=None)[1] is None


def test_a_place_that_is_not_trusted_is_never_opened() -> None:
    world = FakeWorld()
    told = why(tried(replace(BASE, target=DIRECT), world))
    assert told == "https://acme-api-x.a.run.app:443 may not be sent it"
    assert (world.prober.asked, world.tokens.asked) == ([], [])


def test_a_link_without_a_token_says_so() -> None:
    assert why(tried(BASE, token=None)) == "the manifest names no token"


def test_why_there_is_no_token_is_passed_on() -> None:
    world = FakeWorld()
    world.tokens.secret = None
    assert why(tried(BASE, world)) == "SKEWCHECK_CHAT_TOKEN is not set"
    assert world.prober.asked == []


def test_tokens_that_were_sent_are_remembered_and_made_up_ones_are_not() -> None:
    with running(FakeWorld()) as run:
        run.once(BASE, Patience())
        run.once(replace(BASE, variant=Variant(control=True)), Patience())
        assert run.used == [Secret("a-token-of-the-tests")]


def test_all_handshakes_of_an_experiment_are_made_and_the_first_is_looked_beside() -> None:
    world = FakeWorld()
    opened: list[int] = []
    with running(world) as run:

        def beside() -> Any:
            opened.append(1)
            return run.pool.submit(int)

        futures = run.start(replace(BASE, times=3), beside)
        assert all(isinstance(each.result(), Transcript) for each in futures)
    assert (len(world.prober.asked), opened) == (3, [1])


@pytest.mark.parametrize(
    ("experiment", "answer_s"),
    [
        pytest.param(replace(BASE, target=CANDIDATE), 60, id="a cold candidate"),
        pytest.param(
            replace(BASE, target=CANDIDATE, variant=Variant(control=True)), 10, id="a warm one"
        ),
        pytest.param(BASE, 10, id="the edge"),
    ],
)
def test_only_the_first_handshake_of_a_candidate_may_take_long(
    experiment: Experiment, answer_s: float
) -> None:
    world = FakeWorld()
    trusted = frozenset({f"{API}:443", "https://c-1---acme-api-x.a.run.app:443"})
    with running(world, trusted=trusted) as run:
        [each.result() for each in run.start(replace(experiment, times=2), None)]
    patience = sorted(request.patience.answer_s for request, _ in world.prober.asked)
    assert patience == [10, answer_s]


@pytest.mark.parametrize(
    ("outcomes", "more"),
    [
        pytest.param("hhhhh", 0, id="all hold"),
        pytest.param("h", 0, id="one, and it holds"),
        pytest.param("f", 2, id="one, and it fails"),
        pytest.param("fh", 1, id="one of two fails"),
        pytest.param("hhhhf", 1, id="one of five fails"),
        pytest.param("fffff", 3, id="all fail"),
    ],
)
def test_failures_are_repeated_but_not_for_ever(outcomes: str, more: int) -> None:
    world = FakeWorld()
    seen = [welcomed() if each == "h" else REFUSED for each in outcomes]
    with running(world) as run:
        assert len(run.repeat(BASE, seen)) == more
        assert run.repeat(replace(BASE, variant=Variant(made_up=True)), [REFUSED]) == []
    assert len(world.prober.asked) == more


def test_what_was_tried_is_kept_with_what_it_was_asked_for() -> None:
    kept = probed_of(BASE, [REFUSED])
    assert (kept.format, kept.target, kept.variant) == (BASE.format, EDGE, AS_A_BROWSER)
    assert kept.transcripts == (REFUSED,)
