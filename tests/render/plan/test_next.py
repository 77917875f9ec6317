import json

import pytest
from inline_snapshot import snapshot

from skewcheck.core.plan.view import Movable
from skewcheck.render.plan import render_next, render_next_json
from tests.builders import NOW

WAITS = Movable(
    service="backend",
    may_move=False,
    why=("until no client of frontend in 01d01d0 is left, up to 12 h", "after gateway"),
)
MAY = Movable(service="frontend", may_move=True)


def told(*movables: Movable) -> str:
    return render_next("staging", NOW, movables, width=80, colour=False)


def test_what_may_move_comes_first_and_the_rest_says_what_it_waits_for() -> None:
    assert told(WAITS, MAY) == snapshot("""\
staging  1 service may move now, 1 waits  2026-11-23 22:10 UTC
may move  frontend
waits     backend
          - until no client of frontend in 01d01d0 is left, up to 12 h
          - after gateway
""")


@pytest.mark.parametrize(
    ("movables", "summary"),
    [
        ((), "nothing to do"),
        ((MAY, MAY), "2 services may move now"),
        ((MAY, WAITS, WAITS), "1 service may move now, 2 wait"),
        ((WAITS,), "no service may move now, 1 waits"),
    ],
)
def test_the_first_line_counts_both(movables: tuple[Movable, ...], summary: str) -> None:
    assert told(*movables).splitlines()[0] == f"staging  {summary}  2026-11-23 22:10 UTC"


def test_only_what_may_move_is_green() -> None:
    text = render_next("staging", NOW, [WAITS, MAY], width=80, colour=True)
    assert text.count("\x1b[1;32m") == 1
    assert "\x1b[1;32mmay move" in text


def test_a_program_gets_the_same() -> None:
    assert json.loads(render_next_json("staging", NOW, [WAITS, MAY])) == snapshot(
        {
            "schema": 1,
            "question": "next",
            "environment": "staging",
            "at": "2026-11-23T22:10:00Z",
            "services": [
                {
                    "service": "backend",
                    "may_move": False,
                    "why": [
                        "until no client of frontend in 01d01d0 is left, up to 12 h",
                        "after gateway",
                    ],
                },
                {"service": "frontend", "may_move": True, "why": []},
            ],
        }
    )
