"""How environments stand, as the newest survey saw it."""

import json
from datetime import timedelta

from inline_snapshot import snapshot

from skewcheck.core.judge import Judgement
from skewcheck.core.slack.as_json import from_json
from skewcheck.core.slack.look import Look, SeenReport
from skewcheck.render.machine import render_json
from skewcheck.render.slack.status import render_all, render_status
from tests.builders import NOW, finding, report
from tests.render.hostile_parts import hostile_findings
from tests.slack_blocks import wrong_with
from tests.slack_fakes import read

LATER = NOW + timedelta(minutes=3)
PAGE = "https://skewcheck.acme.example"


def look(*findings: object, trouble: str = "") -> Look:
    """From the very document that a survey writes."""
    judgement = Judgement(findings=findings, matrix=())  # type: ignore[arg-type]
    written = json.loads(render_json([report(judgement=judgement)]))
    return Look(at=NOW, report=from_json(SeenReport, written), trouble=trouble)


def test_what_blocks_is_told_with_what_to_do() -> None:
    stale = finding(fix="skewcheck invalidate staging frontend")
    assert read(render_status("staging", look(stale), LATER, page=PAGE)) == snapshot("""\
BLOCK: staging
1 finding blocks
Findings
block stale-edge frontend: the edge serves 01d01d0, but behind it runs 9e39e39
What to do next
skewcheck invalidate staging frontend
the status page
seen 2026-11-23 22:10 UTC, 3 min ago\
""")


def test_what_passes_is_one_line() -> None:
    assert read(render_status("staging", look(), LATER)) == snapshot("""\
PASS: staging
all fits together
seen 2026-11-23 22:10 UTC, 3 min ago\
""")


def test_an_old_look_says_that_it_is_old_and_why() -> None:
    told = read(render_status("staging", look(trouble="git is away"), LATER))
    assert "the newest survey failed, and what is shown is old: git is away" in told
    assert told.startswith("INCONCLUSIVE: staging")


def test_where_nobody_has_looked_for_a_while_nothing_passes() -> None:
    almost, late = NOW + timedelta(minutes=10), NOW + timedelta(minutes=10, seconds=1)
    assert read(render_status("staging", look(), almost)).startswith("PASS")
    told = read(render_status("staging", look(), late))
    assert told.startswith("INCONCLUSIVE: staging\nnobody has looked for a while")
    assert read(render_status("staging", look(finding()), late)).startswith("BLOCK: staging")


def test_before_a_survey_came_about_nothing_is_green() -> None:
    told = read(render_status("staging", Look(at=NOW), LATER))
    assert told == snapshot("""\
INCONCLUSIVE: staging
no survey has come about yet
seen 2026-11-23 22:10 UTC, 3 min ago\
""")


def test_all_environments_are_a_line_each() -> None:
    looks = {"production": look(), "staging": look(finding())}
    assert read(render_all(looks, LATER, page=PAGE)) == snapshot("""\
PASS: production: all fits together (2026-11-23 22:10 UTC, 3 min ago)
BLOCK: staging: 1 finding blocks (2026-11-23 22:10 UTC, 3 min ago)
the status page\
""")
    assert render_all(looks, LATER).text == "PASS: production, BLOCK: staging"
    assert "no survey has been taken yet" in read(render_all({}, LATER))


def test_what_services_wrote_is_shown_and_never_obeyed() -> None:
    made = render_status("staging", look(*hostile_findings("<!channel>", "<@U012AB>\n")), LATER)
    assert wrong_with({"text": made.text, "blocks": list(made.blocks)}) == ""
    assert "<!channel>" in read(made)
    assert "<" not in made.text
    assert "user_id" not in str(made.blocks)
