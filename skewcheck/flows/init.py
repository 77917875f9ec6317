"""`init`: looks at a project and a repository, and gathers what a first manifest can be made of."""

from collections.abc import Mapping

from skewcheck.core.drafting.addresses import address_of
from skewcheck.core.drafting.draft import Gap
from skewcheck.core.drafting.facts import Facts
from skewcheck.flows.drafting.addresses import with_answers
from skewcheck.flows.drafting.doors import DraftDoors
from skewcheck.flows.drafting.project import Wish, look_at_project
from skewcheck.flows.drafting.repository import read_branch, read_contracts, with_builds

__all__ = ["DraftDoors", "Wish", "homeless", "look_around", "with_answers"]


def look_around(doors: DraftDoors, wish: Wish, *, contract: str = "") -> Facts:
    """All but what the services themselves answer. What the user got wrong, and what cannot be
    read without which there is nothing to write, raises before anything slow is asked."""
    contracts = read_contracts(doors, contract)
    project = look_at_project(doors, wish)
    branch = read_branch(doors)
    services = (with_builds(each, doors.history, branch, contracts) for each in project.services)
    return Facts(
        project=wish.project,
        services=tuple(services),
        ref=branch.name,
        ref_why=branch.why,
        contracts=contracts,
        blind=project.blind,
    )


def homeless(facts: Facts, urls: Mapping[str, str]) -> tuple[tuple[str, Gap], ...]:
    """Services of which nobody said and nothing shows how users reach them."""
    items = (
        (each.name, address_of(each, urls.get(each.name, ""), facts)) for each in facts.services
    )
    return tuple((name, item) for name, item in items if isinstance(item, Gap))
