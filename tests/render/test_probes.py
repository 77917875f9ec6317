# ruff: noqa: E501 - goldens are as wide as what they pin

import pytest
from inline_snapshot import snapshot

from skewcheck.core.exposed.health_document import Dependency
from skewcheck.core.probed.probes import Doubt, Probed
from skewcheck.core.wire.script import Variant
from skewcheck.render.probes import (
    Aside,
    Mood,
    asides,
    counted_words,
    handshakes,
    held_words,
    probe_rows,
    probe_told,
    probe_word,
    step_told,
)
from tests.builders import unreadable
from tests.render.probe_worlds import (
    CONTROL,
    MADE_UP,
    NEW_SPOKEN,
    OLD_SCRIPT,
    OLD_SPOKEN,
    failing,
    health,
    holding,
    incident_link,
    link,
    log,
    probes,
    rated,
    refused,
    talking,
)
from tests.transcripts import (
    CANDIDATE,
    DIRECT,
    closed,
    connecting,
    format_of,
    probed,
    rejected,
    transcript,
    welcomed,
)

AT_ONCE = Variant(speaks="at-once")


def word(seen: Probed, *others: Probed) -> tuple[str, Mood]:
    return probe_word(link(seen, *others), seen)


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        pytest.param(holding(), ("holds", Mood.GOOD), id="each holds"),
        pytest.param(failing(), ("fails", Mood.BAD), id="none holds"),
        pytest.param(
            probed(welcomed(), closed(), spoken=NEW_SPOKEN), ("flaky", Mood.BAD), id="some hold"
        ),
        pytest.param(refused(), ("refused", Mood.GOOD), id="a wrong format is refused"),
        pytest.param(
            refused(variant=MADE_UP), ("refused", Mood.GOOD), id="a made-up token is refused"
        ),
        pytest.param(
            holding(1, variant=CONTROL), ("welcomed", Mood.BAD), id="a wrong format is welcomed"
        ),
        pytest.param(
            probed(rejected(400), welcomed(), spoken=NEW_SPOKEN, variant=CONTROL),
            ("welcomed", Mood.BAD),
            id="a wrong format is welcomed once in two times",
        ),
        pytest.param(
            failing(1, variant=Variant(auth="header")), ("fails", Mood.PLAIN), id="token elsewhere"
        ),
        pytest.param(
            failing(1, variant=Variant(without=("origin",))), ("fails", Mood.PLAIN), id="a loss"
        ),
        pytest.param(
            failing(1, variant=Variant(exercise=True)), ("fails", Mood.BAD), id="a conversation"
        ),
        pytest.param(
            failing(1, variant=Variant(holds="silent", hold_s=9)), ("fails", Mood.BAD), id="held"
        ),
    ],
)
def test_each_variant_has_the_word_that_says_whether_it_is_as_it_should_be(
    seen: Probed, told: tuple[str, Mood]
) -> None:
    assert word(seen) == told


def test_who_was_never_heard_was_not_refused() -> None:
    unheard = probed(transcript(*connecting()[:1]), variant=CONTROL)
    cut = probed(rejected(400), variant=CONTROL)
    assert word(unheard)[1] is not Mood.GOOD
    assert word(cut)[1] is Mood.GOOD


def test_speaking_at_once_may_fail_only_where_waiting_fails_as_well() -> None:
    race = probed(closed(), spoken=NEW_SPOKEN, variant=AT_ONCE)
    assert word(race, holding()) == ("fails", Mood.BAD)
    assert word(race, holding(target=DIRECT)) == ("fails", Mood.PLAIN)
    assert word(race, probed(closed(), spoken=NEW_SPOKEN)) == ("fails", Mood.PLAIN)


def test_a_row_says_how_often_it_was_as_it_is_told() -> None:
    rows = [
        (row.word, row.counted, row.variant) for row in probe_rows(incident_link(), brief=False)
    ]
    assert rows == snapshot(
        [
            ("fails", "0 of 8", ""),
            ("holds", "5 of 5", ""),
            ("fails", "0 of 2", ""),
            ("refused", "1 of 1", "wrong format, made-up token"),
            ("fails", "0 of 1", "token in the header"),
            ("holds", "1 of 1", "exercise"),
        ]
    )


def test_brief_rows_leave_out_experiments_but_nothing_that_is_not_as_it_should_be() -> None:
    seen = link(
        holding(),
        failing(target=DIRECT),
        refused(),
        talking(),
        holding(1, variant=CONTROL, target=DIRECT),
        failing(1, variant=Variant(auth="header")),
        failing(1, variant=Variant(holds="silent", hold_s=9)),
        probed(transcript(*connecting()[:1]), variant=CONTROL),
    )
    assert [(row.word, row.variant) for row in probe_rows(seen, brief=True)] == snapshot(
        [
            ("holds", ""),
            ("fails", ""),
            ("welcomed", "wrong format, made-up token"),
            ("fails", "silent for 9 s"),
            ("? not known", "wrong format, made-up token"),
        ]
    )


def test_a_conversation_tells_of_its_events_too() -> None:
    assert probe_told(talking()) == snapshot("welcomed after 50 ms, all 2 events came")
    assert probe_told(holding()) == snapshot("welcomed after 50 ms")


