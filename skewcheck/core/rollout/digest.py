"""What an approval binds to, and what tells one world from another.

What changes by the mere passing of time (an old client's last hour) is left out; who is live, where
everybody is to go, in which order and by what means, is in.
"""

import hashlib
from collections.abc import Iterable

import rfc8785

from skewcheck.core.plan.facts import PlanWorld
from skewcheck.core.plan.plan import Plan, Wave
from skewcheck.core.rollout.order import ServiceOrder
from skewcheck.core.strict_json import Json


def world_digest(environment: str, world: PlanWorld) -> str:
    """Of who serves what, what the edges hand out, and where everybody is to go."""
    parties: Json = {
        name: [[*sorted(party.serving)], [*sorted(party.at_edge)], party.target]
        for name, party in world.parties.items()
    }
    return _digest([environment, parties])


def plan_digest(
    environment: str, world: PlanWorld, plan: Plan, services: Iterable[ServiceOrder]
) -> str:
    """Of the world and all that would be done to it."""
    means: Json = [[each.name, each.target, each.image, each.trigger] for each in services]
    return _digest([world_digest(environment, world), _waves(plan.waves), means])


def _waves(waves: tuple[Wave, ...]) -> Json:
    return [
        {
            "waits": [
                [wait.service, list(wait.builds), wait.waiver.reason if wait.waiver else ""]
                for wait in wave.waits
            ],
            "moves": [[move.service, move.build, move.invalidates] for move in wave.moves],
        }
        for wave in waves
    ]


def _digest(value: Json) -> str:
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()[:16]
