"""Whatever platforms and people wrote into a journal, no reader is harmed."""

import json
import re

from hypothesis import example, given
from rich.cells import cell_len

from skewcheck.core.plan.facts import Party, PlanWorld
from skewcheck.core.plan.plan import Answer, Plan
from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.order import Place, ServiceOrder
from skewcheck.core.rollout.view import RolloutView
from skewcheck.render.rollout import (
    render_entry,
    render_entry_json,
    render_rollout,
    render_rollout_json,
    render_rollouts,
)
from tests.render.rollout import worlds
from tests.render.test_hostile import FEW, is_clean, texts


def hostile(word: str, other: str) -> RolloutView:
    """Both texts stand wherever something from outside can stand."""
    service = ServiceOrder(
        name=word,
        target=other,
        image=word,
        places=(Place(project=word, region=other, service=word),),
    )
    built = ServiceOrder(name=word, target=other, trigger=other)
    order = worlds.order(
        rollout=word, environment=other, who=word, why=other, digest=word, manifest_commit=other,
        policy_commit=word, resumes=other, services=(service, built),
        world=PlanWorld(parties={word: Party(name=word, serving=(other,), target=word)}),
        plan=Plan(answer=Answer.SAFE),
    )  # fmt: skip
    entries = (
        worlds.entry(word, told=other, evidence=(word, other), url=word),
        worlds.entry(other, told=word, ok=False),
        worlds.entry(other, told="", ok=False, cancelled=True),
    )
    return RolloutView(
        order=order, entries=entries, outcome=Outcome.STUCK, status=word, by_hand=(other,),
        remains=(word, other),
    )  # fmt: skip


@FEW
@given(texts, texts)
@example("\x1b[2J", "\u202e")
@example("あ" * 50, "e" + "\u0301" * 90)
def test_a_terminal_gets_nothing_to_obey_and_nothing_too_wide(word: str, other: str) -> None:
    view = hostile(word, other)
    shown = [render_entry(entry, width=80, colour=False) for entry in view.entries]
    shown += [render_rollouts([view], width=width, colour=False) for width in (80, 2000)]
    assert all(map(is_clean, shown))
    assert all(cell_len(line) <= 80 for text in shown[:-1] for line in text.split("\n"))
    assert is_clean(render_rollout(view, width=80, colour=False))
    drawn = render_rollout(view, width=80, colour=True)
    assert is_clean(re.sub(r"\x1b\[[0-9;]*m", "", drawn))


@FEW
@given(texts, texts)
@example("\udc80", "\u202e")
def test_json_is_ascii_and_keeps_every_text(word: str, other: str) -> None:
    view = hostile(word, other)
    text = render_rollout_json(view)
    assert text.isascii()
    told = json.loads(text)
    assert (told["rollout"], told["why"], told["by_hand"]) == (word, other, [other])
    line = render_entry_json(view.entries[0])
    assert line.isascii()
    assert line.count("\n") == 1
