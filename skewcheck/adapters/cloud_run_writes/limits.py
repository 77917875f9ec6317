"""How long a write is waited for, and how often it is tried."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteLimits:
    """`ready_s` is for a revision to get ready (Cloud Run gives a container 4 minutes to start),
    `shift_s` for every other write, `call_s` for one call.

    `give_way_s` is how long a way back waits for an update of somebody else that does not end,
    before it goes ahead. `tries` are for conflicts with other writers.
    """

    ready_s: float = 600
    shift_s: float = 300
    give_way_s: float = 60
    call_s: float = 30
    pause_s: float = 2
    longest_pause_s: float = 30
    tries: int = 3
