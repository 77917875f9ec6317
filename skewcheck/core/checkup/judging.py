"""All checks of one environment, and those of this machine, in the order in which they are told.

Rule of this package: what could not be learnt is unknown, never well.
"""

from skewcheck.core.checkup.check import Group
from skewcheck.core.checkup.clock import check_clock
from skewcheck.core.checkup.endpoints import check_endpoints
from skewcheck.core.checkup.facts import EnvironmentFacts, MachineFacts, Wanted
from skewcheck.core.checkup.machine import check_machine
from skewcheck.core.checkup.may import check_permissions
from skewcheck.core.checkup.repository import check_repository
from skewcheck.core.checkup.sockets import check_sockets
from skewcheck.core.checkup.tokens import check_tokens


def judge_environment(facts: EnvironmentFacts, wanted: Wanted) -> Group:
    environment = facts.survey.environment
    checks = (
        *check_repository(facts),
        *check_permissions(facts, wanted),
        *check_endpoints(facts),
        *check_sockets(facts),
        *check_tokens(facts),
        check_clock(environment, facts.clocks),
    )
    return Group(environment=environment, checks=checks)


def judge_machine(facts: MachineFacts, *, redeploys: bool, serves: bool) -> Group:
    checks = tuple(check_machine(facts, redeploys=redeploys, serves=serves))
    return Group(environment="", checks=checks)
