"""`skewcheck drill`: offline, light, and only ever 0 where everything is as it must be."""

import json
from pathlib import Path

from skewcheck.core.drill.exercises import EXERCISES
from tests.cli.test_modules import FOR_ANSWERS, loaded
from tests.programs import environment, run_here


def test_a_whole_gate_leaves_with_0_and_a_line_for_each_bad_world(tmp_path: Path) -> None:
    ended = run_here("drill", env=environment(tmp_path))
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    for exercise, line in zip(EXERCISES, lines, strict=False):
        assert exercise.name in line
        assert all(code in line for code in exercise.must)
    assert lines[-1].endswith("the gate can still block")


def test_machines_are_told_the_same(tmp_path: Path) -> None:
    ended = run_here("drill", "--format", "json", env=environment(tmp_path))
    told = json.loads(ended.out)
    assert (ended.code, told["holds"], len(told["worlds"])) == (0, True, len(EXERCISES))


def test_a_drill_needs_no_client_of_anything(tmp_path: Path) -> None:
    code, modules = loaded(["drill"], tmp_path)
    assert code == 0
    assert not modules & (FOR_ANSWERS | {"git"})


def test_a_drill_leaves_nothing_behind(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    assert run_here("drill", env=environment(home)).code == 0
    assert list(home.iterdir()) == []
