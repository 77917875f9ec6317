"""What the planner plans over: who is live in which build, where each service is to go, who talks
to whom, and which pairs of builds fit.

Rule of this file: builds are plain names here. A build that nobody could name has a name that
begins with `?`; whoever asks how it fits is answered "unknown".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from skewcheck.core.compatibility import Fit

BuildId: TypeAlias = str
# (link, the client's build, the server's build)
Fits: TypeAlias = Callable[[str, BuildId, BuildId], Fit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One service. `serving` get new connections now; `lingering` are alive as clients only: at
    the edge, in tabs, in instances that drain.

    `client_linger_s` bounds how long an old client lives on after a full shift, None is for ever;
    `server_linger_s` is above 0 only where a drained revision still gets new connections (session
    affinity). `behind_edge` means that the shift is followed by an invalidation; `at_edge` are the
    builds that the edge hands out now. `dials_on_start`: even without traffic it is a client.
    """

    name: str
    serving: tuple[BuildId, ...]
    target: BuildId
    lingering: tuple[BuildId, ...] = ()
    client_linger_s: float | None = 0.0
    server_linger_s: float | None = 0.0
    shift_s: float = 60.0
    behind_edge: bool = False
    at_edge: tuple[BuildId, ...] = ()
    dials_on_start: bool = False

    @property
    def moves(self) -> bool:
        """Whether traffic has to move; a service that serves its target may still be stale."""
        return self.serving != (self.target,)

    @property
    def is_stale_at_edge(self) -> bool:
        return any(build != self.target for build in self.at_edge)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One link. `linger_s` overrides the client's where it is set; `for_ever` where what a client
    wrote never goes away (stored data)."""

    name: str
    client: str
    server: str
    linger_s: float | None = None
    for_ever: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWorld:
    """Services and links as observed, with where they are to go."""

    parties: Mapping[str, Party]
    channels: tuple[Channel, ...] = field(default=())

    def linger_of(self, channel: Channel) -> float | None:
        """How long the client's old builds live on, on that link; None is for ever."""
        if channel.for_ever:
            return None
        own = self.parties[channel.client].client_linger_s
        return own if channel.linger_s is None else channel.linger_s
