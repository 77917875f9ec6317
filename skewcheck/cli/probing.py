"""Options of every command that opens WebSockets, and how they are read."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from skewcheck.core.probe.kits import ProbeWanted

_F = TypeVar("_F", bound=Callable[..., Any])

_ALLOW = click.option(
    "--allow-commands",
    is_flag=True,
    help="Let the token commands of the manifest at the policy ref run.",
)
_NO_PROBE = click.option(
    "--no-probe",
    is_flag=True,
    help="Open no WebSocket: told, and inconclusive unless policy.unprobed allows it.",
)


def allow_commands_option(command: _F) -> _F:
    return _ALLOW(command)


def probe_options(command: _F) -> _F:
    """For commands whose main question is another."""
    return _NO_PROBE(_ALLOW(command))


def probing_of(*, no_probe: bool) -> "ProbeWanted":
    from skewcheck.core.probe.kits import ProbeWanted

    return ProbeWanted(skip="--no-probe" if no_probe else "")
