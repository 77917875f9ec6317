"""Looking back at one environment: what chronicle, engine and audit trail know of it."""

from datetime import UTC, datetime, timedelta

from skewcheck.core.audit.records import Record
from skewcheck.core.chronicle.account import Past
from skewcheck.core.chronicle.as_json import stretch_from
from skewcheck.core.chronicle.pieces import Window
from skewcheck.core.chronicle.snapshot import Stretch
from skewcheck.core.errors import SkewcheckError
from skewcheck.core.rollout.view import RolloutView
from skewcheck.flows.redeploy import view_of
from skewcheck.flows.rooms import Room
from skewcheck.ports.rollout import Engine
from skewcheck.ports.service import Audit, Chronicle

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def look_back(room: Room, chronicle: Chronicle, audit: Audit, *, length: timedelta) -> Past:
    """That far back from now. Looks from before are there too: they tell how it began."""
    now = room.doors.clock.now()
    since = now - length
    return Past(
        environment=room.environment,
        window=Window(since=since, until=now),
        stretches=stretches_of(chronicle, room.doors.scope),
        rollouts=rollouts_of(room.engine),
        records=records_of(audit, room.environment, since=since),
    )


def stretches_of(
    chronicle: Chronicle, scope: str, *, since: datetime = _EVER
) -> tuple[Stretch, ...]:
    try:
        return tuple(stretch_from(*looks) for looks in chronicle.stretches(scope, since=since))
    except ValueError as error:
        raise SkewcheckError(
            f"the chronicle of {scope} holds what this version cannot read: {error}",
            hint="use the newest skewcheck everywhere",
        ) from error


def rollouts_of(engine: Engine) -> tuple[RolloutView, ...]:
    """The newest first."""
    return tuple(view_of(engine, run) for run in engine.runs())


def records_of(audit: Audit, environment: str | None, *, since: datetime) -> tuple[Record, ...]:
    """The oldest first; of all environments where none is named."""
    found = audit.records(since=since)
    return tuple(each for each in found if environment in {None, each.get("environment")})
