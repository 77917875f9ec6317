"""Slack's ids, and how people are named by them everywhere else: `slack:U012AB`."""

import re
from collections.abc import Callable, Iterable

_PREFIX = "slack:"
_USER = re.compile(r"[UW][A-Z0-9]{2,20}")
_GROUP = re.compile(r"S[A-Z0-9]{2,20}")


def is_user(text: str) -> bool:
    return _USER.fullmatch(text) is not None


def is_group(text: str) -> bool:
    return _GROUP.fullmatch(text) is not None


def who_of(user: str) -> str:
    """How that user is named in orders, approvals and the audit trail."""
    return f"{_PREFIX}{user}"


def user_of(who: str) -> str:
    """The user's id; empty where `who` is nobody of Slack."""
    user = who.removeprefix(_PREFIX)
    return user if who.startswith(_PREFIX) and is_user(user) else ""


def entry_for(user: str, by: Iterable[str], members: Callable[[str], frozenset[str]]) -> str:
    """The entry of an allowlist that lets the user act: their own, else a group that they are in;
    empty where there is none. Groups are asked about only where it matters."""
    if not is_user(user):
        return ""
    entries = tuple(by)
    if user in entries:
        return user
    groups = (each for each in entries if is_group(each))
    return next((each for each in groups if user in members(each)), "")
