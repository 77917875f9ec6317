"""`skewcheck history`: what was live when?"""

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

import click

from skewcheck.cli.looking_back import (
    MOMENT,
    form_option,
    looked_back,
    pages_need_jinja,
    since_option,
)
from skewcheck.cli.options import complete_environment, source_of, source_options
from skewcheck.cli.output import canvas, talking
from skewcheck.core.question import Exit
from skewcheck.settings import Settings, read_settings

if TYPE_CHECKING:
    from skewcheck.core.chronicle.account import Past
    from skewcheck.core.chronicle.then import Then


@click.command("history")
@click.argument("environment", shell_complete=complete_environment)
@click.option("--at", type=MOMENT, metavar="TIME", help="One moment, in UTC: 2026-12-01T08:00.")
@since_option("7d")
@source_options
@form_option
def command(
    environment: str, *, at: datetime | None, since: timedelta, form: str, **source: Any
) -> NoReturn:
    """What was live when? From the looks that were taken, and from rollouts.

    `status`, `verify`, `gate` without candidates and `serve` take looks; between two that are
    further apart than two hours nobody knows. Exit 11 where nobody looked at the time asked for.

    \b
      skewcheck history staging
      skewcheck history staging --at 2026-11-23T22:10
      skewcheck history staging --since 30d --format page > history.html
    """
    settings = read_settings()
    with talking(f"looking back at {environment}"):
        past = looked_back(settings, source_of(source), environment, since)
    from skewcheck.core.chronicle.snapshot import Stretch
    from skewcheck.core.chronicle.then import live_at

    then = None if at is None else live_at(past.stretches, at)
    click.echo(_rendered(settings, form, past, at, then).rstrip("\n"))
    known = isinstance(then, Stretch) if at else _looked(past)
    sys.exit(Exit.PASS if known else Exit.INCONCLUSIVE)


def _looked(past: "Past") -> bool:
    return any(each.last >= past.window.since for each in past.stretches)


def _rendered(
    settings: Settings, form: str, past: "Past", at: datetime | None, then: "Then | None"
) -> str:
    match form:
        case "json":
            from skewcheck.render.history import render_history_json

            return render_history_json(past, moment=at, then=then)
        case "page":
            with pages_need_jinja():
                from skewcheck.render.history.page import render_history_page

                return render_history_page(past, at=at, then=then)
        case _:
            from skewcheck.render.history import render_history

            width, colour = canvas(settings)
            return render_history(past, width=width, colour=colour, at=at, then=then)
