"""Whatever services, git and people put into a plan, no reader is harmed."""

import json
import re

from hypothesis import example, given
from rich.cells import cell_len

from skewcheck.core.plan.facts import Channel, Party, PlanWorld
from skewcheck.core.plan.plan import (
    Answer,
    Arc,
    ArcKind,
    Deadlock,
    Fix,
    Move,
    Pair,
    Plan,
    Wait,
    Waiver,
    Wave,
)
from skewcheck.core.plan.view import Means, Movable, PlanView
from skewcheck.render.plan import (
    render_next,
    render_next_json,
    render_plan,
    render_plan_json,
    render_plan_markdown,
)
from tests.builders import NOW
from tests.render.plan import worlds
from tests.render.test_hostile import FEW, is_clean, texts

MENTION = re.compile(r"[@#]\w")


def hostile(word: str, other: str, answer: Answer = Answer.NO_SAFE_ORDER) -> PlanView:
    """Both texts stand wherever something from outside can stand."""
    pair = Pair(link=word, client=other, server=word)
    doubt = Pair(link=word, client=word, server=other, unknown=True)
    waiver = Waiver(service=word, who=other, reason=word)
    waits = (
        Wait(service=word, builds=(other,), seconds=None, pairs=(pair, doubt), waiver=waiver),
        Wait(service=word, builds=(other,), seconds=9.0, pairs=(pair,)),
    )
    moves = (
        Move(service=word, build=other, away=(word,), invalidates=True),
        Move(service=word, build=other),
    )
    wave = Wave(waits=waits, moves=moves, sticky=(word,), exposes=(doubt,), mends=(pair,))
    arc = Arc(before=word, after=other, kind=ArcKind.CLIENT_FIRST, pair=doubt, wait_s=None)
    fixes = (Fix(kind="window", service=word, told=other),)
    dead = Deadlock(members=(word,), cycle=(arc,), fixes=fixes, bridges=(other,), exact=False)
    plan = Plan(
        answer=answer, waves=(wave, wave), arcs=(arc,), broken_now=(pair, doubt),
        broken_after=(doubt,), outlives=(pair,), too_long=waits, deadlocks=(dead,),
        critical=(word, other),
    )  # fmt: skip
    party = Party(name=word, serving=(word,), target=other, lingering=(word,), behind_edge=True)
    channel = Channel(name=word, client=word, server=word, linger_s=60.0)
    means = Means(told=word, by_trigger=True, previous=other)
    return worlds.view(
        plan, environment=word, digest=other, links={word: (word, word)}, services={word: means},
        world=PlanWorld(parties={word: party}, channels=(channel,)), sentence=lambda _: other,
        next=(word,),
    )  # fmt: skip


@FEW
@given(texts, texts)
@example("\x1b[2J", "\u202e")
@example("あ" * 50, "e" + "\u0301" * 90)
def test_a_terminal_gets_nothing_to_obey_and_nothing_too_wide(word: str, other: str) -> None:
    view = hostile(word, other)
    text = render_plan(view, width=80, colour=False)
    assert is_clean(text)
    assert render_plan(view, width=80, colour=True) != text
    short = render_plan(worlds.view(view.plan, **_same(view), next=()), width=80, colour=False)
    assert all(cell_len(line) <= 80 for line in short.split("\n"))


def _same(view: PlanView) -> dict[str, object]:
    kept = ("environment", "digest", "links", "services", "world", "sentence")
    return {name: getattr(view, name) for name in kept}


@FEW
@given(texts, texts)
@example("@everyone", "<script>")
@example("|", "```")
def test_markdown_mentions_nobody_and_runs_nothing(word: str, other: str) -> None:
    text = render_plan_markdown(hostile(word, other, Answer.UNKNOWN_DECIDES))
    assert is_clean(text)
    prose = re.sub(r"(`{3,})sh\n.*?\n\1", "", text, flags=re.DOTALL)
    bare = prose.replace("<!-- -->", "").replace("<sub>", "").replace("</sub>", "")
    assert not re.search(r"(?<!\\)<", bare)
    assert not MENTION.search(prose.replace("### ", "").replace("## ", ""))


@FEW
@given(texts, texts)
@example("\udc80", "\u202e")
def test_json_is_ascii_and_keeps_every_text(word: str, other: str) -> None:
    text = render_plan_json(hostile(word, other))
    assert text.isascii()
    told = json.loads(text)
    assert (told["environment"], told["digest"], told["next"]) == (word, other, [word])


@FEW
@given(texts, texts)
@example("\x1b[2J", "\u202e")
def test_what_may_move_is_told_as_carefully(word: str, other: str) -> None:
    movables = [Movable(service=word, may_move=False, why=(other,))]
    text = render_next(other, NOW, movables, width=80, colour=False)
    assert is_clean(text)
    assert all(cell_len(line) <= 80 for line in text.split("\n"))
    assert render_next_json(word, NOW, movables).isascii()
