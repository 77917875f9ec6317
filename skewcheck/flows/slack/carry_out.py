"""One thing that came from Slack, carried out and answered, whatever becomes of it."""

from skewcheck.core.errors import ActionFailedError, SkewcheckError
from skewcheck.core.slack.inbox import Item, ItemKind
from skewcheck.flows.slack.asks import carry_out_ask
from skewcheck.flows.slack.clicks import carry_out_click
from skewcheck.flows.slack.desk import Desk
from skewcheck.render.slack.answers import render_told


def carry_out(desk: Desk, item: Item) -> None:
    """What is refused, or fails in a way that we know, is told to who asked. Raises
    ActionFailedError where they cannot be told."""
    try:
        if item.kind is ItemKind.COMMAND:
            carry_out_ask(desk, item)
        else:
            carry_out_click(desk, item)
    except SkewcheckError as error:
        desk.refuse(item, error)


def apologise(desk: Desk, item: Item) -> None:
    """For what nobody could carry out."""
    told = f"sorry: {item.text or item.action!r} failed {item.tries} times, and was given up"
    try:
        desk.answer(item, render_told(told, "look into the log of skewcheck serve, and try again"))
    except ActionFailedError:
        return
