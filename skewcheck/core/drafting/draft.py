"""A manifest that is not finished: fields, some of them guesses, and gaps that a person fills."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = "str | tuple[str, ...] | Mapping[str, Value]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """`guess` says what a guess rests on; what is known has none. `remark` goes without saying
    whether it is one."""

    key: str
    value: Value
    guess: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What could not be found: `what` to put there, and `how` to learn it.

    `example` is how the key would look; it stays commented out, so that nobody's silence passes
    for an answer. `has_default` marks a key whose absence would pass: it stands as the word
    UNKNOWN, which it refuses. `optional` ones are not needed for a manifest that can be read.
    `ask` is the flag that answers it, `choices` what it may be.
    """

    key: str
    what: str
    how: str = ""
    example: str
    has_default: bool = False
    optional: bool = False
    ask: str = ""
    choices: tuple[str, ...] = ()


Item: TypeAlias = Field | Gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One service or one link; `lead` is said before its keys."""

    name: str
    items: tuple[Item, ...]
    lead: tuple[str, ...] = ()

    def gaps(self) -> Iterator[Gap]:
        return (each for each in self.items if isinstance(each, Gap))

    def value(self, key: str) -> "Value | None":
        """What a field holds; None where it is a gap, or is not there."""
        found = (each.value for each in self.items if isinstance(each, Field) and each.key == key)
        return next(found, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    environment: str
    project: str
    defaults: tuple[Field, ...]
    services: tuple[Section, ...]
    links: tuple[Section, ...]
    lead: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing that is needed is missing."""
        sections = (*self.services, *self.links)
        return all(gap.optional for section in sections for gap in section.gaps())
