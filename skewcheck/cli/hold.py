"""`skewcheck hold`: nothing rolls out in an environment until it is released."""

from datetime import UTC, datetime
from typing import Any

import click

from skewcheck.cli.noting import record
from skewcheck.cli.options import complete_environment, source_of, source_options
from skewcheck.render.printable import printable
from skewcheck.settings import read_settings


@click.command("hold")
@click.argument("environment", shell_complete=complete_environment)
@click.argument("why", required=False)
@click.option("--until", metavar="MOMENT", help="ISO 8601, in UTC: 2026-12-01 or 2026-12-01T08:00.")
@click.option("--release", is_flag=True, help="Let it go.")
@source_options
def command(
    environment: str, *, why: str | None, until: str | None, release: bool, **source: Any
) -> None:
    """Let nothing roll out in ENVIRONMENT, whoever asks, until it is released.

    What is under way goes on: `skewcheck rollouts cancel` stops that. Without WHY it tells how it
    stands. Without SKEWCHECK_STATE_URL it binds this machine only.

    \b
      skewcheck hold staging "demo for the board" --until 2026-12-01T18:00
      skewcheck hold staging --release
    """
    from skewcheck.core.audit.records import held, released
    from skewcheck.core.rollout.consent import Hold
    from skewcheck.wiring.rollout import opened_for_rollouts

    if release and (why or until):
        raise click.UsageError("--release goes without a reason and without --until")
    if until and not why:
        raise click.UsageError("say why: skewcheck hold ENVIRONMENT WHY --until MOMENT")
    if why is not None and not why.strip():
        raise click.UsageError("WHY is empty (a variable that was not set?): nothing is held")
    moment = _moment(until) if until else None
    settings = read_settings()
    with opened_for_rollouts(settings, source_of(source), environment) as bench:
        now = bench.doors.clock.now()
        if moment is not None and moment <= now:
            raise click.BadParameter(f"{until!r} is over", param_hint="--until")
        if release:
            record(bench, released(environment, who=bench.who, at=now))
            bench.notes.set_hold(None)
        elif why:
            hold = Hold(who=bench.who, why=why, at=now, until=moment)
            record(bench, held(environment, hold))
            bench.notes.set_hold(hold)
        click.echo(_told(environment, bench.notes.hold(), now))
    if not settings.state_url:
        told = (
            "This machine only: without SKEWCHECK_STATE_URL others neither see nor heed its holds."
        )
        click.echo(told, err=True)


def _told(environment: str, hold: Any, now: datetime) -> str:
    if hold is None or not hold.binds(now):
        return f"{environment} is not held"
    until = f" until {hold.until:%Y-%m-%d %H:%M} UTC" if hold.until else " until it is released"
    return printable(f"{environment} is held by {hold.who}{until}: {hold.why}")


def _moment(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        told = f"{text!r} is no moment in ISO 8601"
        raise click.BadParameter(told, param_hint="--until") from error
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
