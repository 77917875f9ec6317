"""Working fakes for what the doctor asks besides a survey."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from skewcheck.core.reading import Unreadable
from skewcheck.ports.adoption import Resource


@dataclass
class FakePermissions:
    """Everything is granted but what is denied, on whatever; `refusals` is by kind of resource."""

    denied: set[str] = field(default_factory=set)
    refusals: dict[str, Unreadable] = field(default_factory=dict)
    asked: list[tuple[Resource, tuple[str, ...]]] = field(default_factory=list)

    def granted(self, on: Resource, wanted: Sequence[str]) -> frozenset[str] | Unreadable:
        self.asked.append((on, tuple(wanted)))
        return self.refusals.get(on.kind) or frozenset(wanted) - self.denied


@dataclass
class FakeIdentity:
    """Whose credentials these are, or why there are none."""

    answer: str | Unreadable = "user:ada@acme.example"
    asked: list[str] = field(default_factory=list)

    def who(self, project: str) -> str | Unreadable:
        self.asked.append(project)
        return self.answer
