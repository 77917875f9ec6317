"""What Cloud Run's rules need from the world around them, so that tests can do without sockets."""

from typing import Protocol

from skewcheck.sandbox.documents import Json


class Runtime(Protocol):
    """Where revisions become running processes."""

    def pin(self, image: str) -> str:
        """The image reference by digest; unchanged where the image is unknown."""

    def start(self, revision: Json) -> str | None:
        """Start it and wait until it listens; the reason if it does not."""

    def stop(self, revision: str) -> None:
        """End it; nothing happens if it does not run."""


class Addresses(Protocol):
    """Where services and their tags can be reached."""

    def service_uri(self, service: str) -> str:
        """The address of a service, the same on every call."""

    def tag_uri(self, service: str, tag: str) -> str:
        """The address of a tag, the same on every call."""
