"""`--candidate SERVICE=SHA[@URL]`: the builds about to be deployed, for several commands."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from skewcheck import wiring
from skewcheck.cli.options import source_of, web_host
from skewcheck.core.question import CandidateWanted
from skewcheck.settings import Settings

if TYPE_CHECKING:
    from skewcheck.flows.doors import Doors
    from skewcheck.flows.load import Loaded

_F = TypeVar("_F", bound=Callable[..., Any])


def candidate_option(command: _F) -> _F:
    return click.option(
        "--candidate",
        "candidates",
        multiple=True,
        metavar="SERVICE=SHA[@URL]",
        help="The build about to be deployed, and where it already answers; repeat it.",
    )(command)


def read_candidates(given: Iterable[str]) -> tuple[CandidateWanted, ...]:
    """A substitution of a build step that arrives empty is an error of usage, never a pass."""
    wanted = tuple(_candidate(text) for text in given)
    names = [each.service for each in wanted]
    if len(set(names)) != len(names):
        raise click.BadParameter("a service is named twice", param_hint="--candidate")
    return wanted


def hosts_of(wanted: Iterable[CandidateWanted]) -> frozenset[str]:
    """Where redirects may lead, besides the hosts of the manifest."""
    return frozenset(web_host(each.url) for each in wanted if each.url)


@contextmanager
def opened_with(
    settings: Settings,
    source: Mapping[str, Any],
    environment: str,
    wanted: Sequence[CandidateWanted],
    *,
    allow_commands: bool,
) -> Iterator[tuple["Doors", "Loaded"]]:
    """As wiring.opened, for commands that take candidates; a service that the manifest does not
    know is an error of usage."""
    from skewcheck.flows.named import require_services

    with wiring.opened(
        settings,
        source_of(source),
        environment,
        hosts=hosts_of(wanted),
        allow_commands=allow_commands,
    ) as (doors, loaded):
        require_services(loaded, [each.service for each in wanted])
        yield doors, loaded


def _candidate(text: str) -> CandidateWanted:
    service, _, rest = text.partition("=")
    named, at, url = rest.partition("@")
    problem = ""
    if not service or not named.strip():
        problem = "the service or its commit is empty (a substitution that was not set?)"
    elif "$" in named or named.startswith("-"):
        problem = "is not a commit"
    elif at and not web_host(url):
        problem = "the part after @ is not a URL"
    if problem:
        raise click.BadParameter(f"{text!r}: {problem}", param_hint="--candidate")
    return CandidateWanted(service=service, named=named.strip(), url=url)
