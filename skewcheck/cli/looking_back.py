"""What the commands that look back share: how far, when, in which form, and what they open."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from skewcheck.cli.options import INTERVAL
from skewcheck.core.errors import UsageError

if TYPE_CHECKING:
    from skewcheck.core.chronicle.account import Past
    from skewcheck.settings import Settings
    from skewcheck.wiring import Source

_F = TypeVar("_F", bound=Callable[..., Any])

FORMATS = ("table", "json", "page")


class _Moment(click.ParamType):  # type: ignore[type-arg]  # generic only since click 8.5
    """`2026-12-01`, `2026-12-01T08:00`, `2026-12-01T08:00+01:00`: in UTC unless it says so."""

    name = "moment"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            read = datetime.fromisoformat(value)
            return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no moment in ISO 8601", param, ctx)


MOMENT = _Moment()


def since_option(default: str) -> Callable[[_F], _F]:
    return click.option(
        "--since",
        type=INTERVAL,
        default=default,
        show_default=True,
        metavar="LENGTH",
        help="How far to look back: 12h, 7d.",
    )


def form_option(command: _F) -> _F:
    return click.option(
        "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True
    )(command)


def looked_back(
    settings: "Settings", source: "Source", environment: str, since: timedelta
) -> "Past":
    """All that is known of the environment. A manifest outside of git has no past."""
    from skewcheck.flows.look_back import look_back
    from skewcheck.wiring.rollout import opened_for_rollouts
    from skewcheck.wiring.service import audit_of, chronicle_of

    require_git(source)
    with opened_for_rollouts(settings, source, environment) as bench:
        project = bench.doors.histories.open(".").project()
        chronicle, audit = chronicle_of(settings), audit_of(settings, project)
        return look_back(bench, chronicle, audit, length=since)


def require_git(source: "Source") -> None:
    if source.file is not None:
        raise UsageError(
            f"{source.file}: what was seen of a manifest outside of git is not kept",
            hint="leave --manifest out",
        )


@contextmanager
def pages_need_jinja() -> Iterator[None]:
    """UsageError where the library that makes pages is not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in {"jinja2", "markupsafe"}:
            raise
        raise UsageError(
            "pages need jinja2, which is not installed", hint="pip install 'skewcheck[serve]'"
        ) from error
