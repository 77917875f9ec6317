"""How a drill is told: a line for each world, and no doubt about a gate that is broken."""

import json

from inline_snapshot import snapshot

from skewcheck.core.findings import Code
from skewcheck.core.question import Exit
from skewcheck.render.drill import describe_breakage, render_drill, render_drill_json
from tests.core.drill.outcomes import exercised, seen

LOST = exercised(bad=seen(Exit.PASS), twin=seen(Exit.BLOCK, Code.STALE_EDGE))


def test_a_gate_that_holds_is_told_world_by_world() -> None:
    assert render_drill([exercised()]) == snapshot("""\
blocks         clean close before the welcome  closed-before-welcome

1 of 1 bad worlds are stopped as they must be, 1 of 1 healthy twins pass: the gate can still block
""")
    assert describe_breakage([exercised()]) == ""


def test_a_gate_that_is_broken_is_told_with_every_deviation() -> None:
    assert render_drill([exercised(), LOST]) == snapshot("""\
blocks         clean close before the welcome  closed-before-welcome
BROKEN         clean close before the welcome  closed-before-welcome
               clean close before the welcome: exit 0, must be exit 10
               clean close before the welcome: closed-before-welcome was not found
               healthy twin of clean close before the welcome: exit 10, must be exit 0 (stale-edge)

1 of 2 bad worlds are stopped as they must be, 1 of 1 healthy twins pass: the gate is broken
""")


def test_the_breakage_is_one_line_with_the_first_deviations() -> None:
    assert describe_breakage([LOST, LOST]) == snapshot(
        "THE GATE IS BROKEN: clean close before the welcome: exit 0, must be exit 10;"
        " clean close before the welcome: closed-before-welcome was not found;"
        " healthy twin of clean close before the welcome: exit 10, must be exit 0 (stale-edge);"
        " and 3 more"
    )
    assert describe_breakage([LOST]).count(";") == 2


def test_a_drill_of_nothing_is_a_broken_gate() -> None:
    assert render_drill([]).endswith("the gate is broken\n")
    assert describe_breakage([]) == snapshot(
        "THE GATE IS BROKEN: there is no bad world to drill with"
    )


def test_text_from_an_error_cannot_command_the_terminal() -> None:
    hostile = exercised(bad=seen(None, error="no \x1b[2Jverdict"))
    assert "\x1b" not in render_drill([hostile])
    assert "\x1b" not in render_drill_json([hostile])


def test_machines_get_all_of_it() -> None:
    assert json.loads(render_drill_json([exercised()])) == snapshot(
        {
            "schema": 1,
            "question": "drill",
            "holds": True,
            "worlds": [
                {
                    "name": "clean close before the welcome",
                    "expected": {
                        "exit": 10,
                        "found": ["closed-before-welcome"],
                        "not_found": ["protocol-skew", "format-skew", "lingering-client-skew"],
                    },
                    "exit": 10,
                    "found": ["closed-before-welcome"],
                    "twin_exit": 0,
                    "deviations": [],
                }
            ],
            "deviations": [],
        }
    )


def test_machines_see_a_missing_verdict_as_null() -> None:
    lost = exercised(bad=seen(None, error="no"), twin=seen(None, error="no"))
    told = json.loads(render_drill_json([lost]))
    assert (told["holds"], told["worlds"][0]["exit"], told["worlds"][0]["twin_exit"]) == (
        False, None, None,
    )  # fmt: skip
    assert len(told["deviations"]) == 2
