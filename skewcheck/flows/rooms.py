"""One environment, opened for rollouts, as flows see it; the wiring's Bench is one."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol, TypeAlias

from skewcheck.flows.doors import Doors
from skewcheck.flows.load import Loaded
from skewcheck.ports.rollout import Builds, Engine, Notes


class Room(Protocol):
    """The engine and the notes are loaded with the first use."""

    @property
    def environment(self) -> str: ...

    @property
    def scope(self) -> str:
        """Names this environment of this project on every machine."""
        ...

    @property
    def doors(self) -> Doors: ...

    @property
    def loaded(self) -> Loaded: ...

    @property
    def engine(self) -> Engine: ...

    @property
    def notes(self) -> Notes: ...

    @property
    def builds(self) -> Builds: ...

    def new_rollout(self) -> str:
        """A name that nobody has used."""
        ...


# Opens an environment by name, at the newest manifest.
OpenRoom: TypeAlias = Callable[[str], AbstractContextManager[Room]]
