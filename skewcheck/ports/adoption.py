"""The doors that `init` and `doctor` go through besides those of a survey: what a project has, how
it is wired, and what we may do in it."""

from collections.abc import Sequence
from typing import Protocol

from skewcheck.core.checkup.facts import SlackSeen, Trouble
from skewcheck.core.checkup.resource import Resource
from skewcheck.core.load_balancing import UrlMap
from skewcheck.core.reading import Unreadable
from skewcheck.ports import CloudRunService

__all__ = [
    "CloudRunDirectory", "Identity", "LoadBalancers", "Permissions", "Resource", "SlackAccount",
    "StateStore",
]  # fmt: skip


class CloudRunDirectory(Protocol):
    """Which Cloud Run services there are."""

    def services(self, project: str) -> tuple[CloudRunService, ...] | Unreadable:
        """Of all regions, sorted by name; empty where the project has none."""
        ...


class LoadBalancers(Protocol):
    """How users reach services."""

    def url_maps(self, project: str) -> tuple[UrlMap, ...] | Unreadable:
        """All global URL maps with what stands behind them; empty where there is none."""
        ...


class Permissions(Protocol):
    """What the credentials may do."""

    def granted(self, on: Resource, wanted: Sequence[str]) -> frozenset[str] | Unreadable:
        """The subset that is granted (`testIamPermissions`); Unreadable where that cannot be asked.

        An absent resource may answer with an empty set (IAM API, testIamPermissions): read it too.
        """
        ...


class Identity(Protocol):
    """Whose credentials these are."""

    def who(self, project: str) -> str | Unreadable:
        """As IAM writes it, empty where the credentials do not say; Unreadable where there are
        none, or none that Google takes."""
        ...


class StateStore(Protocol):
    """Where rollouts and what was seen are kept."""

    def trouble(self) -> Trouble | None:
        """Writes something and takes it back; why that is impossible, where it is."""
        ...


class SlackAccount(Protocol):
    """The app that messages come from."""

    def whoami(self) -> SlackSeen | Trouble:
        """Sends no message."""
        ...
