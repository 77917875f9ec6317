# ruff: noqa: E501 - goldens are as wide as what they pin

from datetime import timedelta

from inline_snapshot import snapshot

from skewcheck.core.rollout.consent import Hold
from skewcheck.core.rollout.permission import Refusal
from skewcheck.render.slack.answers import render_help, render_hold, render_refusals, render_told
from tests.builders import NOW
from tests.slack_fakes import read


def test_help_is_a_list_of_commands() -> None:
    assert read(render_help()) == snapshot("""\
/skewcheck
/skewcheck status [ENVIRONMENT]: what is live, as the newest survey saw it
/skewcheck diagnose ENVIRONMENT [LINK]: from the symptom down to the cause
/skewcheck plan ENVIRONMENT [REF]: which service may move when; changes nothing
/skewcheck redeploy ENVIRONMENT [REF] [WHY…]: propose a rollout, for others to approve (`-` for REF: as promised)
/skewcheck rollback ENVIRONMENT [ROLLOUT]: propose the way back
/skewcheck hold ENVIRONMENT WHY… [until MOMENT]: nothing rolls out until it is released
/skewcheck release ENVIRONMENT: let a hold go
/skewcheck help: this list\
""")


def test_a_sentence_comes_with_what_to_do_next_where_there_is_something() -> None:
    assert read(render_told("no such thing", "/skewcheck help")) == (
        "no such thing\nnext: /skewcheck help"
    )
    assert read(render_told("planning staging…")) == "planning staging…"


def test_every_reason_against_it_is_told() -> None:
    against = (Refusal(why="held", fix="release it"), Refusal(why="frozen", fix="wait"))
    assert read(render_refusals("staging cannot roll out now", against)) == snapshot("""\
staging cannot roll out now
held. Next: release it
frozen. Next: wait\
""")


def test_a_hold_names_who_until_when_and_why() -> None:
    hold = Hold(who="slack:U0KIM", why="demo", at=NOW)
    assert "staging is held until it is released, by <@U0KIM>: demo" in read(
        render_hold("staging", hold)
    )
    until = Hold(who="kim", why="demo", at=NOW, until=NOW + timedelta(hours=1))
    assert "held until 2026-11-23 23:10 UTC, by kim: demo" in read(render_hold("staging", until))
    assert read(render_hold("staging", None)) == "staging is not held"
