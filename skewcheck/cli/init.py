"""`skewcheck init`: a first manifest from what runs, every guess and every unknown marked."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from skewcheck.cli.output import talking
from skewcheck.core.question import Exit
from skewcheck.settings import read_settings

if TYPE_CHECKING:
    from skewcheck.core.drafting.answers import Answers
    from skewcheck.core.drafting.draft import Draft
    from skewcheck.flows.drafting.doors import DraftDoors
    from skewcheck.ports.work_tree import WorkTree
    from skewcheck.render.drafting import DraftText


@click.command("init")
@click.argument("environment")
@click.option("--project", metavar="ID", required=True, help="The Google Cloud project to look at.")
@click.option("--region", multiple=True, metavar="R", help="Only there.  [default: all regions]")
@click.option("--service", multiple=True, metavar="NAME", help="Only these.  [default: all]")
@click.option("--url", multiple=True, metavar="SERVICE=URL", help="How users reach a service.")
@click.option("--static", multiple=True, metavar="NAME=URL", help="What Cloud Run does not run.")
@click.option("--client", metavar="SERVICE", help="Whose users open the socket.")
@click.option("--server", metavar="SERVICE", help="Who takes the socket.")
@click.option("--path", metavar="PATH", help="Where the server takes it, such as /ws.")
@click.option("--link", metavar="NAME", help="What to call it.  [default: as its protocol]")
@click.option("--contract", metavar="FILE", help="Of this file only.  [default: contracts/*.yaml]")
@click.option("--stdout", "to_stdout", is_flag=True, help="Print the manifest, write nothing.")
@click.option(
    "--repo",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The repository to write into.  [default: here]",
)
def command(environment: str, *, to_stdout: bool, repo: Path, **given: Any) -> NoReturn:
    """Write a first manifests/ENVIRONMENT.yaml from what runs in a project.

    Looks at Cloud Run services, load balancers, what the services answer, and the contracts of
    this repository; changes nothing there. Guesses are marked as such, and what could not be found
    as UNKNOWN: on a terminal it asks for that. A file that is there is never written over.
    Exit 0: all was found; 11: something is to be filled in, and is listed.

    \b
      skewcheck init staging --project acme-staging
      skewcheck init staging --project acme-staging \\
        --service web --service api --path /ws
    """
    from skewcheck.cli.init_flags import read_answers
    from skewcheck.render.drafting import render_draft
    from skewcheck.wiring.adoption import opened_for_drafting, work_tree_of

    answers, settings = read_answers(environment, given), read_settings()
    work_tree, file = work_tree_of(repo), f"manifests/{environment}.yaml"
    if not to_stdout:
        _require_absent(work_tree, file)
    with opened_for_drafting(settings, repo, work_tree) as doors:
        draft = _drafted(doors, answers, given)
    rendered = render_draft(draft)
    if to_stdout:
        click.echo(rendered.text, nl=False)
    else:
        work_tree.create(file, rendered.text.encode())
    where = work_tree.place(file)
    _tell(where, draft, rendered, repo=repo, to_stdout=to_stdout)
    sys.exit(Exit.INCONCLUSIVE if rendered.missing else Exit.PASS)


def _require_absent(work_tree: "WorkTree", file: str) -> None:
    from skewcheck.core.errors import UsageError

    if work_tree.exists(file):
        shown = shlex.quote(work_tree.place(file))
        raise UsageError(
            f"{shown} is there already, and is never written over",
            hint=f"see what it would be by --stdout, or move it away: mv {shown} {shown}.old",
        )


def _drafted(doors: "DraftDoors", answers: "Answers", given: dict[str, Any]) -> "Draft":
    """Finds, asks for what it cannot find where somebody is there, and makes the draft."""
    from skewcheck.cli.asking import ask_about_links, ask_for_urls, is_someone_there
    from skewcheck.cli.init_flags import names_of
    from skewcheck.core.drafting.make import make_draft
    from skewcheck.flows.init import Wish, homeless, look_around, with_answers

    wish = Wish(
        project=answers.project,
        regions=given["region"],
        services=given["service"],
        urls=names_of(given["url"]),
        static=names_of(given["static"]),
    )
    with talking(f"looking at {answers.project}"):
        facts = look_around(doors, wish, contract=given["contract"] or "")
    make_draft(facts, answers)  # a party that is not there is told before anything is asked
    if is_someone_there():
        answers = ask_for_urls(answers, homeless(facts, answers.urls))
    with talking("looking at its services"):
        facts = with_answers(doors.http, facts, answers.urls)
    if is_someone_there():
        answers = ask_about_links(facts, answers)
    return make_draft(facts, answers)


def _tell(
    where: str, draft: "Draft", rendered: "DraftText", *, repo: Path, to_stdout: bool
) -> None:
    """What was written, what is missing, what comes next; beside a printed file on stderr."""
    from skewcheck.render.drafting import render_summary

    shown = shlex.quote(where)
    more = f" --repo {shlex.quote(str(repo))}" if repo != Path() else ""
    also = f"--manifest {shown}{more}"
    commands = [f"skewcheck {each} {draft.environment} {also}" for each in ("doctor", "status")]
    written = "" if to_stdout else where
    click.echo(render_summary(draft, rendered, file=written, commands=commands), err=to_stdout)
