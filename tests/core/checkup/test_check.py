"""What checks come to."""

import pytest

from skewcheck.core.checkup.check import Check, Group, Name, State, bad, exit_of, ok, unread
from skewcheck.core.findings import Code
from skewcheck.core.question import Exit
from tests.builders import unreadable


def group(*states: State) -> Group:
    checks = tuple(
        Check(name=Name.STATE, subject="this machine", state=each, told="as it is")
        for each in states
    )
    return Group(environment="", checks=checks)


@pytest.mark.parametrize(
    ("groups", "code"),
    [
        pytest.param([], Exit.INCONCLUSIVE, id="nothing checked is not well"),
        pytest.param([group()], Exit.INCONCLUSIVE, id="an empty group is nothing"),
        pytest.param([group(State.OK, State.NOT_NEEDED)], Exit.PASS, id="all well"),
        pytest.param([group(State.OK), group(State.UNKNOWN)], Exit.INCONCLUSIVE, id="unknown"),
        pytest.param([group(State.BAD), group(State.UNKNOWN)], Exit.BLOCK, id="bad outranks"),
    ],
)
def test_a_known_problem_outranks_an_unknown(groups: list[Group], code: Exit) -> None:
    assert exit_of(groups) is code


def test_what_did_not_answer_is_unknown_and_a_wrong_answer_is_bad() -> None:
    silent = unread(Name.PAGE, "frontend", unreadable(Code.UNREACHABLE))
    wrong = unread(Name.PAGE, "frontend", unreadable(Code.NOT_JSON), where="edge")
    assert (silent.state, wrong.state) == (State.UNKNOWN, State.BAD)
    assert wrong.told == "edge: connection refused"
    assert silent.fix == "curl -v https://app.staging.acme.example/version.json"


def test_only_what_is_wrong_has_a_fix() -> None:
    assert ok(Name.STATE, "here", "fine").fix == ""
    assert bad(Name.STATE, "here", "broken", "mend it").fix == "mend it"
