"""`skewcheck audit`: who did what, where, when and why?"""

from datetime import timedelta
from typing import Any

import click

from skewcheck.cli.looking_back import require_git, since_option
from skewcheck.cli.options import complete_environment, source_of, source_options
from skewcheck.settings import read_settings


@click.command("audit")
@click.argument("environment", required=False, shell_complete=complete_environment)
@since_option("30d")
@source_options
def command(environment: str | None, *, since: timedelta, **source: Any) -> None:
    """Who did what, where, when and why? The audit trail as JSON lines, the oldest first.

    Verdicts of the gate, overrides and broken glass, consent, rollouts and how they ended, holds,
    alerts. It is appended to and never changed.

    \b
      skewcheck audit staging --since 90d > audit.jsonl
    """
    from skewcheck.adapters.clock import SystemClock
    from skewcheck.flows.look_back import records_of
    from skewcheck.render.history.as_json import render_records
    from skewcheck.wiring.service import audit_of, project_of

    settings, asked = read_settings(), source_of(source)
    require_git(asked)
    trail = audit_of(settings, project_of(settings, asked))
    found = records_of(trail, environment, since=SystemClock().now() - since)
    click.echo(render_records(found), nl=False)
    if not found:
        where = f" of {environment}" if environment else ""
        click.echo(f"no record{where} since then; further back: --since 365d", err=True)
