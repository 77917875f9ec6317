"""`skewcheck rollouts`: what was rolled out, by whom, and what is still to be done about it."""

import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from skewcheck.cli.noting import record
from skewcheck.cli.options import complete_environment, source_of, source_options
from skewcheck.cli.output import canvas
from skewcheck.cli.planning import plan_format_option, refuse
from skewcheck.cli.probing import allow_commands_option
from skewcheck.cli.rolling import finish, follow_unfinished, show_rollout
from skewcheck.core.question import Exit
from skewcheck.settings import read_settings

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from skewcheck.wiring.rollout import Bench

_F = TypeVar("_F", bound=Callable[..., Any])
_DIGEST = re.compile("[0-9a-f]{16}")


@click.group("rollouts")
def command() -> None:
    """What was rolled out: who, when, why, every step with its evidence, and what is unfinished."""


def _asked(of_rollout: bool | None = None) -> Callable[[_F], _F]:  # noqa: FBT001 - required, optional, none
    def decorate(function: _F) -> _F:
        function = source_options(function)
        if of_rollout is not None:
            function = click.argument("rollout", required=of_rollout)(function)
        return click.argument("environment", shell_complete=complete_environment)(function)

    return decorate


def _opened(
    environment: str, source: dict[str, Any], *, allow_commands: bool = False
) -> "AbstractContextManager[Bench]":
    from skewcheck.wiring.rollout import opened_for_rollouts

    return opened_for_rollouts(
        read_settings(), source_of(source), environment, allow_commands=allow_commands
    )


@command.command("list", short_help="All of an environment, the newest first.")
@_asked()
@plan_format_option("table", "json")
def list_rollouts(environment: str, *, form: str, **source: Any) -> None:
    """All rollouts of ENVIRONMENT, the newest first.

    \b
      skewcheck rollouts list staging --format json
    """
    with _opened(environment, source) as bench:
        from skewcheck.flows.redeploy import view_of
        from skewcheck.render.rollout import render_rollouts, render_rollouts_json

        views = [view_of(bench.engine, run) for run in bench.engine.runs()]
        if form == "json":
            text = render_rollouts_json(views)
        else:
            width, colour = canvas(bench.settings)
            text = render_rollouts(views, width=width, colour=colour)
    click.echo(text.rstrip("\n"))


@command.command("show", short_help="One, with every step and its evidence.")
@_asked(of_rollout=False)
@plan_format_option("table", "json")
def show(environment: str, *, rollout: str | None, form: str, **source: Any) -> NoReturn:
    """One rollout, the newest if none is named. Exits by its outcome: 0, or 12.

    \b
      skewcheck rollouts show staging 20261124-2133-7f3a1b
    """
    with _opened(environment, source) as bench:
        show_rollout(bench, rollout, form)


@command.command("resume", short_help="Carry on what stopped half-way, or is stuck.")
@_asked(of_rollout=False)
@click.option("--unfinished", is_flag=True, help="Leave a stuck one alone; 0 where all is over.")
@allow_commands_option
@plan_format_option("table", "json")
def resume(
    environment: str,
    *,
    rollout: str | None,
    unfinished: bool,
    allow_commands: bool,
    form: str,
    **source: Any,
) -> NoReturn:
    """Carry on what is unfinished, or try a stuck one's last steps again.

    Exit 0: succeeded; 12: it went back, or is stuck.

    \b
      skewcheck rollouts resume staging
    """
    with _opened(environment, source, allow_commands=allow_commands) as bench:
        if unfinished:
            _carry_on_unfinished(bench, form)
        from skewcheck.core.audit.records import resumed
        from skewcheck.flows.resume import to_carry_on

        who, new = bench.who, bench.new_rollout()
        carried_on = to_carry_on(bench.engine, environment, rollout, new=new, who=who)
        record(bench, resumed(environment, carried_on, who=who, at=bench.doors.clock.now()))
        finish(bench, carried_on, form)


def _carry_on_unfinished(bench: "Bench", form: str) -> NoReturn:
    """As the service does: nobody has asked for it anew, so nothing is recorded as resumed."""
    follow_unfinished(bench, form)
    click.echo(f"no rollout is unfinished in {bench.environment}", err=True)
    sys.exit(Exit.PASS)


@command.command("cancel", short_help="Begin no further step; go back.")
@_asked(of_rollout=False)
def cancel(environment: str, *, rollout: str | None, **source: Any) -> None:
    """Let no further step begin; what was done is undone by whoever carries it out.

    \b
      skewcheck rollouts cancel staging
    """
    with _opened(environment, source) as bench:
        from skewcheck.core.audit.records import cancelled
        from skewcheck.flows.resume import to_cancel

        run, at = to_cancel(bench.engine, environment, rollout), bench.doors.clock.now()
        record(bench, cancelled(environment, run.rollout, who=bench.who, at=at))
        bench.notes.cancel(run.rollout, bench.who, at)
    click.echo(f"rollout {run.rollout} goes back from its next step on")
    click.echo(f"If nobody carries it out: skewcheck rollouts resume {environment}", err=True)


@command.command("approve", short_help="Consent to a plan, by its digest.")
@_asked()
@click.argument("digest")
def approve(environment: str, *, digest: str, **source: Any) -> None:
    """Consent to the plan with that DIGEST, which `skewcheck redeploy --dry-run` shows.

    Exit 10: you may not.

    \b
      skewcheck rollouts approve staging c7a2b36b435867b3
    """
    if not _DIGEST.fullmatch(digest):
        told = f"{digest!r} is no digest of a plan: 16 hexadecimal digits, as a plan shows them"
        raise click.BadParameter(told, param_hint="DIGEST")
    with _opened(environment, source) as bench:
        from skewcheck.core.audit.records import approved
        from skewcheck.core.rollout.consent import Approval
        from skewcheck.core.rollout.permission import Refusal

        policy = bench.loaded.manifest.policy.approvals
        if bench.who not in policy.by:
            named = ", ".join(policy.by) or "nobody"
            refuse((
                Refusal(
                    why=f"{bench.who} may not approve; policy.approvals.by: {named}",
                    fix="ask one of those, or have them changed at the policy ref",
                ),
            ))  # fmt: skip
        at = bench.doors.clock.now()
        record(bench, approved(environment, digest, who=bench.who, at=at))
        bench.notes.approve(Approval(digest=digest, who=bench.who, at=at))
    click.echo(f"{bench.who} approved plan {digest} of {environment} for {policy.expire}")
