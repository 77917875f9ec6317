# ruff: noqa: E501 - goldens are as wide as what they pin

from inline_snapshot import snapshot

from skewcheck.core.probed.probes import LinkProbe
from skewcheck.core.question import Question
from skewcheck.core.wire.script import Variant
from skewcheck.render.terminal.canvas import paint
from skewcheck.render.terminal.probes import probe_tables
from tests.builders import report, survey
from tests.render import probe_worlds as worlds
from tests.render.probe_worlds import failing, holding, incident_link, link, probes, refused
from tests.render.shown import shown
from tests.transcripts import DIRECT


def drawn(*links: LinkProbe, brief: bool, colour: bool = False) -> str:
    return paint(probe_tables(probes(*links), brief=brief), width=110, colour=colour)


def test_a_failing_probe_shows_how_far_it_came() -> None:
    assert shown(worlds.incident_probed(), width=100) == snapshot("""\
BLOCK  staging  1 finding blocks  (exit 10)  2026-11-23 22:10 UTC

chat  frontend → backend  5 of 15 handshakes hold
  fails    0 of 8  the edge  the format of 01d01d0  the server closed with 1000 "main cleanup" 0.89
      s after the upgrade, before any welcome
    ✓ name         resolves to 203.0.113.7
    ✓ connection   connected to 203.0.113.7:443
    ✓ HTTP answer  HTTP 101 Switching Protocols after 30 ms
    ✓ upgrade      switched to WebSocket
    ✓ subprotocol  selected jwt.[token]
    ? auth         no word on the token
    ✗ welcome      the server closed with 1000 "main cleanup" 0.89 s after the upgrade, before any
                   welcome
    · events       masked by welcome
  holds    5 of 5  the edge  the format of 9e39e39  welcomed after 50 ms
  fails    0 of 2  revision acme-api-00002 directly  the format of 01d01d0  the server closed with
      1000 "main cleanup" 0.89 s after the upgrade, before any welcome
    ✓ name         resolves to 203.0.113.7
    ✓ connection   connected to 203.0.113.7:443
    ✓ HTTP answer  HTTP 101 Switching Protocols after 30 ms
    ✓ upgrade      switched to WebSocket
    ✓ subprotocol  selected jwt.[token]
    ? auth         no word on the token
    ✗ welcome      the server closed with 1000 "main cleanup" 0.89 s after the upgrade, before any
                   welcome
    · events       masked by welcome
  refused  1 of 1  the edge  the format of 9e39e39  wrong format, made-up token  refused with HTTP
      400
  fails    0 of 1  the edge  the format of 01d01d0  token in the header  selected jwt.[token], but
      the contract says none
  holds    1 of 1  the edge  the format of 9e39e39  exercise  welcomed after 50 ms, all 2 events
      came
  rate     35 of 35 handshakes held (100.0 %), surely more than 90 %: between 90.0 % and 100.0 % (at
      the edge, in the format of 9e39e39)
  doubt    not-comparable: no way past the edge for all of it
  health   supervisor: available (ok)
  health   threads: unavailable (down)
  health   queue: not mentioned
  log      22:09:51 acme-api/acme-api-00002 WARNING: websocket: closing 1000 main cleanup
  log      no log lines: the load balancer's are not there yet

block    closed-before-welcome  chat  the server closed with 1000 "main cleanup" 0.89 s after the
    upgrade, before any welcome (at the edge, in the format of 01d01d0, 8 of 8 handshakes)
    owner web (C012AB)
    - probe 0123456789ab
    fix: skewcheck diagnose staging chat

what to do next:
  skewcheck diagnose staging chat

promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides from origin/main
    (c0ffeec)
one vantage point: users elsewhere may meet another edge cache
skewcheck 0.1.0
""")


def test_a_pass_counts_the_handshakes_in_its_first_line() -> None:
    assert shown(worlds.all_holds(), width=100) == snapshot("""\
PASS  staging  chat holds: 10 of 10 handshakes  (exit 0)  2026-11-23 22:10 UTC

chat  frontend → backend  10 of 10 handshakes hold
  holds    5 of 5  the edge  the format of 9e39e39  welcomed after 50 ms
  holds    5 of 5  revision acme-api-00002 directly  the format of 9e39e39  welcomed after 50 ms
  refused  1 of 1  the edge  the format of 9e39e39  wrong format, made-up token  refused with HTTP
      400
  holds    1 of 1  the edge  the format of 9e39e39  exercise  welcomed after 50 ms, all 2 events
      came

promises from manifests/staging.yaml at HEAD (c0ffeec), policy and overrides from origin/main
    (c0ffeec)
one vantage point: users elsewhere may meet another edge cache
skewcheck 0.1.0
""")


def test_a_brief_table_has_no_ladder_and_repeats_no_doubt() -> None:
    assert drawn(incident_link(), brief=True) == snapshot("""\
chat  frontend → backend  5 of 15 handshakes hold
  fails    0 of 8  the edge  the format of 01d01d0  the server closed with 1000 "main cleanup" 0.89 s after
      the upgrade, before any welcome
  holds    5 of 5  the edge  the format of 9e39e39  welcomed after 50 ms
  fails    0 of 2  revision acme-api-00002 directly  the format of 01d01d0  the server closed with 1000 "main
      cleanup" 0.89 s after the upgrade, before any welcome
""")


def test_a_link_of_which_nothing_was_probed_says_so() -> None:
    assert drawn(link(), brief=True) == "chat  frontend → backend  no handshake was made\n"


def test_an_experiment_that_fails_has_no_ladder() -> None:
    seen = link(holding(), failing(1, variant=Variant(auth="header")), refused())
    assert "✗" not in drawn(seen, brief=False)
    assert "✗" in drawn(link(failing(target=DIRECT)), brief=False)


def test_words_have_the_colour_of_what_they_mean() -> None:
    seen = link(holding(), failing(), holding(1, variant=worlds.CONTROL), refused())
    text = drawn(seen, brief=True, colour=True)
    assert "\x1b[32mholds" in text
    assert "\x1b[1;31mfails" in text
    assert "\x1b[1;31mwelcomed" in text
    assert "\x1b[32mrefused" in drawn(seen, brief=False, colour=True)


def test_services_and_pairs_are_no_answer_to_a_probe() -> None:
    assert "service " not in shown(worlds.all_holds(), width=100)
    verified = report(survey(probes=probes(link(holding()))), question=Question.VERIFY)
    text = shown(verified, width=100)
    assert text.index("1 of 1 pairs fit") < text.index("5 of 5 handshakes hold")


def test_a_gate_shows_its_probes_after_the_pairs() -> None:
    gated = report(survey(probes=probes(incident_link())), question=Question.GATE)
    text = shown(gated, width=100)
    assert text.index("pairs fit") < text.index("5 of 15 handshakes hold")
    assert "✗" not in text
