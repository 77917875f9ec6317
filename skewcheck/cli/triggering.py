"""Block or trigger: a gate that finds skew may start the redeploy that mends it.

The cascade guard stands over it; what it refuses is told, and the verdict stays.
"""

from typing import TYPE_CHECKING, Any

import click

from skewcheck.cli.noting import record, record_what_happened
from skewcheck.cli.rolling import finish
from skewcheck.core.errors import UsageError
from skewcheck.core.question import CandidateWanted
from skewcheck.settings import Settings

if TYPE_CHECKING:
    from skewcheck.core.report import Report
    from skewcheck.core.rollout.order import Order
    from skewcheck.core.rollout.permission import Refusal
    from skewcheck.flows.doors import Doors
    from skewcheck.flows.load import Loaded
    from skewcheck.wiring.rollout import Bench


def is_wanted(on_skew: str | None, report: "Report") -> bool:
    from skewcheck.core.mending import redeploy_is_wanted

    return redeploy_is_wanted(report, on_skew)


def trigger(
    settings: Settings,
    source: Any,
    doors: "Doors",
    loaded: "Loaded",
    report: "Report",
    *,
    allow_commands: bool,
) -> None:
    """Ends the command by the rollout's outcome; returns where none was started."""
    from skewcheck.core.audit.records import not_started, rollout_started
    from skewcheck.flows.redeploy import start
    from skewcheck.wiring.rollout import Bench, require_lasting_state

    require_lasting_state(settings, "on_skew: redeploy")
    bench = Bench(
        settings=settings,
        source=source,
        environment=report.environment,
        doors=doors,
        loaded=loaded,
        allow_commands=allow_commands,
    )
    found = _order(bench, report)
    now = doors.clock.now()
    if isinstance(found, tuple):
        refused = not_started(bench.environment, found, who=bench.who, at=now)
        record_what_happened(bench, refused)
        for each in found:
            told = f"skewcheck: no redeploy was started: {each.why}\nnext: {each.fix}"
            click.echo(told, err=True)
        return
    record(bench, rollout_started(found, at=now))
    click.echo(f"on_skew: redeploy: rollout {found.rollout} starts", err=True)
    finish(bench, start(bench.engine, found), "table", aside=True)


def _order(bench: "Bench", report: "Report") -> "Order | tuple[Refusal, ...]":
    """What would mend it, or every reason why that does not start by itself."""
    from skewcheck.core.rollout.permission import Refusal
    from skewcheck.flows.propose import propose
    from skewcheck.flows.redeploy import Asker, unfinished

    run = unfinished(bench.engine)
    if run is not None:
        why = f"rollout {run.rollout} is unfinished"
        return (Refusal(why=why, fix=f"skewcheck rollouts resume {bench.environment}"),)
    wanted = tuple(
        CandidateWanted(service=each.service, named=each.named)
        for each in report.survey.candidates.values()
    )
    asker = Asker(
        rollout=bench.new_rollout(), who=bench.who, why="on_skew: redeploy", triggered=True
    )
    try:
        proposal = propose(bench, asker, wanted)
    except UsageError as error:  # the gate's question is answered; that nobody can deploy is not
        return (Refusal(why=str(error), fix=error.hint),)
    if proposal.order is None and not proposal.refusals:
        why = f"no redeploy mends it ({proposal.planned.plan.answer})"
        return (Refusal(why=why, fix=f"skewcheck plan {bench.environment}"),)
    return proposal.refusals or proposal.order or ()
