"""`skewcheck report`: what does it add up to?"""

import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NoReturn

import click

from skewcheck import wiring
from skewcheck.cli.looking_back import (
    form_option,
    looked_back,
    pages_need_jinja,
    require_git,
    since_option,
)
from skewcheck.cli.options import complete_environment, source_of, source_options
from skewcheck.cli.output import canvas, talking
from skewcheck.core.errors import UsageError
from skewcheck.core.question import Exit
from skewcheck.settings import Settings, read_settings

if TYPE_CHECKING:
    from skewcheck.core.chronicle.account import Account


@click.command("report")
@click.argument("environments", nargs=-1, shell_complete=complete_environment)
@since_option("30d")
@source_options
@form_option
def command(
    environments: tuple[str, ...], *, since: timedelta, form: str, **source: Any
) -> NoReturn:
    """What does it add up to? Hours of skew, who met it, what the gate stopped, who let what past.

    Times to detect and to mend are bounds: nobody sees the moment itself. Without ENVIRONMENT: all
    of them. Exit 11 where nothing is known about one of them.

    \b
      skewcheck report --since 30d
      skewcheck report staging --format page > report.html
    """
    settings, asked = read_settings(), source_of(source)
    require_git(asked)
    names = environments or wiring.all_environments(settings, asked)
    if not names:
        raise UsageError("no manifests/*.yaml is committed here", hint="skewcheck demo")
    accounts = [_account(settings, asked, each, since) for each in dict.fromkeys(names)]
    click.echo(_rendered(settings, form, accounts).rstrip("\n"))
    unknown = any(each.knows_nothing for each in accounts)
    sys.exit(Exit.INCONCLUSIVE if unknown else Exit.PASS)


def _account(
    settings: Settings, asked: wiring.Source, environment: str, since: timedelta
) -> "Account":
    from skewcheck.core.chronicle.account import account_of

    with talking(f"looking back at {environment}"):
        return account_of(looked_back(settings, asked, environment, since))


def _rendered(settings: Settings, form: str, accounts: "Sequence[Account]") -> str:
    match form:
        case "json":
            from skewcheck.render.history import render_report_json

            return render_report_json(accounts)
        case "page":
            with pages_need_jinja():
                from skewcheck.render.history.page import render_report_page

                return render_report_page(accounts)
        case _:
            from skewcheck.render.history import render_report

            width, colour = canvas(settings)
            return render_report(accounts, width=width, colour=colour)
