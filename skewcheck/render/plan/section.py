"""What a plan is told in: sections of labelled lines, each with the reasons below it.

One story for every audience; whoever lays it out makes it printable.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`label` is one word, `reasons` are why `told` is so."""

    label: str
    told: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    lines: tuple[Line, ...]
