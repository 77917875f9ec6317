"""What the commands about plans share: options, the plan itself, and how it is shown."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from skewcheck.cli.output import canvas

if TYPE_CHECKING:
    from skewcheck.core.plan.view import Means, PlanView
    from skewcheck.core.question import CandidateWanted
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


def plan_options(command: _F) -> _F:
    """Where everything is to go, and how."""
    target = click.option("--to", metavar="REF", help="To the manifest at this ref, as with --ref.")
    return target(waive_option(command))


def plan_format_option(*forms: str) -> Callable[[_F], _F]:
    return click.option(
        "--format", "form", type=click.Choice(forms), default="table", show_default=True
    )


def with_target(source: Mapping[str, Any], to: str | None) -> dict[str, Any]:
    """`--to` is `--ref` by the name that people give a direction."""
    if to is None:
        return dict(source)
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
    """Surveys and plans. UsageError for what people wrote."""
    from skewcheck.flows.plan import plan_from, survey_for_plan
    from skewcheck.flows.redeploy import waivers_of

    who = bench.who if waivers else ""
    allowed = waivers_of(waivers, bench.loaded, who)
    return plan_from(survey_for_plan(bench.doors, bench.loaded, wanted), allowed)


def view_of_plan(bench: "Bench", planned: "Planned", *, going_back: bool = False) -> "PlanView":
    from skewcheck.core.plan.view import PlanView

    survey, loaded = planned.survey, bench.loaded
    fits = planned.fits
    return PlanView(
        environment=survey.environment,
        at=survey.at,
        plan=planned.plan,
        world=planned.world,
        digest=planned.digest,
        links={n: (link.client, link.server) for n, link in survey.manifest.links.items()},
        sentence=lambda pair: fits.compare(pair.link, pair.client, pair.server).sentence,
        services=dict(_means(bench, planned)),
        going_back=going_back,
        expires=survey.at + loaded.manifest.policy.approvals.expire,
    )


def _means(bench: "Bench", planned: "Planned") -> "Iterable[tuple[str, Means]]":
    from skewcheck.core.plan.view import Means
    from skewcheck.flows.rollout.building import trigger_of

    for service in planned.services:
        if service.trigger:
            took = bench.builds.last_took_s(trigger_of(service))
            yield (
                service.name,
                Means(
                    told=f"trigger {service.trigger}",
                    by_trigger=True,
                    last_took_s=took,
                    previous=service.previous,
                ),
            )
        elif planned.world.parties[service.name].moves:
            told = f"image {service.image}" if service.image else "a revision that is there"
            yield service.name, Means(told=told)
        else:
            yield service.name, Means(told="edge only")


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
