"""The gate's few lines: verdict, findings and fixes, and nothing that a terminal obeys."""

from skewcheck.core.findings import Severity
from skewcheck.core.judge import Judgement
from skewcheck.service.gate_words import gate_text
from tests.builders import finding, report, survey
from tests.render.worlds import gate_blocks, overridden


def test_a_pass_is_one_line() -> None:
    assert gate_text(report()) == "PASS: staging: all fits together (exit 0)\n"


def test_the_finding_and_its_fix_are_named() -> None:
    told = gate_text(gate_blocks())
    decisive = next(each for each in gate_blocks().findings if each.severity is Severity.BLOCK)
    assert f"\nblock {decisive.code} {decisive.subject}: {decisive.sentence}\n" in told
    assert f"\nnext: {decisive.fix}\n" in told


def test_who_lets_it_past_is_said() -> None:
    assert "demo for the board" in gate_text(overridden())


def test_a_long_list_is_cut_and_says_so() -> None:
    many = tuple(finding(subject=f"service-{number}") for number in range(8))
    told = gate_text(report(survey(), Judgement(findings=many, matrix=())))
    assert told.count("\nblock ") == 5
    assert "\nand 3 more: ask with Accept: application/json\n" in told


def test_escape_codes_in_findings_are_shown_not_obeyed() -> None:
    hostile = finding(sentence="\x1b[2Jall fine\nPASS")
    told = gate_text(report(survey(), Judgement(findings=(hostile,), matrix=())))
    assert "\x1b" not in told
    assert "\nPASS" not in told
