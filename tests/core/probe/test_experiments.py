"""Which probes are made next: nothing that cannot tell anything, each once, and then an end."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.probe.experiments import (
    Experiment,
    Kit,
    holding_direct,
    losable,
    next_experiments,
)
from skewcheck.core.probed.probes import Format, Probed
from skewcheck.core.wire.script import AS_A_BROWSER, Script, Target, Variant
from skewcheck.core.wire.transcript import Sent, Transcript
from tests.builders import OLD_FORMAT
from tests.transcripts import (
    CANDIDATE,
    DIRECT,
    EDGE,
    EXERCISE,
    WELCOME,
    closed,
    cut,
    cut_after_welcome,
    format_of,
    message,
    opening,
    probed,
    rejected,
    script,
    silent,
    transcript,
    welcomed,
)

CONTROL, MADE_UP = Variant(control=True), Variant(made_up=True)
AT_ONCE = Variant(speaks="at-once")
OTHER_REVISION = Target(place="direct", url="https://r1.a.run.app/ws", revision="acme-api-00001")
FORM, OLD_FORM = format_of(), format_of(fingerprint=OLD_FORMAT)
TALKS = format_of(script(exercise=EXERCISE))
IN_HEADER = format_of(script(offers=("chat",), selected="chat", token_in="authorization"))
OPEN = format_of(Script(welcome=WELCOME))  # nothing in it could be wrong
OPENS = format_of(script(opens_with=({"type": "hello"},)))

Answers = Callable[[Experiment], Transcript]


def holds(experiment: Experiment) -> Transcript:
    return welcomed(experiment.format.script, experiment.variant)


def is_base(experiment: Experiment) -> bool:
    return experiment.variant == AS_A_BROWSER


def failing(answer: Transcript, *targets: Target) -> Answers:
    """Fails so at those places as a browser; control and made-up token are refused; else holds."""

    def answers(experiment: Experiment) -> Transcript:
        if experiment.variant.is_harmless:
            return rejected(401)
        return answer if is_base(experiment) and experiment.target in targets else holds(experiment)

    return answers


def run(kit: Kit, answers: Answers) -> list[list[Experiment]]:
    """All rounds, each with what was made in it."""
    done: list[Probed] = []
    rounds = []
    while some := next_experiments(kit, tuple(done)):
        rounds.append(list(some))
        done += [
            probed(answers(e), target=e.target, variant=e.variant, spoken=e.format) for e in some
        ]
        assert len(rounds) <= 8
    return rounds


def made(kit: Kit, answers: Answers) -> list[tuple[str, str]]:
    """Place and variant of everything beyond what must hold."""
    _, *later = run(kit, answers)
    return [(each.target.place, str(each.variant)) for some in later for each in some]


def kit(*pairs: tuple[Format, Target], **changed: object) -> Kit:
    said: dict[str, object] = {"directs": (DIRECT,)} | changed
    return Kit(pairs=pairs or ((FORM, EDGE),), **said)  # type: ignore[arg-type]


def test_where_all_holds_a_gate_makes_what_must_hold_and_one_control() -> None:
    first, *later = run(kit(), failing(silent()))
    assert first == [Experiment(format=FORM, target=EDGE, times=5)]
    assert later == [[Experiment(format=FORM, target=EDGE, variant=CONTROL)]]
    assert later[0][0].times == 1


def test_a_format_in_which_nothing_could_be_wrong_has_no_control() -> None:
    assert made(kit((OPEN, EDGE)), holds) == []


def test_the_control_is_made_in_a_format_that_can_be_wrong() -> None:
    second = format_of(fingerprint=OLD_FORMAT)
    rounds = run(kit((OPEN, EDGE), (second, EDGE)), failing(silent()))
    assert [e.format for some in rounds for e in some if e.variant == CONTROL] == [second]


def test_a_place_where_nothing_could_be_wrong_has_no_control() -> None:
    controls = made(kit((OPEN, EDGE), (FORM, DIRECT)), failing(silent()))
    assert controls == [("direct", str(CONTROL))]


def test_there_is_one_control_at_each_place() -> None:
    two = kit((FORM, EDGE), (OLD_FORM, EDGE), (FORM, DIRECT))
    controls = [each for each in made(two, failing(silent())) if each[1] == str(CONTROL)]
    assert controls == [("edge", str(CONTROL)), ("direct", str(CONTROL))]


def test_an_edge_that_fails_is_compared_with_the_way_past_it() -> None:
    rounds = run(kit(), failing(closed(), EDGE))
    assert Experiment(format=FORM, target=DIRECT, times=2) in rounds[1]


def test_a_flaky_edge_is_compared_too() -> None:
    flaky = probed(welcomed(), closed())
    assert Experiment(format=FORM, target=DIRECT, times=2) in next_experiments(kit(), (flaky,))


def test_what_fails_past_the_edge_calls_for_no_way_past_it() -> None:
    only = kit((FORM, CANDIDATE))
    assert not any(place == "direct" for place, _ in made(only, failing(closed(), CANDIDATE)))


def test_where_it_holds_directly_exactly_what_can_be_lost_is_lost_on_purpose() -> None:
    at_direct = [told for place, told in made(kit(), failing(closed(), EDGE)) if place == "direct"]
    assert at_direct == ["as a browser", "without Sec-Websocket-Protocol", "without Upgrade"]


@pytest.mark.parametrize(
    ("spoken", "names"),
    [
        pytest.param(Script(), ("upgrade",), id="nothing but the upgrade"),
        pytest.param(Script(token_in="query:t"), ("upgrade",), id="token in the query"),
        pytest.param(Script(token_in="cookie:sid"), ("cookie", "upgrade"), id="cookie"),
        pytest.param(
            IN_HEADER.script, ("authorization", "sec-websocket-protocol", "upgrade"), id="header"
        ),
        pytest.param(FORM.script, ("sec-websocket-protocol", "upgrade"), id="subprotocol"),
    ],
)
def test_only_headers_that_the_format_needs_can_be_lost(
    spoken: Script, names: tuple[str, ...]
) -> None:
    assert losable(spoken) == names


def test_where_nothing_holds_directly_nothing_is_lost_on_purpose() -> None:
    told = made(kit(), failing(closed(), EDGE, DIRECT))
    assert not any("without" in variant for _, variant in told)


@pytest.mark.parametrize(
    ("form", "variant"),
    [
        pytest.param(FORM, Variant(auth="header"), id="from subprotocol to header"),
        pytest.param(IN_HEADER, Variant(auth="subprotocol"), id="from header to subprotocol"),
    ],
)
def test_where_nothing_holds_directly_the_token_travels_the_other_way(
    form: Format, variant: Variant
) -> None:
    refused = closed(1008, "no token", spoken=form.script)
    told = made(kit((form, EDGE)), failing(refused, EDGE, DIRECT))
    assert ("edge", str(variant)) in told


def test_a_candidates_token_travels_the_other_way_without_any_way_past_the_edge() -> None:
    told = made(kit((FORM, CANDIDATE)), failing(closed(1008, "no"), CANDIDATE))
    assert ("candidate", str(Variant(auth="header"))) in told


def test_the_token_stays_in_its_place_until_the_edge_was_compared_in_that_very_format() -> None:
    broken = probed(closed(1008, "no"))
    moved = Experiment(format=FORM, target=EDGE, variant=Variant(auth="header"))
    for other in (
        probed(closed(), target=DIRECT, spoken=OLD_FORM),
        probed(closed(), target=DIRECT, variant=Variant(without=("upgrade",))),
    ):
        assert moved not in next_experiments(kit(), (broken, other))
    assert moved in next_experiments(kit(), (broken, probed(closed(), target=DIRECT)))


@pytest.mark.parametrize("where", ["none", "query:token", "cookie:sid"])
def test_a_token_elsewhere_has_no_other_way(where: str) -> None:
    form = format_of(script(offers=("chat",), selected="chat", token_in=where))
    told = made(kit((form, EDGE)), failing(closed(spoken=form.script), EDGE, DIRECT))
    assert not any("token in" in variant for _, variant in told)


def test_where_it_holds_directly_the_token_needs_no_other_way() -> None:
    assert not any("token in" in told for _, told in made(kit(), failing(closed(), EDGE)))


def test_an_upgrade_that_nobody_answers_is_not_asked_for_with_other_tokens() -> None:
    told = made(kit(), failing(transcript(), EDGE, DIRECT))
    assert not any("token" in variant for _, variant in told)


def test_a_refused_upgrade_is_asked_for_without_origin() -> None:
    assert ("edge", "without Origin") in made(kit(), failing(rejected(403), EDGE))


@pytest.mark.parametrize(
    "late", [pytest.param(silent(), id="silent"), pytest.param(closed(), id="closed")]
)
def test_a_failure_after_the_upgrade_has_nothing_to_do_with_origin(late: Transcript) -> None:
    assert ("edge", "without Origin") not in made(kit(), failing(late, EDGE))


@pytest.mark.parametrize(
    "late", [pytest.param(closed(1008), id="auth"), pytest.param(silent(), id="welcome")]
)
def test_a_late_failure_calls_for_a_made_up_token_and_the_other_way_of_speaking(
    late: Transcript,
) -> None:
    told = made(kit(), failing(late, EDGE))
    assert {("edge", str(MADE_UP)), ("edge", str(AT_ONCE))} <= set(told)


def test_an_early_failure_calls_for_neither() -> None:
    told = {variant for _, variant in made(kit(), failing(rejected(403), EDGE))}
    assert not told & {str(MADE_UP), str(AT_ONCE)}


def test_without_a_token_there_is_none_to_make_up() -> None:
    told = made(kit((OPEN, EDGE)), failing(silent(OPEN.script), EDGE))
    assert ("edge", str(MADE_UP)) not in told
    assert ("edge", str(AT_ONCE)) in told


def test_a_client_that_speaks_first_may_wait_instead() -> None:
    told = made(kit((OPENS, EDGE)), failing(silent(OPENS.script), EDGE))
    assert ("edge", str(Variant(speaks="after-welcome"))) in told
    assert ("edge", str(AT_ONCE)) not in told


def test_a_flaky_format_is_varied_no_further() -> None:
    flaky = probed(welcomed(), closed(), silent())
    asked = next_experiments(kit(directs=()), (flaky,))
    assert asked == ()


def test_a_thorough_look_compares_and_speaks_at_once_also_where_all_holds() -> None:
    told = made(kit(thorough=True), failing(silent()))
    assert told == [
        ("direct", "as a browser"),
        ("edge", str(CONTROL)),
        ("edge", str(AT_ONCE)),
        ("edge", "made-up token"),
    ]
    first = run(kit(thorough=True), failing(silent()))[1]
    assert first[0].times == 5


def test_a_thorough_look_leaves_a_client_that_speaks_at_once_alone() -> None:
    told = made(kit((OPENS, EDGE), thorough=True), failing(silent()))
    assert told == [
        ("direct", "as a browser"),
        ("edge", str(CONTROL)),
        ("edge", "made-up token"),
    ]


def test_a_thorough_look_does_not_speak_at_once_where_nobody_listens() -> None:
    told = made(kit(thorough=True), failing(rejected(403), EDGE))
    assert ("edge", str(AT_ONCE)) not in told


def test_a_token_that_anybody_could_have_made_up_is_tried_where_one_is_asked_for() -> None:
    tried = ("edge", "made-up token")
    assert tried in made(kit(thorough=True), failing(silent()))
    assert tried not in made(kit(), failing(silent()))
    bare = format_of(script(offers=(), selected=None, token_in="none"))
    assert tried not in made(kit((bare, EDGE), thorough=True), failing(silent()))


def test_a_thorough_look_controls_also_where_it_fails() -> None:
    broken = failing(rejected(), EDGE, DIRECT)
    assert ("edge", str(CONTROL)) in made(kit(thorough=True), broken)
    assert ("edge", str(CONTROL)) not in made(kit(), broken)


def test_a_failure_is_compared_with_the_formats_of_others() -> None:
    both = kit(others=(OLD_FORM,))
    assert Experiment(format=OLD_FORM, target=EDGE) in run(both, failing(closed(), EDGE))[1]
    assert all(e.format == FORM for some in run(both, failing(closed())) for e in some)


def test_formats_of_others_are_no_failures_to_be_explained() -> None:
    rounds = run(kit(others=(OLD_FORM,)), failing(closed(), EDGE, DIRECT))
    assert [e for some in rounds for e in some if e.format == OLD_FORM] == [
        Experiment(format=OLD_FORM, target=EDGE)
    ]


def test_the_exercise_is_made_once_and_only_if_asked_for() -> None:
    two = ((TALKS, EDGE), (format_of(TALKS.script, fingerprint=OLD_FORMAT), EDGE))
    exercise = ("edge", str(Variant(exercise=True)))
    assert made(kit(*two, exercise=True), failing(silent())).count(exercise) == 1
    assert exercise not in made(kit(*two), failing(silent()))


def test_the_exercise_is_made_where_and_in_what_holds() -> None:
    pairs = (TALKS, EDGE), (TALKS, DIRECT)
    broken = closed(spoken=TALKS.script)
    told = made(kit(*pairs, exercise=True), failing(broken, EDGE))
    assert [place for place, variant in told if variant == "exercise"] == ["direct"]
    assert "exercise" not in [v for _, v in made(kit(exercise=True), failing(silent()))]


def test_connections_are_held_only_if_asked_for_and_only_where_they_hold() -> None:
    pairs = (FORM, EDGE), (FORM, DIRECT)
    told = made(kit(*pairs, hold_s=20), failing(silent(), EDGE))
    held = [each for each in told if " for 20 s" in each[1]]
    assert held == [("direct", "silent for 20 s"), ("direct", "pinging for 20 s")]


def test_ways_that_need_not_hold_are_not_held() -> None:
    told = made(kit(thorough=True, hold_s=20), failing(silent()))
    assert [place for place, variant in told if " for 20 s" in variant] == ["edge", "edge"]


def test_a_conversation_that_ends_politely_calls_for_no_holding() -> None:
    polite = transcript(*welcomed(TALKS.script).events[:-2], *closed(at_s=9).events[-3:])

    def answers(experiment: Experiment) -> Transcript:
        return polite if experiment.variant.exercise else failing(silent())(experiment)

    told = made(kit((TALKS, EDGE), exercise=True), answers)
    assert not any(" for " in variant for _, variant in told)


def _cut_conversation(at_s: float) -> Answers:
    said = Sent(at_s=0.2, text='{"type":"user_message"}')
    lost = cut_after_welcome(at_s, TALKS.script)
    talk = transcript(*lost.events[:-1], said, lost.events[-1])

    def answers(experiment: Experiment) -> Transcript:
        return talk if experiment.variant.exercise else failing(silent())(experiment)

    return answers


def test_a_conversation_that_is_cut_is_held_long_enough_to_see_it_again() -> None:
    told = made(kit((TALKS, EDGE), exercise=True), _cut_conversation(4))
    assert {("edge", "silent for 9 s"), ("edge", "pinging for 9 s")} <= set(told)


@pytest.mark.parametrize(("after_s", "held"), [(20.0, True), (29.0, True), (30.5, False)])
def test_a_cut_is_not_waited_for_longer_than_half_a_minute(after_s: float, *, held: bool) -> None:
    told = made(kit((TALKS, EDGE), exercise=True), _cut_conversation(after_s))
    assert (("edge", "silent for 30 s") in told) is held
    assert any(" for " in variant for _, variant in told) is held


def test_a_conversation_that_was_never_welcomed_calls_for_no_holding() -> None:
    def answers(experiment: Experiment) -> Transcript:
        base = failing(silent())(experiment)
        return cut(TALKS.script) if experiment.variant.exercise else base

    told = made(kit((TALKS, EDGE), exercise=True), answers)
    assert not any(" for " in variant for _, variant in told)


def test_a_server_that_hangs_up_right_after_its_welcome_calls_for_no_holding() -> None:
    told = made(kit(), failing(cut_after_welcome(0.1), EDGE, DIRECT))
    assert not any(" for " in variant for _, variant in told)


def test_nothing_that_was_done_is_asked_for_again() -> None:
    done = tuple(
        probed(spoken=FORM, target=EDGE, variant=variant) for variant in (AS_A_BROWSER, CONTROL)
    )
    assert next_experiments(kit(), done) == ()


def test_a_way_past_the_edge_that_holds_is_found_in_the_same_format_only() -> None:
    broken, other = probed(closed()), probed(target=DIRECT, spoken=OLD_FORM)
    direct = probed(target=DIRECT)
    assert holding_direct(broken, (broken, other, direct)) is direct
    assert holding_direct(broken, (broken, other)) is None
    variant = probed(target=DIRECT, variant=Variant(without=("upgrade",)))
    assert holding_direct(broken, (variant,)) is None
    assert holding_direct(broken, (probed(target=CANDIDATE),)) is None


def test_the_edge_is_not_to_blame_where_one_revision_fails_just_so() -> None:
    broken, direct = probed(closed()), probed(target=DIRECT)
    alike = probed(closed(reason="other words"), target=OTHER_REVISION)
    assert holding_direct(broken, (broken, direct, alike)) is None
    closed_to_us = probed(rejected(404), target=OTHER_REVISION)
    assert holding_direct(broken, (broken, closed_to_us, direct)) is direct


OUTCOMES = st.sampled_from(
    [
        welcomed(),
        closed(),
        closed(1008, "no"),
        rejected(403),
        silent(),
        cut(),
        cut_after_welcome(0.1),
        cut_after_welcome(3),
        transcript(),
        transcript(*opening(), message({"type": "started"})),
    ]
)
KITS = st.builds(
    Kit,
    pairs=st.lists(
        st.sampled_from(
            [(form, place) for form in (TALKS, OLD_FORM, OPENS) for place in (EDGE, DIRECT)]
        ),
        unique_by=str,
        min_size=1,
    ).map(tuple),
    directs=st.sampled_from([(), (DIRECT,), (DIRECT, OTHER_REVISION)]),
    others=st.sampled_from([(), (OLD_FORM,)]),
    handshakes=st.just(2),
    exercise=st.booleans(),
    thorough=st.booleans(),
    hold_s=st.sampled_from([0.0, 2.0]),
)


@given(KITS, st.data())
def test_whatever_comes_back_it_ends_and_nothing_is_made_twice(
    given_kit: Kit, data: st.DataObject
) -> None:
    rounds = run(given_kit, lambda _: data.draw(OUTCOMES))
    keys = [(e.format.fingerprint, e.target, e.variant) for some in rounds for e in some]
    assert len(set(keys)) == len(keys)
    assert sum(variant.exercise for _, _, variant in keys) <= (1 if given_kit.exercise else 0)
