"""The whole checkup."""

import re
from pathlib import Path

import pytest

from skewcheck.core.checkup.check import Name, State, exit_of
from skewcheck.core.checkup.facts import Wanted
from skewcheck.core.checkup.judging import judge_environment, judge_machine
from skewcheck.core.question import Exit
from tests.core.checkup.worlds import facts, machine

DOCUMENT = Path(__file__).parents[3] / "docs" / "doctor.md"


def test_the_default_world_is_well() -> None:
    environment = judge_environment(facts(), Wanted.NEEDED)
    here = judge_machine(machine(), redeploys=True, serves=False)
    assert exit_of([here, environment]) is Exit.PASS
    assert (here.environment, environment.environment) == ("", "staging")


def test_every_check_that_is_not_well_has_a_fix() -> None:
    nothing = facts(url_maps={"acme-staging": ()}, default_branch=None, grants={})
    checks = judge_environment(nothing, Wanted.ALL).checks
    wrong = [each for each in checks if each.state in {State.BAD, State.UNKNOWN}]
    assert wrong
    assert all(each.fix for each in wrong)


@pytest.mark.parametrize("name", list(Name))
def test_every_check_is_documented(name: Name) -> None:
    assert f"\n| `{name}` |" in DOCUMENT.read_text(encoding="utf-8")


def test_no_check_is_documented_that_does_not_exist() -> None:
    told = re.findall(r"^\| `([a-z0-9-]+)` \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(told) == sorted(map(str, Name))
