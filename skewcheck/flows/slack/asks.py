"""From the text of a command to its answer: one story for each thing that can be asked."""

from typing import TypeAlias, assert_never

from skewcheck.core.probe.kits import ProbeWanted
from skewcheck.core.question import Question
from skewcheck.core.slack.as_json import from_json
from skewcheck.core.slack.asks import (
    DiagnoseAsk,
    HelpAsk,
    HoldAsk,
    Misread,
    PlanAsk,
    RedeployAsk,
    ReleaseAsk,
    RollbackAsk,
    StatusAsk,
)
from skewcheck.core.slack.inbox import Item
from skewcheck.core.slack.look import Look
from skewcheck.core.slack.reading import read_ask
from skewcheck.flows.check import Asking
from skewcheck.flows.diagnose import diagnose_links
from skewcheck.flows.named import websocket_links
from skewcheck.flows.plan import plan_from, survey_for_plan
from skewcheck.flows.propose import unread, view_of_plan
from skewcheck.flows.slack.asking import propose_redeploy, propose_rollback
from skewcheck.flows.slack.at_ref import at_ref
from skewcheck.flows.slack.desk import Desk
from skewcheck.flows.slack.holds import hold, release
from skewcheck.ports.service import Kept
from skewcheck.render.slack.answers import render_help, render_told
from skewcheck.render.slack.diagnosis import render_diagnoses
from skewcheck.render.slack.plan import render_plan
from skewcheck.render.slack.status import render_all, render_status

_Change: TypeAlias = RedeployAsk | RollbackAsk | HoldAsk | ReleaseAsk


def carry_out_ask(desk: Desk, item: Item) -> None:
    """Raises SkewcheckError for what goes wrong on the way, for the caller to tell."""
    match read_ask(item.text, desk.known()):
        case Misread(why=why, fix=fix):
            desk.answer(item, render_told(why, fix))
        case HelpAsk():
            desk.answer(item, render_help())
        case StatusAsk(environment=environment):
            _status(desk, item, environment)
        case DiagnoseAsk() as ask:
            _diagnose(desk, item, ask)
        case PlanAsk() as ask:
            _plan(desk, item, ask)
        case ask:
            _change(desk, item, ask)


def _change(desk: Desk, item: Item, ask: _Change) -> None:
    match ask:
        case RedeployAsk():
            propose_redeploy(desk, item, ask)
        case RollbackAsk(environment=environment, rollout=rollout):
            propose_rollback(desk, item, environment, rollout)
        case HoldAsk():
            hold(desk, item, ask)
        case ReleaseAsk(environment=environment):
            release(desk, item, environment)
        case _:
            assert_never(ask)


def _status(desk: Desk, item: Item, environment: str) -> None:
    shared = desk.shared
    now = shared.clock.now()
    kept = shared.shelf.read("look", environment) if environment else None
    if not environment:
        seen = {each.key: look for each in shared.shelf.all("look") if (look := _look(each))}
        desk.answer(item, render_all(seen, now, page=desk.page))
    elif kept is None or (look := _look(kept)) is None:
        told = f"no survey of {environment} has been taken yet"
        desk.answer(item, render_told(told, f"/skewcheck diagnose {environment}"))
    else:
        desk.answer(item, render_status(environment, look, now, page=desk.page))


def _look(kept: Kept) -> Look | None:
    """None where another version wrote what we cannot read."""
    try:
        return from_json(Look, kept.value)
    except ValueError:
        return None


def _diagnose(desk: Desk, item: Item, ask: DiagnoseAsk) -> None:
    _say(desk, item, f"diagnosing {ask.environment}…")
    with desk.open_room(ask.environment) as room:
        links = websocket_links(room.loaded, ask.link or None, hint="/skewcheck help")
        probing = ProbeWanted(thorough=True, links=frozenset(links))
        asking = Asking(question=Question.DIAGNOSE, probing=probing)
        diagnosed = diagnose_links(room.doors, room.loaded, asking, links)
    desk.answer(item, render_diagnoses(diagnosed.report, diagnosed.diagnoses))


def _plan(desk: Desk, item: Item, ask: PlanAsk) -> None:
    _say(desk, item, f"planning {ask.environment}…")
    with desk.open_room(ask.environment) as own:
        room = at_ref(own, ask.ref)
        planned = plan_from(survey_for_plan(room.doors, room.loaded), {})
        message = render_plan(view_of_plan(room, planned), unread(planned))
    desk.answer(item, message)


def _say(desk: Desk, item: Item, told: str) -> None:
    """That it is being worked on; not again where it is done again."""
    if item.tries <= 1:
        desk.answer(item, render_told(told))
