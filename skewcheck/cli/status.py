"""`skewcheck status`: what is live, where, and does it fit together?"""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from skewcheck import wiring
from skewcheck.cli.noting import Noting
from skewcheck.cli.options import (
    INTERVAL,
    complete_environment,
    format_or_page_option,
    source_of,
    source_options,
    web_host,
)
from skewcheck.cli.output import echo_and_exit, print_and_exit, render, talking
from skewcheck.cli.page import page_of
from skewcheck.core.errors import UsageError
from skewcheck.core.question import Question
from skewcheck.settings import Settings, read_settings

if TYPE_CHECKING:
    from skewcheck.core.report import Report


@click.command("status")
@click.argument("environments", nargs=-1, shell_complete=complete_environment)
@click.option(
    "--url",
    "urls",
    multiple=True,
    metavar="NAME=URL",
    help="Look at this URL without a manifest and without cloud rights; repeat it.",
)
@click.option("--watch", is_flag=True, help="Show it again and again until interrupted.")
@click.option(
    "--interval", type=INTERVAL, default="10s", show_default=True, help="Between two looks."
)
@source_options
@format_or_page_option
def command(
    environments: tuple[str, ...],
    urls: tuple[str, ...],
    *,
    watch: bool,
    interval: timedelta,
    form: str | None,
    **source: Any,
) -> NoReturn:
    """What is live, where, and does it fit together?

    Reads every witness of every service (control plane, origin, edge, page), compares it with the
    manifest and the contracts in git, and names what to do next. Without ENVIRONMENT: all of them.
    Exit 0: pass; 10: something blocks; 11: inconclusive.

    \b
      skewcheck status staging
      skewcheck status staging production
      skewcheck status \\
        --url frontend=https://app.example --url backend=https://api.example
      skewcheck status staging --format page > report.html
    """
    settings = read_settings()
    if urls and environments:
        raise click.UsageError("give environments or --url, not both")
    addresses = dict(_address(each) for each in urls)
    if len(addresses) != len(urls):
        raise click.UsageError("two --url have the same name")
    if watch:
        _watch(settings, form, interval, environments, addresses, source)
    reports = _reports(settings, environments, addresses, source)
    if form == "page" and not addresses:
        echo_and_exit(page_of(settings, source_of(source), reports), reports)
    print_and_exit(reports, form, settings)


def _address(text: str) -> tuple[str, str]:
    name, _, url = text.partition("=")
    if not name or not web_host(url):
        raise click.BadParameter(f"{text!r} is not NAME=URL, e.g. backend=https://api.example")
    return name, url


def _reports(
    settings: Settings,
    environments: tuple[str, ...],
    addresses: dict[str, str],
    source: dict[str, Any],
) -> "list[Report]":
    if addresses:
        return [_check_addresses(addresses)]
    asked = source_of(source)
    return [_check(settings, asked, each) for each in environments or _all(settings, asked)]


def _all(settings: Settings, asked: wiring.Source) -> tuple[str, ...]:
    if asked.file is not None:
        return (Path(asked.file).stem,)
    names = wiring.all_environments(settings, asked)
    if not names:
        raise UsageError(
            "no manifests/*.yaml is committed here",
            hint="skewcheck demo, or skewcheck status --url frontend=URL --url backend=URL",
        )
    return names


def _check(settings: Settings, asked: wiring.Source, environment: str) -> "Report":
    with (
        talking(f"looking at {environment}"),
        wiring.opened(settings, asked, environment) as (doors, loaded),
    ):
        from skewcheck.flows.check import Asking, check

        noting, versions = Noting(settings, asked, doors), wiring.installed_versions()
        asking = Asking(question=Question.STATUS, versions=versions, seen=noting.look)
        return check(doors, loaded, asking)


def _check_addresses(addresses: dict[str, str]) -> "Report":
    from skewcheck.flows.addresses import check_addresses

    hosts = frozenset(web_host(url) for url in addresses.values())
    with talking("looking"), wiring.http_only(hosts) as (http, clock):
        return check_addresses(http, clock, addresses, wiring.installed_versions())


def _watch(
    settings: Settings,
    form: str | None,
    interval: timedelta,
    *what: Any,
) -> NoReturn:
    """Ends by an interrupt only, which main() turns into exit 130."""
    from skewcheck.adapters.clock import SystemClock

    while True:
        text = render(_reports(settings, *what), form, settings)
        click.clear()
        click.echo(text)
        SystemClock().wait(interval.total_seconds())
