"""Options that several commands share, and how their values are read."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import click

from skewcheck.core.errors import UsageError
from skewcheck.wiring import Source

_F = TypeVar("_F", bound=Callable[..., Any])

FORMATS = ("table", "json", "markdown", "junit", "github")


class _Duration(click.ParamType):  # type: ignore[type-arg]  # generic only since click 8.5
    """`90s`, `20m`, `1h30m`."""

    name = "duration"

    def __init__(self, *, may_be_nothing: bool = True) -> None:
        self._may_be_nothing = may_be_nothing

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        from skewcheck.core.fields import read_duration

        try:
            length = read_duration(value)
        except ValueError as error:
            self.fail(f"{value!r}: {error}", param, ctx)
        if not length and not self._may_be_nothing:
            self.fail(f"{value!r}: too short", param, ctx)
        return length


DURATION = _Duration()
INTERVAL = _Duration(may_be_nothing=False)


def source_of(given: Mapping[str, Any]) -> Source:
    """The values of `source_options`; one that arrives empty was a variable nobody set."""
    for name in ("ref", "policy_ref"):
        if given[name] == "":
            option = f"--{name.replace('_', '-')}"
            raise click.BadParameter("is empty (a variable that was not set?)", param_hint=option)
    return Source(
        repo=given["repo"],
        ref=given["ref"],
        policy_ref=given["policy_ref"],
        file=given.get("manifest_file"),
    )


def web_host(url: str) -> str:
    """The host of an http(s) URL, empty for anything that is none."""
    try:
        parts = urlsplit(url)
    except ValueError:  # an IPv6 address that does not end
        return ""
    return (parts.hostname or "") if parts.scheme in {"http", "https"} else ""


def complete_environment(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[str]:  # for shells only: the working tree is good enough there
    """Environment names with a manifest under the current directory."""
    del ctx, param
    names = (path.stem for path in sorted(Path("manifests").glob("*.yaml")))
    return [name for name in names if name.startswith(incomplete)]


def source_options(command: _F) -> _F:
    """Where the manifest comes from."""
    manifest = click.option(
        "--manifest",
        "manifest_file",
        type=click.Path(path_type=Path),
        help="Read this file of the working tree instead of git.",
    )
    return git_source_options(manifest(command))


def git_source_options(command: _F) -> _F:
    """As `source_options`, for what is meaningless outside of git."""
    for option in (
        click.option(
            "--policy-ref",
            metavar="REF",
            help="Where policy and overrides come from.  [default: the remote's default branch]",
        ),
        click.option(
            "--ref",
            metavar="REF",
            help="Read the manifest at this git ref.  [default: $SKEWCHECK_REF, else HEAD]",
        ),
        click.option(
            "--repo",
            type=click.Path(path_type=Path, file_okay=False),
            default=Path(),
            help="The repository that holds manifests/.  [default: here]",
        ),
    ):
        command = option(command)
    return command


def format_option(command: _F) -> _F:
    """How the result is printed."""
    return _format_of(FORMATS)(command)


def format_or_page_option(command: _F) -> _F:
    """How the result is printed: also as a page, a file that a browser opens."""
    return _format_of((*FORMATS, "page"))(command)


def _format_of(forms: Sequence[str]) -> Callable[[_F], _F]:
    return click.option(
        "--format",
        "form",
        type=click.Choice(forms),
        callback=_require_templates,
        help="[default: table; github inside GitHub Actions]",
    )


def _require_templates(
    ctx: click.Context, param: click.Parameter, form: str | None
) -> str | None:  # before anything is looked at, which takes a while
    del ctx, param
    if form == "page" and find_spec("jinja2") is None:
        raise UsageError(
            "--format page needs jinja2, which is not installed",
            hint="pip install 'skewcheck[serve]'",
        )
    return form
