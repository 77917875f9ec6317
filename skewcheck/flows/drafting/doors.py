"""The doors that `init` goes through."""

from collections.abc import Callable
from dataclasses import dataclass

from skewcheck.ports import History, HttpReader, Platform
from skewcheck.ports.adoption import CloudRunDirectory, LoadBalancers
from skewcheck.ports.work_tree import WorkTree


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDoors:
    """`http` opens a reader that redirects may lead to those hosts only, and closes it in the
    end."""

    history: History
    work_tree: WorkTree
    directory: CloudRunDirectory
    balancers: LoadBalancers
    platform: Platform
    http: Callable[[frozenset[str]], HttpReader]
