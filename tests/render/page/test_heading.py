"""The head of an environment: a verdict only where it is known now, and what softens it, loudly."""

from datetime import timedelta
from typing import Any

import pytest

from skewcheck.core.report import Report
from skewcheck.core.rollout.consent import Hold
from skewcheck.render.page.heading import head_of, source_lines, verdict_word
from tests.builders import NOW
from tests.render import worlds
from tests.render.page.views import document_of, page, unseen, view

LATER = NOW + timedelta(minutes=3)
HOLD = Hold(who="ada", why="the board meets", at=NOW, until=NOW + timedelta(hours=2))


@pytest.mark.parametrize(
    ("seen", "word", "tone"),
    [
        (worlds.incident(), "BLOCK", "block"),
        (worlds.production(), "PASS", "pass"),
        (worlds.unknown(), "INCONCLUSIVE", "doubt"),
        (worlds.observing(), "WOULD BLOCK", "block"),
        (worlds.observing_the_unknown(), "WOULD BE INCONCLUSIVE", "doubt"),
        (worlds.observing_what_passes(), "PASS", "pass"),
    ],
)
def test_the_verdict_has_its_word_and_its_colour(seen: Report, word: str, tone: str) -> None:
    head = head_of(view(seen), LATER)
    assert (head.word, head.tone) == (word, tone)
    shown = page(view(seen)).one("h2").one("", "verdict")
    assert (shown.text, shown.classes) == (word, {"verdict", tone})


def test_when_it_was_surveyed_and_how_old_that_is_stand_beside_it() -> None:
    assert "surveyed 2026-11-23 22:10 UTC (3 min ago) · exit 10" in page().one("", "head").text
    assert head_of(view(), NOW).age == "just now"


def test_an_environment_that_was_never_surveyed_looks_unknown() -> None:
    root = page(unseen())
    head = root.one("", "head")
    assert head.classes == {"head", "none"}
    assert head.one("h2").text == "UNKNOWN preview"
    assert "no survey has been taken yet" in head.text
    assert "never surveyed" in head.text
    assert not root.all("", "pass")


@pytest.mark.parametrize("seen", [worlds.production(), worlds.incident()])
def test_a_survey_that_is_late_is_unknown_and_tells_the_last_verdict_as_past(seen: Report) -> None:
    root = page(view(seen, trouble="the last survey failed: git fetch timed out"))
    head = root.one("", "head")
    assert head.classes == {"head", "none"}
    assert head.one("", "verdict").text == "UNKNOWN"
    assert "the last survey failed: git fetch timed out" in head.text
    assert f"last known: {seen.verdict.upper()}, " in head.text
    assert "was seen 3 min ago and may no longer be so" in head.text
    assert root.one("section", "environment").classes == {"environment", "is-old"}


def test_trouble_without_any_report_is_told() -> None:
    assert "no credentials" in page(unseen(trouble="no credentials")).one("", "head").text


def test_a_document_of_unknown_time_is_unknown() -> None:
    read = {**document_of(worlds.production()), "at": "yesterday"}
    root = page(unseen(report=read))
    assert root.one("", "head").classes == {"head", "none"}
    assert "seen at an unknown time" in root.one("", "head").text


def test_a_verdict_that_this_release_does_not_know_has_no_colour() -> None:
    read = {**document_of(worlds.production()), "verdict": "splendid"}
    assert (head_of(unseen(report=read), LATER).tone, verdict_word(read)) == ("none", "SPLENDID")
    assert verdict_word({}) == "UNKNOWN"


def test_what_lets_a_verdict_past_is_said_loudly() -> None:
    def loud(seen: Report) -> list[str]:
        return [each.text for each in page(view(seen)).one("", "head").all("", "loud")]

    (glass,) = loud(worlds.broken_glass())
    assert glass.startswith("BREAK-GLASS until ")
    assert loud(worlds.observing()) == ["OBSERVING until 2026-12-31: the verdict is not enforced"]
    told = loud(worlds.overridden())
    assert any(each.startswith("OVERRIDE EXPIRED") for each in told)
    assert any(each.endswith("(meets no finding now)") for each in told)
    assert any("demo for the board" in each and "(" not in each for each in told)


def test_what_keeps_the_service_from_its_work_is_said_as_loudly() -> None:
    for seen in (view(notes=("nobody carries on",)), unseen(notes=("nobody carries on",))):
        (told,) = page(seen).one("", "head").all("", "loud")
        assert told.text == "nobody carries on"


def test_an_exit_that_is_not_the_verdicts_own_says_that_it_is_let_past() -> None:
    assert head_of(view(worlds.broken_glass()), LATER).exits == "exit 0: the verdict is let past"
    assert head_of(view(), LATER).exits == "exit 10"
    assert head_of(unseen(report={"at": "2026-11-23T22:10:00Z"}), LATER).exits == ""


def test_a_hold_is_told_until_it_ends() -> None:
    def hold(now: Any = LATER, **changed: Any) -> str:
        return head_of(view(hold=Hold(**{**_said(HOLD), **changed})), now).hold

    assert hold() == (
        "HELD by ada until 2026-11-24 00:10 UTC: the board meets"
        " (nothing rolls out; since 2026-11-23 22:10 UTC)"
    )
    assert "until it is released" in hold(until=None)
    assert hold(NOW + timedelta(hours=2)) == ""
    assert "HELD by ada" in page(view(hold=HOLD)).one("", "head").text
    assert "HELD by ada" in page(unseen(hold=HOLD)).one("", "head").text


def _said(hold: Hold) -> dict[str, Any]:
    return {"who": hold.who, "why": hold.why, "at": hold.at, "until": hold.until}


def test_what_to_do_next_can_be_copied_and_until_when_it_breaks_is_told() -> None:
    head = page().one("", "head")
    assert "What to do next" in [each.text for each in head.all("h3")]
    assert head.all("pre", "command")
    assert "safe again: never by itself" in head.text
    assert not page(view(worlds.production())).one("", "head").all("h3")


def test_the_sources_are_told_with_their_commits_and_the_vantage_point() -> None:
    lines = list(source_lines(document_of(worlds.incident())))
    assert lines[0] == (
        "promises from manifests/staging.yaml at HEAD (c0ffeec),"
        " policy and overrides from origin/main (c0ffeec)"
    )
    assert "one vantage point: users elsewhere may meet another edge cache" in lines
    assert lines[-1].startswith("skewcheck 0.1.0")


def test_sources_that_know_less_say_less() -> None:
    sources: Any = {"file": "x.yaml", "notes": ["a draft"]}
    assert list(source_lines({"sources": sources})) == ["promises from x.yaml", "a draft"]
    assert next(source_lines(document_of(worlds.urls()))).startswith("no manifest")
