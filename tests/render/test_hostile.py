"""Whatever the services that we ask, or people's files, put into a report, no reader is harmed."""

import json
import re
from datetime import date
from typing import Any
from xml.etree import ElementTree as Xml

from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from skewcheck.core.build import OpaqueId
from skewcheck.core.diagnosis.values import Diagnosis
from skewcheck.core.judge import Judgement
from skewcheck.core.manifest import Override
from skewcheck.core.question import BreakGlass, Question
from skewcheck.core.reading import ProtocolClaim
from skewcheck.core.report import Permission, Report
from skewcheck.core.survey import ServiceSurvey, Survey
from skewcheck.render.machine import render_github, render_json, render_junit
from skewcheck.render.machine.diagnosis import render_diagnosis_json
from skewcheck.render.markdown import render_markdown
from skewcheck.render.markdown_diagnosis import render_diagnosis_markdown
from skewcheck.render.printable import printable
from skewcheck.render.terminal import render_terminal
from skewcheck.render.terminal.diagnosis import render_diagnosis
from skewcheck.render.wire import render_wire
from tests.builders import (
    NOW,
    candidate,
    document,
    manifest,
    page,
    plane,
    promise,
    report,
    revision,
    sources,
    target,
    unreadable,
)
from tests.render.hostile_parts import (
    hostile_diagnosis,
    hostile_findings,
    hostile_matrix,
    hostile_probes,
)

NASTY = (
    "\x1b[2J\x1b]8;;http://evil\x07", "a\r\n::error::x", "\u202egnp", "[red]x[/]", ":smile:", "|",
    "```", "@everyone", "<script>", "]]>", "&#0;", "\udc80", "\uffff", "\x00", "  ", "",
    "あ" * 50, "x" * 200, "e" + "\u0301" * 90, "##[error]", "%0A",
    "👩‍👩‍👧", "🇩🇪", "1\u20e3", "\u1160",
)  # fmt: skip
FEW = settings(max_examples=25)  # a report with both texts everywhere takes a while to draw
texts = st.one_of(st.text(max_size=40), st.sampled_from(NASTY), st.text(min_size=60, max_size=200))


def hostile(word: str, other: str, question: Question = Question.STATUS) -> Report:
    """Both texts stand wherever something from outside can stand."""
    seen = _survey(word, other)
    override = Override.model_construct(
        finding="stale-edge", subject=word, until=date(2026, 12, 1), reason=other
    )
    return report(
        seen,
        Judgement(
            findings=tuple(hostile_findings(word, other)), matrix=(hostile_matrix(word, other),)
        ),
        question=question,
        environment=word,
        sources=sources(file=word, ref=other, policy_ref=word, notes=(other,)),
        permissions=(Permission(override=override, who=other, expired=False, used=True),),
        break_glass=BreakGlass(why=word, until=date(2026, 12, 1), who=other),
        versions={word: other},
    )


def _survey(word: str, other: str) -> Survey:
    said: dict[str, Any] = {"url": word, "detail": other, "fix": word}
    claim = ProtocolClaim(name=word, role=other, version=word, accepts=other, fingerprint=word)
    named = document(
        OpaqueId(word), url=other, environment=word, protocols=(claim,), cacheable=other
    )
    split = plane(
        revision(word, OpaqueId(other)), targets=[target(word, url=other, tag=word)], region=other
    )
    one = ServiceSurvey(
        name=word,
        promise=promise(),
        witnesses=frozenset({"edge", "page"}),
        planes=(split, plane(region=word), unreadable(**said)),
        edge=named,
        page=page(None, required=(word, other), missing=(word,), gone=(other,), unread=()),
    )
    two = ServiceSurvey(
        name=other, promise=promise(), witnesses=frozenset({"origin"}), edge=unreadable(**said)
    )
    return Survey(
        environment=word,
        at=NOW,
        manifest=manifest(),
        services={word: one, other: two},
        builds={(word, OpaqueId(word)): OpaqueId(word)},
        candidates={word: candidate(word, url=other, named=other)},
        probes=hostile_probes(word, other),
    )


def is_clean(text: str) -> bool:
    return all(line.isprintable() for line in text.split("\n"))


@FEW
@given(texts, texts, st.sampled_from(Question))
@example("\x1b[2J", "\u202e", Question.GATE)
def test_a_terminal_gets_nothing_to_obey(word: str, other: str, question: Question) -> None:
    assert is_clean(render_terminal([hostile(word, other, question)], width=80, colour=False))


