"""Opens what `init` goes through: the checkout, the project's APIs, a reader for its addresses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from skewcheck import wiring
from skewcheck.adapters.clock import SystemClock
from skewcheck.settings import Settings

if TYPE_CHECKING:
    from skewcheck.flows.drafting.doors import DraftDoors
    from skewcheck.ports import HttpReader
    from skewcheck.ports.work_tree import WorkTree


def work_tree_of(repo: Path) -> WorkTree:
    """UsageError where there is no checkout."""
    from skewcheck.adapters.work_tree import open_work_tree

    return open_work_tree(repo)


@contextmanager
def opened_for_drafting(
    settings: Settings, repo: Path, work_tree: WorkTree
) -> Iterator[DraftDoors]:
    from skewcheck.adapters.cloud_run import CloudRunPlatform
    from skewcheck.adapters.cloud_run_directory import CloudRunServices
    from skewcheck.adapters.load_balancers import ComputeLoadBalancers
    from skewcheck.flows.drafting.doors import DraftDoors

    clock, endpoint = SystemClock(), settings.gcp_endpoint
    with ExitStack() as stack:
        histories = stack.enter_context(wiring.histories_of(settings, wiring.Source(repo=repo)))

        def http(hosts: frozenset[str]) -> HttpReader:
            return stack.enter_context(wiring.http_only(hosts))[0]

        yield DraftDoors(
            history=histories.open("."),
            work_tree=work_tree,
            directory=CloudRunServices(clock=clock, endpoint=endpoint),
            balancers=ComputeLoadBalancers(clock=clock, endpoint=endpoint),
            platform=CloudRunPlatform(clock=clock, endpoint=endpoint),
            http=http,
        )
