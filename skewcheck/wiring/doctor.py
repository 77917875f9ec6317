"""Opens what the doctor looks through: every environment that was asked for, and this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from skewcheck import wiring
from skewcheck.adapters.clock import SystemClock
from skewcheck.core.checkup.check import Check, Group, Name, unknown
from skewcheck.core.checkup.facts import MachineFacts, Wanted
from skewcheck.core.checkup.judging import judge_environment, judge_machine
from skewcheck.core.checkup.machine import HERE
from skewcheck.core.checkup.needs import redeploys
from skewcheck.core.errors import UsageError
from skewcheck.flows.checkup import Instruments, examine
from skewcheck.wiring.databases import database_of

if TYPE_CHECKING:
    from skewcheck.adapters.permissions import IamPermissions
    from skewcheck.core.checkup.facts import EnvironmentFacts, SlackSeen, Trouble
    from skewcheck.core.reading import Unreadable
    from skewcheck.settings import Settings

_INIT = "skewcheck init ENVIRONMENT --project PROJECT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be looked at; no environments means all that have a manifest."""

    source: wiring.Source
    environments: tuple[str, ...]
    wanted: Wanted
    allow_commands: bool


def check_up(settings: Settings, request: Request) -> tuple[Group, ...]:
    """This machine first. Raises UsageError for what people wrote."""
    names = _environments(settings, request)
    if isinstance(names, Check):
        return _without_manifest(settings, request, names)
    iam = _iam(settings)
    facts = [_facts(settings, request, iam, name) for name in names]
    manifests = [each.survey.manifest for each in facts]
    machine = judge_machine(
        _machine(settings, _identity(facts)),
        redeploys=any(redeploys(each, request.wanted) for each in manifests),
        serves=request.wanted is Wanted.ALL,
    )
    return machine, *(judge_environment(each, request.wanted) for each in facts)


def _environments(settings: Settings, request: Request) -> tuple[str, ...] | Check:
    """Or why there are none to look at."""
    source = request.source
    if request.environments:
        return request.environments
    if source.file is not None:
        return (Path(source.file).stem,)
    try:
        found = wiring.all_environments(settings, source)
    except UsageError as error:
        if source.ref is not None:
            raise
        return unknown(Name.MANIFEST, HERE, f"no manifest: {error}", error.hint or _INIT)
    told = "no manifest: nothing says what should run"
    return found or unknown(Name.MANIFEST, HERE, told, _INIT)


def _without_manifest(settings: Settings, request: Request, why: Check) -> tuple[Group, ...]:
    facts = _machine(settings, _iam(settings).who(""))
    serves = request.wanted is Wanted.ALL
    changes = request.wanted in {Wanted.REDEPLOY, Wanted.ALL}
    machine = judge_machine(facts, redeploys=changes, serves=serves)
    return (Group(environment="", checks=(*machine.checks, why)),)


def _facts(
    settings: Settings, request: Request, iam: IamPermissions, environment: str
) -> EnvironmentFacts:
    from skewcheck.adapters.load_balancers import ComputeLoadBalancers

    clock, endpoint = SystemClock(), settings.gcp_endpoint
    instruments = Instruments(
        identity=iam,
        permissions=iam,
        load_balancers=ComputeLoadBalancers(clock=clock, endpoint=endpoint),
    )
    with wiring.opened(
        settings, request.source, environment, allow_commands=request.allow_commands
    ) as (doors, loaded):
        given = request.source.policy_ref is not None
        return examine(doors, loaded, instruments, request.wanted, policy_ref_given=given)


def _identity(facts: list[EnvironmentFacts]) -> str | Unreadable | None:
    """The first that somebody had to be asked for."""
    for each in facts:
        if each.no_sign_in is not None:
            return each.no_sign_in
    asked = [each.member for each in facts if each.is_on_google]
    return asked[0] if asked else None


def _iam(settings: Settings) -> IamPermissions:
    from skewcheck.adapters.permissions import IamPermissions

    return IamPermissions(clock=SystemClock(), endpoint=settings.gcp_endpoint)


def _machine(settings: Settings, identity: str | Unreadable | None) -> MachineFacts:
    from skewcheck.adapters.state_store import TriedState

    return MachineFacts(
        stand_in=settings.gcp_endpoint or "",
        identity=identity,
        place="the database of SKEWCHECK_STATE_URL" if settings.state_url else str(settings.state),
        is_shared=settings.state_url is not None,
        goes_with=_goes_with(settings),
        state=TriedState(database_of(settings, "checkup.db")).trouble(),
        slack=_slack(settings),
        channel=settings.slack.channel,
    )


def _goes_with(settings: Settings) -> str:
    if settings.in_cloud_run:
        return "the Cloud Run instance"
    return "the build step" if settings.in_build else ""


def _slack(settings: Settings) -> SlackSeen | Trouble | None:
    if not settings.slack.bot_token:
        return None
    from skewcheck.adapters.slack_api import SlackApi

    return SlackApi(settings.slack.bot_token, endpoint=settings.slack.endpoint).whoami()
