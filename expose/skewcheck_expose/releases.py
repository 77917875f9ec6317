"""The part of PEP 440 that contracts really use: plain releases such as 2.1, and ranges of them.

Rule of this file: what is not understood is None, cannot tell, and never a guess.
"""

import re

_RELEASE = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9}){0,7}")
_CLAUSE = re.compile(rf"\s*(==|!=|<=|>=|<|>|~=)\s*({_RELEASE.pattern})(\.\*)?\s*")

Release = tuple[int, ...]


def read_release(text: str) -> Release | None:
    return tuple(map(int, text.split("."))) if _RELEASE.fullmatch(text) else None


def contains(accepts: str, version: str) -> bool | None:
    """Whether the range holds the version; None where either goes beyond plain releases."""
    release = read_release(version)
    clauses = [_CLAUSE.fullmatch(each) for each in accepts.split(",") if each.strip()]
    if release is None or not clauses:
        return None
    answers = [_holds(release, *each.groups()) if each else None for each in clauses]
    return None if None in answers else all(answers)


def _holds(release: Release, sign: str, written: str, star: str | None) -> bool | None:
    bound = tuple(map(int, written.split(".")))
    if star:
        return _matches(sign, release, bound)
    if sign == "~=":
        if len(bound) < 2:
            return None
        return _compare(release, bound) >= 0 and _starts_with(release, bound[:-1])
    order = _compare(release, bound)
    return {
        "==": order == 0,
        "!=": order != 0,
        "<=": order <= 0,
        ">=": order >= 0,
        "<": order < 0,
        ">": order > 0,
    }[sign]


def _matches(sign: str, release: Release, prefix: Release) -> bool | None:
    if sign not in ("==", "!="):
        return None
    return _starts_with(release, prefix) == (sign == "==")


def _starts_with(release: Release, prefix: Release) -> bool:
    return _pad(release, len(prefix))[: len(prefix)] == prefix


def _compare(one: Release, other: Release) -> int:
    """Missing places count as zero: 2 equals 2.0."""
    longest = max(len(one), len(other))
    left, right = _pad(one, longest), _pad(other, longest)
    return (left > right) - (left < right)


def _pad(release: Release, length: int) -> Release:
    return release + (0,) * (length - len(release))
