"""`skewcheck diff`: what differs between two environments?"""

import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

from skewcheck import wiring
from skewcheck.cli.options import complete_environment, git_source_options, source_of
from skewcheck.cli.output import canvas, talking
from skewcheck.cli.planning import plan_format_option
from skewcheck.settings import Settings, read_settings

if TYPE_CHECKING:
    from skewcheck.core.comparing.comparison import Comparison
    from skewcheck.core.question import Exit


@click.command("diff")
@click.argument("first", metavar="ENVIRONMENT", shell_complete=complete_environment)
@click.argument("second", metavar="OTHER", shell_complete=complete_environment)
@click.option("--promises", is_flag=True, help="Compare what git promises; look at nothing live.")
@click.option("--exit-code", "by_difference", is_flag=True, help="Exit 10 if they differ.")
@git_source_options
@plan_format_option("table", "json", "markdown")
def command(
    first: str, second: str, *, promises: bool, by_difference: bool, form: str, **source: Any
) -> NoReturn:
    """What differs between two environments: builds, commits between them, and contracts.

    Names for each service what both promise and what both have live, the commits in between and
    whose they are; for each link, who changed the contract and how. It changes nothing.
    Exit 0: they were compared; 11: something could not be learnt.

    \b
      skewcheck diff staging production
      skewcheck diff staging production --promises --exit-code
    """
    settings, given = read_settings(), source_of(source)
    if first == second:
        raise click.UsageError(f"{first} is compared with itself: name two environments")
    with (
        talking(f"comparing {first} and {second}"),
        wiring.opened(settings, given, first) as one,
        wiring.opened(settings, given, second) as other,
    ):
        from skewcheck.flows.compare import Room, compare

        comparison = compare(Room(*one), Room(*other), look=not promises)
    code = comparison.exit(by_difference=by_difference)
    click.echo(_shown(comparison, code, form, settings).rstrip("\n"))
    sys.exit(code)


def _shown(comparison: "Comparison", code: "Exit", form: str, settings: Settings) -> str:
    from skewcheck.render import comparison as render

    match form:
        case "json":
            return render.render_comparison_json(comparison, code)
        case "markdown":
            return render.render_comparison_markdown(comparison, code)
        case _:
            width, colour = canvas(settings)
            return render.render_comparison(comparison, code, width=width, colour=colour)
