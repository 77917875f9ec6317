"""What the flags of `skewcheck init` say, read and checked before anything is asked of anybody."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import click

from skewcheck.core.drafting.answers import Answers
from skewcheck.core.drafting.fits import is_name, is_socket_path, is_web_address

_PROJECT = re.compile(r"[a-z0-9][a-z0-9.:-]*")


def read_answers(environment: str, given: Mapping[str, Any]) -> Answers:
    """click.BadParameter names the flag of what is wrong."""
    _require(is_name(environment), "ENVIRONMENT", environment, "not a name such as staging")
    for flag in ("region", "service", "client", "server", "contract"):
        written = given[flag] if isinstance(given[flag], tuple) else (given[flag],)
        _require("" not in written, f"--{flag}", "", "is empty")
    project = given["project"]
    _require(bool(_PROJECT.fullmatch(project)), "--project", project, "not the id of a project")
    link, path = given["link"], given["path"]
    _require(link is None or is_name(link), "--link", link, "not a name such as chat")
    _require(path is None or is_socket_path(path), "--path", path, "not a path such as /ws")
    said = {("", key): given[key] for key in ("client", "server", "path") if given[key]}
    urls = {**_urls("--url", given["url"]), **_urls("--static", given["static"])}
    return Answers(environment=environment, project=project, urls=urls, link=link or "", links=said)


def names_of(written: Sequence[str]) -> tuple[str, ...]:
    """The services of `SERVICE=URL` flags, once these were read."""
    return tuple(each.partition("=")[0] for each in written)


def _urls(flag: str, written: Sequence[str]) -> dict[str, str]:
    urls: dict[str, str] = {}
    for each in written:
        name, equals, url = each.partition("=")
        right = bool(equals) and is_name(name) and is_web_address(url)
        _require(right, flag, each, "not of the form SERVICE=https://host")
        _require(name not in urls, flag, each, f"a second address of {name}")
        urls[name] = url.rstrip("/")
    return urls


def _require(right: bool, flag: str, value: object, problem: str) -> None:  # noqa: FBT001
    if not right:
        empty = " (a variable that was not set?)" if value == "" else ""
        raise click.BadParameter(f"{value!r}: {problem}{empty}", param_hint=flag)
