"""`skewcheck pin`: promise other builds, on a branch, and see what that would do."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from skewcheck import wiring
from skewcheck.cli.options import complete_environment, git_source_options, source_of
from skewcheck.cli.output import canvas, talking
from skewcheck.cli.planning import plan_format_option
from skewcheck.settings import Settings, read_settings

if TYPE_CHECKING:
    from skewcheck.core.pinning.pinned import Pinned
    from skewcheck.flows.pin_builds import PinWanted

_NEVER_A_BUILD = frozenset("$%{}<> ")
# What a variable holds that somebody forgot to set.
_PLACEHOLDERS = frozenset({"null", "none", "undefined", "unknown", "0" * 40})


@click.command("pin")
@click.argument("environment", shell_complete=complete_environment)
@click.argument("pins", nargs=-1, required=True, metavar="SERVICE=BUILD...")
@click.option("--branch", metavar="NAME", help="[default: skewcheck/pin-ENVIRONMENT-…]")
@click.option("--message", "-m", metavar="TEXT", help="Of the commit.  [default: what changes]")
@click.option("--dry-run", is_flag=True, help="Show the change and what it would do; no commit.")
@git_source_options
@plan_format_option("table", "json")
def command(
    environment: str,
    *,
    pins: tuple[str, ...],
    branch: str | None,
    message: str | None,
    dry_run: bool,
    form: str,
    **source: Any,
) -> None:
    """Promise other builds in the manifest of ENVIRONMENT, as a commit on a new branch.

    BUILD is a commit, short or full, a branch or tag, `live` (what serves now), or @OTHER (what
    that environment promises). Only the promises change: comments, quoting and layout stay. Your
    working tree, index and HEAD are left alone. What it would do to the verdict is told: the exit
    code is 0 once it is committed, whatever the verdict.

    \b
      skewcheck pin production frontend=9e39e39 backend=@staging
      skewcheck pin staging backend=live --dry-run
    """
    from skewcheck.wiring.pinning import opened_proposals

    settings, wanted, given = read_settings(), _read_pins(pins), source_of(source)
    for option, value in (("--branch", branch), ("--message", message)):
        if value is not None and not value.strip():
            raise click.BadParameter("is empty (a variable that was not set?)", param_hint=option)
    with (
        talking(f"looking at {environment}"),
        wiring.opened(settings, given, environment) as (doors, loaded),
        opened_proposals(given) as proposals,
    ):
        from skewcheck.flows.pin import PinAsked, pin

        asked = PinAsked(wanted=wanted, branch=branch or "", message=message or "", dry_run=dry_run)
        pinned = pin(doors, loaded, asked, proposals)
    click.echo(_shown(pinned, form, settings).rstrip("\n"))


def _read_pins(given: Iterable[str]) -> "tuple[PinWanted, ...]":
    """A substitution that arrives empty, or not at all, is an error of usage."""
    wanted = tuple(_pin(text) for text in given)
    names = [each.service for each in wanted]
    if len(set(names)) != len(names):
        raise click.BadParameter("a service is named twice", param_hint="SERVICE=BUILD")
    return wanted


def _pin(text: str) -> "PinWanted":
    from skewcheck.flows.pin_builds import PinWanted

    service, _, named = text.partition("=")
    problem = ""
    if not service.strip() or not named.strip():
        problem = "write SERVICE=BUILD; one of them is empty (a variable that was not set?)"
    elif named.lower() in _PLACEHOLDERS:
        problem = "names no build (a variable that was not set?)"
    elif named.startswith("-") or _NEVER_A_BUILD & set(named):
        problem = "is not a commit, a branch, `live` or @ENVIRONMENT"
    if problem:
        raise click.BadParameter(f"{text!r}: {problem}", param_hint="SERVICE=BUILD")
    return PinWanted(service=service, named=named)


def _shown(pinned: "Pinned", form: str, settings: Settings) -> str:
    if form == "json":
        from skewcheck.render.pin_json import render_pin_json

        return render_pin_json(pinned)
    from skewcheck.render.pin import render_pin

    width, colour = canvas(settings)
    return render_pin(pinned, width=width, colour=colour)
