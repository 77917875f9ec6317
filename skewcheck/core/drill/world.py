"""A world outside, at one moment: what git, the platform, every URL and every socket answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.drill.peer import Peer
from skewcheck.core.findings import Code
from skewcheck.core.history import Commit
from skewcheck.core.probe.kits import ProbeWanted
from skewcheck.core.question import CandidateWanted, Exit
from skewcheck.core.wire.script import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A commit, with the files that it added or changed."""

    commit: Commit
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """What a URL answers over HTTP."""

    text: str
    kind: str = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """Who stands behind each way to the server."""

    edge: Peer = field(default_factory=Peer)
    direct: Peer = field(default_factory=Peer)
    candidate: Peer = field(default_factory=Peer)

    def at(self, target: Target) -> Peer:
        by_place = {"edge": self.edge, "direct": self.direct, "candidate": self.candidate}
        return by_place[target.place]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class World:
    """`commits` are one line of history, the newest first; `pages` by URL; `planes` by the
    service's name at the platform. The rest is what is asked: `junit` is a test report, `required`
    what it must prove.
    """

    commits: tuple[Made, ...]
    pages: Mapping[str, Page]
    planes: Mapping[str, ControlPlane]
    peers: Peers = field(default_factory=Peers)
    candidates: tuple[CandidateWanted, ...] = ()
    probing: ProbeWanted = field(default_factory=ProbeWanted)
    junit: str = ""
    required: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """A bad world and its healthy twin; the gate must leave the bad one with `exit`, with all of
    `must` found and nothing of `never`."""

    name: str
    twin: World
    bad: World
    exit: Exit
    must: tuple[Code, ...]
    never: tuple[Code, ...] = ()
