"""Opens what the service and those who look back need besides a survey: shared documents, the
chronicle, the audit trail, Slack, logins, and the processes that carry rollouts out.
"""

from __future__ import annotations

import os
import secrets
import socket
from typing import TYPE_CHECKING

from skewcheck import wiring
from skewcheck.adapters.clock import SystemClock
from skewcheck.ports.service import Shared
from skewcheck.wiring.databases import database_of

if TYPE_CHECKING:
    from skewcheck.ports.rollout import Engine, Notes
    from skewcheck.ports.service import Audit, Carriers, Chronicle, Logins, Messenger
    from skewcheck.settings import Settings


def project_of(settings: Settings, source: wiring.Source) -> str:
    """One name for the project on every machine."""
    with wiring.histories_of(settings, source) as histories:
        return histories.open(".").project()


def chronicle_of(settings: Settings) -> Chronicle:
    from skewcheck.adapters.chronicle import StoredChronicle

    return StoredChronicle(database_of(settings, "chronicle.db"))


def audit_of(settings: Settings, project: str) -> Audit:
    from skewcheck.adapters.audit import StoredAudit

    return StoredAudit(database_of(settings, "audit.db"), project)


def messenger_of(settings: Settings) -> Messenger | None:
    """None where no bot token is set."""
    if not settings.slack.bot_token:
        return None
    from skewcheck.adapters.slack_api import SlackApi

    return SlackApi(settings.slack.bot_token, endpoint=settings.slack.endpoint)


def shared_of(settings: Settings, source: wiring.Source) -> Shared:
    from skewcheck.adapters.shelf import StoredShelf

    project = project_of(settings, source)
    return Shared(
        shelf=StoredShelf(database_of(settings, "service.db"), project),
        chronicle=chronicle_of(settings),
        audit=audit_of(settings, project),
        clock=SystemClock(),
        scope=project,
        holder=f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(3)}",
        messenger=messenger_of(settings),
        channel=settings.slack.channel,
    )


def records_of(settings: Settings, shared: Shared, environment: str) -> tuple[Engine, Notes]:
    """What is known of an environment's rollouts, without its manifest."""
    from skewcheck.adapters.durable_engine import open_engine
    from skewcheck.adapters.rollout_notes import StoredNotes

    scope = f"{environment}@{shared.scope}"
    engine = open_engine(settings.state_url, settings.state, scope, shared.clock)
    return engine, StoredNotes(database_of(settings, "rollout-notes.db"), scope)


def carriers_of(settings: Settings, source: wiring.Source, *, allow_commands: bool) -> Carriers:
    """A mirror is read as it is: the order names the commits that count."""
    from skewcheck.adapters.carriers import ChildCarriers

    words = ["--unfinished", "--repo", str(source.repo)]
    for option, value in (("--ref", source.ref), ("--policy-ref", source.policy_ref)):
        words += [option, value] if value else []
    words += ["--allow-commands"] if allow_commands else []
    return ChildCarriers(words, settings.variables)


def logins_of(settings: Settings) -> Logins | None:
    """None where nobody vouches for visitors."""
    if not settings.login:
        return None
    from skewcheck.adapters.logins import SignedLogins

    kind, _, audience = settings.login.partition(":")
    return SignedLogins(kind, audience=audience, clock=SystemClock(), viewers=settings.viewers)
