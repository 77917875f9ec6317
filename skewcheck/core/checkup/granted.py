"""What is asked about permissions, and what the answers come to.

Held on a project, a permission is held on all that is in it: so projects are asked first, and less
than a project only about what is lacking there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from skewcheck.core.checkup.needs import Need
from skewcheck.core.checkup.resource import Resource
from skewcheck.core.reading import Unreadable

Grants: TypeAlias = Mapping[Resource, frozenset[str] | Unreadable]
Questions: TypeAlias = dict[Resource, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Lacking:
    """Surely not granted: on that resource, or where None on the project."""

    need: Need


@dataclass(frozen=True, slots=True)
class NotLearnt:
    """Nobody could ask."""

    need: Need
    why: Unreadable


def of_projects(needs: Iterable[Need]) -> Questions:
    """All that is needed, asked of each project at once."""
    return _together((project_of(need), need.permission) for need in needs)


def of_the_rest(needs: Iterable[Need], granted: Grants) -> Questions:
    """What is left to be asked of less than a project."""
    return _together(
        (need.narrower, need.permission)
        for need in needs
        if need.narrower is not None and not _holds(granted.get(project_of(need)), need)
    )


def answer(need: Need, granted: Grants) -> Lacking | NotLearnt | None:
    """None where it is granted. What the narrower resource says is final: it includes what is held
    on the project."""
    told = granted.get(project_of(need))
    narrow = granted.get(need.narrower) if need.narrower is not None else None
    if _holds(told, need) or _holds(narrow, need):
        return None
    last = told if narrow is None else narrow
    return NotLearnt(need, last) if isinstance(last, Unreadable) else Lacking(need)


def project_of(need: Need) -> Resource:
    return Resource(kind="project", project=need.project)


def _holds(answered: frozenset[str] | Unreadable | None, need: Need) -> bool:
    return isinstance(answered, frozenset) and need.permission in answered


def _together(asked: Iterable[tuple[Resource, str]]) -> Questions:
    wanted: dict[Resource, dict[str, None]] = {}
    for resource, permission in asked:
        wanted.setdefault(resource, {})[permission] = None
    return {resource: tuple(permissions) for resource, permissions in wanted.items()}
