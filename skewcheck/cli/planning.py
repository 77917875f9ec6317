"""What the commands about plans share: options, the plan itself, and how it is shown."""

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from skewcheck.cli.output import canvas
from skewcheck.core.question import Exit
from skewcheck.render.printable import printable

if TYPE_CHECKING:
    from skewcheck.core.plan.view import PlanView
    from skewcheck.core.question import CandidateWanted
    from skewcheck.core.rollout.permission import Refusal
    from skewcheck.flows.plan import Planned
    from skewcheck.settings import Settings
    from skewcheck.wiring.rollout import Bench

_F = TypeVar("_F", bound=Callable[..., Any])


def waive_option(command: _F) -> _F:
    """Which waits a person does without."""
    return click.option(
        "--waive",
        "waive",
        multiple=True,
        metavar="SERVICE=REASON",
        help="Do not wait until old clients of that service are gone; repeat it.",
    )(command)


def target_option(command: _F) -> _F:
    """Where everything is to go."""
    target = click.option("--to", metavar="REF", help="To the manifest at this ref, as with --ref.")
    return target(command)


def rollout_options(command: _F) -> _F:
    """How a rollout is asked for."""
    for option in (
        click.option("--dry-run", is_flag=True, help="Show the plan, and what stands against it."),
        click.option("--yes", is_flag=True, help="Consent beforehand: do not ask."),
        click.option("--why", default="", help="Why, for those who read it later."),
        waive_option,
    ):
        command = option(command)
    return command


def plan_format_option(*forms: str) -> Callable[[_F], _F]:
    return click.option(
        "--format", "form", type=click.Choice(forms), default="table", show_default=True
    )


def with_target(source: Mapping[str, Any], to: str | None) -> dict[str, Any]:
    """`--to` is `--ref` by the name that people give a direction."""
    if to is None:
        return dict(source)
    if not to.strip():
        raise click.BadParameter("is empty (a variable that was not set?)", param_hint="--to")
    if source["ref"]:
        raise click.UsageError("give --to or --ref, not both")
    return {**source, "ref": to}


def read_waivers(given: Iterable[str]) -> dict[str, str]:
    """A waiver without a reason is none."""
    found: dict[str, str] = {}
    for text in given:
        service, _, reason = text.partition("=")
        if not service.strip() or not reason.strip():
            raise click.BadParameter(f"{text!r}: write SERVICE=REASON", param_hint="--waive")
        found[service.strip()] = reason.strip()
    return found


def planned_for(
    bench: "Bench", wanted: "tuple[CandidateWanted, ...]", waivers: Mapping[str, str]
) -> "Planned":
    """Surveys and plans. UsageError for what people wrote; ends the command where the platform
    could not be asked what serves, because unknown is never green."""
    from skewcheck.flows.named import require_services
    from skewcheck.flows.plan import plan_from, survey_for_plan
    from skewcheck.flows.propose import unread
    from skewcheck.flows.redeploy import waivers_of

    require_services(bench.loaded, [each.service for each in wanted])
    who = bench.who if waivers else ""
    allowed = waivers_of(waivers, bench.loaded, who)
    planned = plan_from(survey_for_plan(bench.doors, bench.loaded, wanted), allowed)
    refuse(unread(planned), Exit.INCONCLUSIVE)
    return planned


def refuse(refusals: "tuple[Refusal, ...]", code: Exit = Exit.BLOCK) -> None:
    """Ends the command where there is a reason against it; each with what would change it."""
    for refusal in refusals:
        click.echo(printable(f"skewcheck: {refusal.why}"), err=True)
        click.echo(printable(f"next: {refusal.fix}"), err=True)
    if refusals:
        sys.exit(code)


def show_plan(view: "PlanView", form: str, settings: "Settings") -> str:
    match form:
        case "json":
            from skewcheck.render.plan import render_plan_json

            return render_plan_json(view)
        case "markdown":
            from skewcheck.render.plan import render_plan_markdown

            return render_plan_markdown(view)
        case _:
            from skewcheck.render.plan import render_plan

            width, colour = canvas(settings)
            return render_plan(view, width=width, colour=colour)