def test_what_is_masked_names_the_rung_alone() -> None:
    ladder = failing().worst[1]
    assert [step_told(ladder, step) for step in ladder.steps[-2:]] == snapshot(
        [
            'the server closed with 1000 "main cleanup" 0.89 s after the upgrade, before any welcome',
            "masked by welcome",
        ]
    )


def test_a_failure_that_no_finding_rests_on_is_not_bad() -> None:
    internal = probed(rejected(404), spoken=NEW_SPOKEN, target=DIRECT)
    assert word(internal, holding()) == ("fails", Mood.PLAIN)
    alike = failing(target=DIRECT)
    assert word(alike, failing()) == ("fails", Mood.BAD)
    assert word(alike, holding()) == ("fails", Mood.BAD)
    wanted = probed(spoken=format_of(candidate=True))
    assert word(failing(), wanted) == ("fails", Mood.PLAIN)


def test_a_handshake_that_decides_nothing_is_not_counted() -> None:
    internal = probed(rejected(404), spoken=NEW_SPOKEN, target=DIRECT)
    assert handshakes(link(holding(), internal)) == (5, 5)
    assert handshakes(link(holding(), failing(2, target=DIRECT))) == (5, 7)
    assert handshakes(link(probed(rejected(404), spoken=NEW_SPOKEN))) == (0, 1)
    assert handshakes(link(holding(target=DIRECT), holding(1, target=CANDIDATE))) == (6, 6)


def test_only_what_was_tried_and_held_is_told_as_holding() -> None:
    other = link(failing(), holding(), link="notify")
    unprobed = link(link="events")
    assert held_words(probes(link(holding()), other, unprobed)) == snapshot(
        "chat holds: 5 of 5 handshakes; notify: 5 of 13 handshakes hold; events: no handshake was made"
    )
    assert held_words(probes()) == "nothing was probed"
    assert counted_words(unprobed) == "no handshake was made"


def test_beside_the_handshakes_stand_rates_doubts_health_and_logs() -> None:
    assert list(asides(incident_link())) == snapshot(
        [
            Aside(
                label="rate",
                told="35 of 35 handshakes held (100.0 %), surely more than 90 %: between 90.0 % and 100.0 % (at the edge, in the format of 9e39e39)",
                mood=Mood.GOOD,
            ),
            Aside(
                label="doubt",
                told="not-comparable: no way past the edge for all of it",
                mood=Mood.UNKNOWN,
            ),
            Aside(label="health", told="supervisor: available (ok)", mood=Mood.GOOD),
            Aside(label="health", told="threads: unavailable (down)", mood=Mood.BAD),
            Aside(label="health", told="queue: not mentioned", mood=Mood.UNKNOWN),
            Aside(
                label="log",
                told="22:09:51 acme-api/acme-api-00002 WARNING: websocket: closing 1000 main cleanup",
            ),
            Aside(label="log", told="no log lines: the load balancer's are not there yet"),
        ]
    )


@pytest.mark.parametrize(
    ("successes", "mood"), [(35, Mood.GOOD), (10, Mood.BAD), (33, Mood.UNKNOWN)]
)
def test_a_rate_that_nobody_can_be_sure_of_is_not_good(successes: int, mood: Mood) -> None:
    assert [each.mood for each in asides(link(rated=(rated(successes),)))] == [mood]


def test_a_health_document_that_could_not_be_read_says_why() -> None:
    assert list(asides(link(health=unreadable()))) == [
        Aside(label="health", told="unreachable: connection refused", mood=Mood.UNKNOWN)
    ]
    assert [each.mood for each in asides(link(health=health(Dependency("q", "unsaid"))))] == [
        Mood.UNKNOWN
    ]


def test_nothing_beside_the_handshakes_is_no_line() -> None:
    assert list(asides(link(holding()))) == []


def test_an_edge_that_nothing_compares_with_is_told() -> None:
    seen = link(no_origin="backend is static", doubts=(Doubt(what="not-probed", why="no token"),))
    assert [(each.label, each.told) for each in asides(seen)] == snapshot(
        [
            ("doubt", "not-probed: no token"),
            ("edge", "nothing to compare it with: backend is static"),
        ]
    )


def test_a_log_line_says_when_and_by_whom() -> None:
    told = [each.told for each in asides(link(logs=(log("GET /ws 101", by="load balancer"),)))]
    assert told == snapshot(["22:09:51 load balancer WARNING: GET /ws 101"])


def test_formats_and_places_are_told_in_words() -> None:
    (row,) = probe_rows(link(failing(target=DIRECT)), brief=True)
    assert (row.place, row.format) == (str(DIRECT), str(OLD_SPOKEN))
    assert row.ladder.failed is not None
    assert OLD_SCRIPT.offers


def test_many_log_lines_are_counted_and_those_about_the_failure_come_first() -> None:
    broken = probed(closed(), closed(), closed())
    mine = broken.worst[0].id
    lines = [
        *(log(f"another {n}", probe_id="ffffffffffff") for n in range(7)),
        log("mine", probe_id=mine),
    ]
    told = [each.told for each in asides(link(broken, logs=tuple(lines)))]
    assert told[0].endswith("mine")
    assert told[-1] == "and 2 more lines: --format json has them all"