@FEW
@given(texts, texts)
def test_with_colours_a_terminal_gets_colours_only(word: str, other: str) -> None:
    text = render_terminal([hostile(word, other)], width=80, colour=True)
    assert is_clean(re.sub(r"\x1b\[[0-9;]*m", "", text))


@FEW
@given(texts, texts, st.sampled_from(Question), st.integers(1, 2))
@example("あ" * 50, "x" * 200, Question.STATUS, 1)
@example("e" + "\u0301" * 90, "👩‍👩‍👧", Question.STATUS, 2)
def test_no_line_is_wider_than_the_terminal_but_commands(
    word: str, other: str, question: Question, times: int
) -> None:
    seen = hostile(word, other, question)
    commands = {fix for each in seen.findings if (fix := each.fix)}
    text = render_terminal([seen] * times, width=80, colour=False)
    wide = [line for line in text.split("\n") if cell_len(line) > 80]
    assert all(_is_command(line, commands) for line in wide)


def _is_command(line: str, commands: set[str]) -> bool:
    return any(line.strip().endswith(printable(each).strip()) for each in commands)


@FEW
@given(texts, texts)
def test_json_stays_json_and_keeps_every_text(word: str, other: str) -> None:
    text = render_json([hostile(word, other)])
    assert text.isascii()
    assert json.loads(text)["findings"][0]["sentence"] == other


@FEW
@given(texts, texts)
def test_junit_stays_well_formed(word: str, other: str) -> None:
    text = render_junit([hostile(word, other)])
    assert is_clean(text)
    Xml.fromstring(text)  # noqa: S314 - our own output


@FEW
@given(texts, texts)
def test_the_runner_gets_only_commands_of_ours(word: str, other: str) -> None:
    text = render_github([hostile(word, other)])
    assert is_clean(text)
    *commands, verdict = text.splitlines()
    assert all(re.match(r"::(error|warning|notice) title=[^:,]*::", each) for each in commands)
    assert verdict.startswith("BLOCK  ")
    assert len(commands) == 5 + 2


@FEW
@given(texts, texts)
def test_markdown_holds_its_tables_and_mentions_nobody(word: str, other: str) -> None:
    text = render_markdown([hostile(word, other), hostile(word, other, Question.PROBE)])
    assert holds_and_mentions_nobody(text)


def holds_and_mentions_nobody(text: str) -> bool:
    prose = re.sub(r"(?ms)^ *(`{3,})sh\n.*?\n *\1$", "", text)
    tags = re.search(r"(?<!\\)<(?!br>|/?sub>|!-- -->)", prose)
    return is_clean(text) and not re.search(r"@\w", prose) and not tags


def told(word: str, other: str) -> list[Diagnosis]:
    """One of a link that is broken, one of a link where nothing is wrong."""
    broken = hostile_diagnosis(word, other, *hostile_findings(word, other))
    return [broken, hostile_diagnosis(other, word)]


@FEW
@given(word=texts, other=texts, colour=st.booleans())
@example(word="\x1b[2J", other="\u202e", colour=True)
@example(word="あ" * 50, other="e" + "\u0301" * 90, colour=False)
def test_a_diagnosis_gives_a_terminal_nothing_to_obey(
    word: str, other: str, *, colour: bool
) -> None:
    text = render_diagnosis(hostile(word, other), told(word, other), width=80, colour=colour)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text) if colour else text
    assert is_clean(plain)
    wide = [line for line in plain.split("\n") if cell_len(line) > 80]
    assert all(_is_command(line, {word, other}) for line in wide)


@FEW
@given(texts, texts)
def test_a_diagnosis_is_safe_wherever_it_is_pasted(word: str, other: str) -> None:
    seen = hostile(word, other)
    assert holds_and_mentions_nobody(render_diagnosis_markdown(seen, told(word, other)))
    text = render_diagnosis_json(seen, told(word, other))
    assert text.isascii()
    assert json.loads(text)["diagnoses"][0]["symptom"]["told"] == word


@FEW
@given(texts, texts)
def test_the_wire_gives_a_terminal_nothing_to_obey(word: str, other: str) -> None:
    assert is_clean(render_wire(hostile_probes(word, other)))
