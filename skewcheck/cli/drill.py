"""`skewcheck drill`: can the gate still block?"""

import click

from skewcheck.core.errors import SkewcheckError


@click.command("drill")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to print it.",
)
def command(form: str) -> None:
    """Can the gate still block? Known-bad worlds, through the real decision, offline.

    Each bad world must be stopped, and its healthy twin, which differs from it in one thing, must
    pass. If one does not, the gate is broken: exit 1.

    \b
      skewcheck drill && skewcheck gate staging --candidate backend=$COMMIT_SHA
    """
    from skewcheck.flows.drill import run_drill
    from skewcheck.render.drill import describe_breakage, render_drill, render_drill_json

    exercised = run_drill()
    told = render_drill_json(exercised) if form == "json" else render_drill(exercised)
    click.echo(told, nl=False)
    if broken := describe_breakage(exercised):
        hint = "trust no pass of this installation: pip install --force-reinstall skewcheck"
        raise SkewcheckError(broken, hint=hint)
