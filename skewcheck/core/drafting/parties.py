"""Who is client and who is server of a protocol, and at which path they meet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from skewcheck.core.drafting.answers import Answers, Key
from skewcheck.core.drafting.draft import Field, Gap, Item
from skewcheck.core.drafting.facts import ServiceFacts
from skewcheck.core.drafting.fits import is_socket_path
from skewcheck.core.drafting.routes import is_part_of_host
from skewcheck.core.reading import VersionDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One link to be: its name, and the protocol that is spoken over it (empty: not known)."""

    link: str
    protocol: str
    services: Sequence[ServiceFacts]
    answers: Answers

    def parties(self) -> tuple[Item, Item]:
        client = self._client()
        server = self._server(_named(client))
        # Where the server says so itself, whoever is left may be the client.
        if isinstance(client, Gap) and isinstance(server, Field):
            client = self._client(_named(server))
        return client, server

    def path(self, client: Item, server: Item) -> Item:
        if said := self.answers.about(self.link, "path"):
            return Field(key="path", value=said)
        hints = (*self._routed(_named(server)), *self._spoken(_named(client)))
        paths = {path for path, _ in hints}
        if len(paths) == 1:
            path, why = hints[0]
            return Field(key="path", value=path, guess=why)
        seen = f"seen: {', '.join(sorted(paths))}; " if paths else ""
        return Gap(
            key="path",
            what="the path of the WebSocket, such as /ws",
            how=f"{seen}look for `new WebSocket` in the client",
            example="/ws",
            has_default=True,
            ask="path",
        )

    def _client(self, server: str = "") -> Item:
        if found := self._said("client"):
            return found
        pages = [each.name for each in self.services if each.is_page and each.name != server]
        if len(pages) == 1:
            why = "the only service whose / is a page"
            return Field(key="client", value=pages[0], guess=why)
        return self._gap("client", "the service whose users open the socket", server)

    def _server(self, client: str) -> Item:
        if found := self._said("server"):
            return found
        others = [s.name for s in self.services if not s.is_page and not s.is_static]
        left = [name for name in others if name != client]
        if client and len(left) == 1:
            return Field(key="server", value=left[0], guess="the only service that is no page")
        return self._gap("server", "the service that takes the socket", client)

    def _said(self, role: Key) -> Field | None:
        """By the user, else by the one service that claims it in its version document."""
        if said := self.answers.about(self.link, role):
            return Field(key=role, value=said)
        claiming = [each.name for each in self.services if self._claims(each, role)]
        if len(claiming) == 1:
            return Field(key=role, value=claiming[0], remark="its version document says so")
        return None

    def _claims(self, service: ServiceFacts, role: str) -> bool:
        document = service.look.document if service.look else None
        return isinstance(document, VersionDocument) and any(
            (claim.name, claim.role) == (self.protocol, role) for claim in document.protocols
        )

    def _gap(self, key: str, what: str, taken: str) -> Gap:
        names = tuple(each.name for each in self.services if each.name != taken)
        listed = ", ".join(names)
        how = f"one of {listed}" if names else "add it above: no other service was found"
        example = names[0] if names else "SERVICE"
        return Gap(key=key, what=what, how=how, example=example, ask=key, choices=names)

    def _routed(self, server: str) -> Iterator[tuple[str, str]]:
        """A URL map that gives the server one path of a host most likely means its sockets."""
        for service in self.services:
            if service.name == server:
                for route in filter(is_part_of_host, service.routes):
                    path = route.to.path.removesuffix("/*") or "/"
                    if is_socket_path(path):
                        yield path, f"URL map {route.url_map} sends {route.to.host}{path} there"

    def _spoken(self, client: str) -> Iterator[tuple[str, str]]:
        for service in self.services:
            if service.name == client and service.look is not None:
                for path in filter(is_socket_path, service.look.sockets):
                    yield path, "the scripts of the client's page name it"


def _named(item: Item) -> str:
    return str(item.value) if isinstance(item, Field) else ""
