"""`skewcheck serve`: the status page, Slack and metrics, as one small web service."""

from typing import Any

import click

from skewcheck.cli.options import INTERVAL, complete_environment, web_host
from skewcheck.cli.probing import probe_options, probing_of
from skewcheck.render.printable import printable
from skewcheck.settings import read_settings


@click.command("serve")
@click.argument("environments", nargs=-1, shell_complete=complete_environment)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="0 for any that is free; it is printed.",
)
@click.option(
    "--interval", type=INTERVAL, default="60s", show_default=True, help="Between two surveys."
)
@click.option("--read-only", is_flag=True, help="Let nothing roll out, and answer nobody in Slack.")
@click.option("--page", metavar="URL", default="", help="The page's public address, for links.")
@probe_options
@click.option(
    "--policy-ref",
    metavar="REF",
    help="Where policy and overrides come from.  [default: the remote's default branch]",
)
@click.option(
    "--ref",
    metavar="REF",
    help="Read manifests at this git ref.  [default: $SKEWCHECK_REF, else HEAD]",
)
@click.option(
    "--repo",
    default=".",
    metavar="PATH|URL",
    help="The repository that holds manifests/: a checkout, read as it is, or a git URL, fetched"
    " before each round.  [default: here]",
)
def command(environments: tuple[str, ...], **given: Any) -> None:
    """The status page, Slack and metrics, as one small web service.

    Surveys ENVIRONMENTS (without any: all that have a manifest) in the background, shows them, and
    carries unfinished rollouts on. Where the policy says on_skew: redeploy, skew that appears by
    itself is mended. SIGTERM ends it; what is under way goes on with the next process.

    \b
      skewcheck serve
      skewcheck serve staging --port 0 --interval 10s
      SKEWCHECK_LOGIN=iap:AUDIENCE skewcheck serve --host 0.0.0.0 \\
        --repo https://github.com/acme/app
    """
    from skewcheck.service.asked import Asked, require_libraries, require_safety

    for name in ("ref", "policy_ref", "repo"):
        if given[name] == "":
            option = f"--{name.replace('_', '-')}"
            raise click.BadParameter("is empty (a variable that was not set?)", param_hint=option)
    if given["page"] and not web_host(given["page"]):
        raise click.BadParameter(f"{given['page']!r} is not a URL", param_hint="--page")
    require_libraries()
    probing = probing_of(no_probe=given.pop("no_probe"))
    asked = Asked(settings=read_settings(), environments=environments, probing=probing, **given)
    require_safety(asked)
    from skewcheck.service.run import serve

    serve(asked, _tell)


def _tell(line: str) -> None:
    click.echo(printable(f"skewcheck serve: {line}"), err=True)
