"""What the commands that roll out share: asking, starting, following, showing how it ended."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import click

from skewcheck.cli.noting import record, record_end
from skewcheck.cli.output import canvas
from skewcheck.cli.planning import refuse, show_plan
from skewcheck.core.errors import UsageError
from skewcheck.core.plan.plan import Answer
from skewcheck.core.question import Exit
from skewcheck.core.rollout.permission import Refusal

if TYPE_CHECKING:
    from skewcheck.core.rollout.journal import Entry, Outcome
    from skewcheck.core.rollout.order import Order
    from skewcheck.flows.plan import Planned
    from skewcheck.flows.redeploy import Asker
    from skewcheck.settings import Settings
    from skewcheck.wiring.rollout import Bench


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How the command was given: `yes` consents beforehand, `dry_run` only shows."""

    yes: bool
    dry_run: bool
    form: str


class Progress:
    """Prints each entry of a journal once, as it comes, and until when it waits then."""

    def __init__(self, settings: "Settings", order: "Order", *, err: bool) -> None:
        self._settings = settings
        self._order = order
        self._err = err
        self._shown = 0

    def __call__(self, entries: "tuple[Entry, ...]") -> None:
        from skewcheck.flows.redeploy import waiting
        from skewcheck.render.rollout import render_entry

        width, colour = canvas(self._settings)
        for entry in entries[self._shown :]:
            text = render_entry(entry, width=width, colour=colour).rstrip("\n")
            click.echo(text, err=self._err)
        self._shown = max(self._shown, len(entries))
        if told := waiting(self._order, (*self._order.past, *entries)):
            resume = f"skewcheck rollouts resume {self._order.environment}"
            click.echo(f"{told}; nobody need stay: {resume} carries it on then", err=True)


def follow_unfinished(bench: "Bench", form: str) -> None:
    """Asking twice returns the first: what is unfinished is carried on, and ends the command."""
    from skewcheck.flows.redeploy import unfinished

    run = unfinished(bench.engine)
    if run is not None:
        told = f"rollout {run.rollout} of {bench.environment} is unfinished: it goes on first"
        click.echo(told, err=True)
        finish(bench, run.rollout, form)


def roll_out(bench: "Bench", planned: "Planned", asker: "Asker", wish: Wish) -> NoReturn:
    """Shows the plan, asks, starts it and follows it to its end."""
    from skewcheck.core.audit.records import rollout_started
    from skewcheck.core.rollout.order import RolloutKind
    from skewcheck.flows.propose import view_of_plan
    from skewcheck.flows.redeploy import order_from, refusals, start
    from skewcheck.wiring.rollout import require_state_for

    view = view_of_plan(bench, planned, going_back=asker.kind is RolloutKind.ROLLBACK)
    moves = planned.plan.answer is Answer.SAFE and bool(planned.plan.waves)
    # A program gets one document: the plan where that is all there is, else the rollout.
    told = wish.form if wish.dry_run or not moves else "table"
    shown = show_plan(view, told, bench.settings).rstrip("\n")
    click.echo(shown, err=told != wish.form)
    if not moves:
        sys.exit(view.exit)
    order = order_from(bench.loaded, planned, asker)
    refuse(refusals(order, bench.loaded, bench.notes, bench.doors.clock.now()))
    if wish.dry_run:
        sys.exit(Exit.PASS)
    require_state_for(bench.settings, planned.plan)
    _consent(bench, order, yes=wish.yes)
    record(bench, rollout_started(order, at=bench.doors.clock.now()))
    finish(bench, start(bench.engine, order), wish.form)


def carry_on(bench: "Bench", rollout: str, *, quiet: bool = False) -> "Outcome":
    """Follows it to its end; its progress on stdout, or on stderr where stdout is for a program."""
    from skewcheck.core.rollout.as_json import order_from_json
    from skewcheck.flows.redeploy import find_run, follow

    if sys.stderr.isatty():
        told = f"rollout {rollout} survives Ctrl-C: skewcheck rollouts resume {bench.environment}"
        click.echo(told, err=True)
    order = order_from_json(find_run(bench.engine, bench.environment, rollout).order)
    progress = Progress(bench.settings, order, err=quiet)
    outcome = follow(bench.engine, rollout, bench.body, progress)
    record_end(bench, order, outcome)
    return outcome


def finish(bench: "Bench", rollout: str, form: str, *, aside: bool = False) -> NoReturn:
    """Carries it on, tells how it ended, and exits by its outcome; all of it on stderr where it is
    `aside` of another result."""
    from skewcheck.render.rollout import render_outcome

    carry_on(bench, rollout, quiet=aside or form == "json")
    _tell(bench, rollout, form, render_outcome, err=aside)


def show_rollout(bench: "Bench", rollout: str | None, form: str) -> NoReturn:
    """As it stands, with every step; exit 0 too while it is under way."""
    from skewcheck.render.rollout import render_rollout

    _tell(bench, rollout, form, render_rollout)


def _tell(
    bench: "Bench",
    rollout: str | None,
    form: str,
    as_text: Callable[..., str],
    *,
    err: bool = False,
) -> NoReturn:
    from skewcheck.flows.redeploy import find_run, view_of
    from skewcheck.render.rollout import render_rollout_json

    run = find_run(bench.engine, bench.environment, rollout)
    view = view_of(bench.engine, run, bench.doors.platform)
    if form == "json":
        text = render_rollout_json(view)
    else:
        width, colour = canvas(bench.settings)
        text = as_text(view, width=width, colour=colour)
    click.echo(text.rstrip("\n"), err=err)
    if view.by_hand and form != "json":
        again = f"skewcheck rollouts resume {bench.environment} {view.order.rollout}"
        click.echo(f"or, once what stood in the way is mended: {again}", err=True)
    sys.exit(Exit.PASS if view.exit is None else view.exit)


def _consent(bench: "Bench", order: "Order", *, yes: bool) -> None:
    """Asks a person, unless they said so beforehand; a pipe cannot consent. What was observed
    must not have grown old while the question stood there."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("nobody is there to be asked", hint="add --yes to mean it")
    if not click.confirm(f"Roll out plan {order.digest} in {order.environment}?", err=True):
        again = f"skewcheck redeploy {order.environment} --dry-run"
        refuse((Refusal(why="nothing was rolled out, as you said", fix=again),))
    lasts = bench.loaded.manifest.policy.approvals.expire
    if bench.doors.clock.now() - order.at >= lasts:
        told = f"plan {order.digest} is older than {lasts}: the world may have changed since"
        refuse((Refusal(why=told, fix="give the command again, and decide sooner"),))
