"""What the user said, by flags or when asked; it counts more than whatever was found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from skewcheck.core.documents.near_miss import did_you_mean
from skewcheck.core.errors import UsageError

Key: TypeAlias = Literal["client", "server", "path"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """`urls` are by service. `links` are by link and key; the link `""` means every link."""

    environment: str
    project: str
    urls: Mapping[str, str] = field(default_factory=dict)
    link: str = ""
    links: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def about(self, link: str, key: Key) -> str:
        return self.links.get((link, key)) or self.links.get(("", key)) or ""

    def with_url(self, service: str, url: str) -> "Answers":
        return replace(self, urls={**self.urls, service: url})

    def with_link(self, link: str, key: str, value: str) -> "Answers":
        return replace(self, links={**self.links, (link, key): value})


def check_parties(answers: Answers, services: Iterable[str]) -> None:
    """UsageError for a client or a server that is none of the services."""
    known = tuple(services)
    for (_, key), named in answers.links.items():
        if key != "path" and named not in known:
            near = did_you_mean(named, known)
            raise UsageError(
                f"--{key} {named}: no such service{near}",
                hint=f"name one of {', '.join(known)}, or add it: --static {named}=https://…",
            )
    for link in {link for link, _ in answers.links}:
        client, server = (answers.about(link, key) for key in ("client", "server"))
        if client and client == server:
            raise UsageError(f"{client} cannot be client and server of one link", hint="name two")


def check_link(answers: Answers, services: Iterable[str], protocols: Iterable[str]) -> None:
    """UsageError for a link's name that could mean something else as well."""
    spoken = tuple(protocols)
    if answers.link and len(spoken) > 1:
        raise UsageError(
            f"--link {answers.link}: there are contracts of {', '.join(spoken)}",
            hint="name the one that is meant: --contract contracts/…",
        )
    if answers.link in services:
        raise UsageError(
            f"--link {answers.link}: a service is called so; findings could not tell them apart",
            hint="choose another name",
        )
