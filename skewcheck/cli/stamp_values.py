"""What people may say about a build: one that arrives empty was a variable that nobody set."""

import re
from typing import Any

import click


class _Text(click.ParamType):  # type: ignore[type-arg]  # generic only since click 8.5
    """One line that is not empty and was substituted."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        if not value.strip():
            self.fail("is empty (a variable that was not set?)", param, ctx)
        if "$" in value or not value.isprintable():
            self.fail(f"{value!r} is no plain text (a variable that was not set?)", param, ctx)
        try:
            return self.read(value.strip())
        except ValueError as error:
            return self.fail(str(error), param, ctx)

    def read(self, value: str) -> Any:
        return value


class _Commit(_Text):
    name = "sha"

    def read(self, value: str) -> Any:
        from skewcheck.core.build import BuildSha, read_build_name

        commit = BuildSha(value.lower())
        if read_build_name(value) is None:
            raise ValueError(f"{value} is no commit")
        return commit


class _Name(_Text):
    name = "name"

    def read(self, value: str) -> Any:
        if not re.fullmatch(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?", value):
            raise ValueError(f"{value!r} is no environment's name, such as staging")
        return value


class _Url(_Text):
    """The document is public, so what could be a password is refused."""

    name = "url"

    def read(self, value: str) -> Any:
        from urllib.parse import urlsplit

        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or " " in value:
            raise ValueError("not an http(s) URL with a host")
        if "@" in parts.netloc:
            raise ValueError("the URL holds credentials, and everybody may read what is written")
        return value


LINE, COMMIT, NAME, URL = _Text(), _Commit(), _Name(), _Url()
