"""How the service was asked to run, and what is refused before anything is opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec

from skewcheck.core.errors import UsageError
from skewcheck.core.probe.kits import ProbeWanted
from skewcheck.settings import Settings

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_LIBRARIES = (
    "starlette", "uvicorn", "jinja2", "sse_starlette", "prometheus_client", "slack_bolt",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`repo` is a path or a git URL; `environments` empty means all; `page` is the public address
    of the status page, for links."""

    settings: Settings
    repo: str
    ref: str | None
    policy_ref: str | None
    environments: tuple[str, ...]
    host: str
    port: int
    interval: timedelta
    probing: ProbeWanted
    allow_commands: bool
    read_only: bool
    page: str = ""


def require_libraries(names: Sequence[str] = _LIBRARIES) -> None:
    missing = [name for name in names if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"serve needs packages that are not installed: {', '.join(missing)}",
            hint="pip install 'skewcheck[serve]'",
        )


def require_safety(asked: Asked) -> None:
    """Strangers must not look, and what rolls out must not be forgotten."""
    settings = asked.settings
    if not settings.login and asked.host not in LOOPBACK:
        raise UsageError(
            f"--host {asked.host}: nobody vouches for visitors, so only this machine may look",
            hint="set SKEWCHECK_LOGIN=iap:AUDIENCE (or id-token:AUDIENCE), or leave out --host"
            " and reach it by a tunnel, e.g. ssh -L 8080:127.0.0.1:8080 HOST",
        )
    if settings.in_cloud_run and not settings.state_url and not asked.read_only:
        raise UsageError(
            "on Cloud Run the disk goes away with the instance, and with it all that rolls out",
            hint="set SKEWCHECK_STATE_URL=postgresql://…, or add --read-only",
        )
