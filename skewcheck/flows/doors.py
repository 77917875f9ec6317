"""All ports that the flows go through, opened once per run by the wiring."""

from dataclasses import dataclass

from skewcheck.ports import (
    Clock,
    Histories,
    HttpReader,
    Logs,
    Platform,
    Prober,
    Sightings,
    Tokens,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """`at_once` bounds the reads in flight; `scope` keeps sightings of two projects apart."""

    histories: Histories
    http: HttpReader
    platform: Platform
    sightings: Sightings
    prober: Prober
    tokens: Tokens
    logs: Logs
    clock: Clock
    scope: str
    at_once: int = 64
