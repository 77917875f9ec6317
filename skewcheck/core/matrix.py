"""The full compatibility matrix of each link, over all pairs of live clients and servers.

`build_matrix_after` compares the worlds before and after a deploy: a pair that is broken already,
and that the candidate neither adds nor worsens, is pre-existing; one of unknown fit never is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product

from skewcheck.core.build import Build, BuildSha
from skewcheck.core.compatibility import Compatibility, Fit, Terms, compare
from skewcheck.core.findings import Code
from skewcheck.core.live import Live, Presence, live_clients, live_servers
from skewcheck.core.manifest import Link
from skewcheck.core.survey import (
    Candidate,
    ContractAbsent,
    ContractBroken,
    ContractKnown,
    ContractReading,
    Side,
    Survey,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One client build meeting one server build on one link."""

    client: Live
    server: Live
    compatibility: Compatibility
    assumed: tuple[str, ...] = ()
    pre_existing: bool = False

    @property
    def fit(self) -> Fit:
        return self.compatibility.fit

    @property
    def since(self) -> datetime | None:
        """When the younger of the two came to be live, where both are known."""
        both = [side.since for side in (self.client, self.server) if side.since]
        return max(both, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMatrix:
    link: str
    client: str
    server: str
    cells: tuple[Cell, ...]


def build_matrix(survey: Survey) -> tuple[LinkMatrix, ...]:
    """The world as it is."""
    return tuple(
        _link_matrix(
            survey, name, live_clients(survey, link.client), live_servers(survey, link.server)
        )
        for name, link in survey.manifest.links.items()
    )


def build_matrix_after(survey: Survey) -> tuple[LinkMatrix, ...]:
    """The world after the candidates' deploy, each bad pair marked if it was there before."""
    return tuple(
        _marked(before, _link_matrix(survey, name, *_after(survey, link)))
        for before, (name, link) in zip(
            build_matrix(survey), survey.manifest.links.items(), strict=True
        )
    )


def _after(survey: Survey, link: Link) -> tuple[tuple[Live, ...], tuple[Live, ...]]:
    return clients_after(survey, link.client), servers_after(survey, link.server)


def servers_after(survey: Survey, name: str) -> tuple[Live, ...]:
    """The candidate takes all traffic; revisions that cookies lead to stay."""
    before = live_servers(survey, name)
    candidate = survey.candidates.get(name)
    if candidate is None:
        return before
    held = (_held(live) for live in before if Presence.AFFINITY in live.presences)
    return (_as_live(candidate), *(live for live in held if live.build != candidate.build))


def clients_after(survey: Survey, name: str) -> tuple[Live, ...]:
    """The candidate joins; the clients of today live on in tabs and, until told, at the edge."""
    before = live_clients(survey, name)
    candidate = survey.candidates.get(name)
    if candidate is None:
        return before
    until = survey.at + survey.manifest.lingers_of(name)
    old = tuple(_outlived(live, until) for live in before if live.build != candidate.build)
    return (_as_live(candidate), *old)


def _as_live(candidate: Candidate) -> Live:
    known = candidate.build if isinstance(candidate.build, BuildSha) else None
    return Live(build=known, presences=(Presence.CANDIDATE,), why="the candidate", percent=100)


def _held(live: Live) -> Live:
    """After the deploy only cookies lead to it: no new request does."""
    told = f"session affinity may still lead to {', '.join(live.revisions)}"
    return replace(live, presences=(Presence.AFFINITY,), percent=None, why=told)


def _outlived(live: Live, until: datetime) -> Live:
    stays = tuple(p for p in live.presences if p in {Presence.EDGE, Presence.PAGE})
    if stays or live.only_may_linger:
        return replace(live, presences=stays or live.presences, percent=None)
    told = "live until this deploy, lingers after it"
    return replace(live, presences=(Presence.LINGERING,), percent=None, why=told, until=until)


def _link_matrix(
    survey: Survey, name: str, clients: Iterable[Live], servers: Iterable[Live]
) -> LinkMatrix:
    link = survey.manifest.links[name]
    pairs = product(clients, servers)
    cells = tuple(compare_pair(survey, name, *pair) for pair in pairs)
    return LinkMatrix(link=name, client=link.client, server=link.server, cells=cells)


def compare_pair(survey: Survey, link: str, client: Live, server: Live) -> Cell:
    """What git knows of both builds' contracts decides; without a build or contract: unknown."""
    for live, side in ((client, "client"), (server, "server")):
        if live.build is None:
            told = Compatibility(Fit.UNKNOWN, f"the {side} has no known build ({live.why})")
            return Cell(client=client, server=server, compatibility=told)
    theirs = contract_of(survey, link, "client", client)
    ours = contract_of(survey, link, "server", server)
    if not isinstance(theirs, ContractKnown):
        return Cell(client=client, server=server, compatibility=_no_contract(theirs, client))
    if not isinstance(ours, ContractKnown):
        return Cell(client=client, server=server, compatibility=_no_contract(ours, server))
    fit = compare(*_terms(survey, link, theirs.terms, ours.terms))
    assumed = tuple(each.assumed for each in (theirs, ours) if each.assumed)
    return Cell(client=client, server=server, compatibility=fit, assumed=assumed)


def contract_of(survey: Survey, link: str, side: Side, live: Live) -> ContractReading:
    """What that build speaks on that link, or why it is not known."""
    absent = ContractAbsent(why=f"no contract was read for {live}", fix="run it again")
    return absent if live.build is None else survey.contracts.get((link, side, live.build), absent)


def _no_contract(reading: ContractAbsent | ContractBroken, live: Live) -> Compatibility:
    broken = isinstance(reading, ContractBroken)
    code = Code.CONTRACT_INVALID if broken else Code.CONTRACT_MISSING
    return Compatibility(Fit.UNKNOWN, f"{live}: {reading.why}", code)


def _terms(survey: Survey, link: str, client: Terms, server: Terms) -> tuple[Terms, Terms]:
    """Over plain HTTP only versions are compared: the format is the HTTP API's own matter."""
    if survey.manifest.links[link].transport == "http":
        return replace(client, formats={}), replace(server, formats={})
    return client, server


def _marked(before: LinkMatrix, after: LinkMatrix) -> LinkMatrix:
    cells = tuple(replace(cell, pre_existing=_was_there(before, cell)) for cell in after.cells)
    return replace(after, cells=cells)


def _was_there(before: LinkMatrix, cell: Cell) -> bool:
    """A client that is broken today stays pre-existing unless it gets worse for that client.

    It gets worse where more users come to run that client, and where the candidate, which takes
    all traffic, fails it though some server of today did not.
    """
    if cell.fit is not Fit.NO:
        return False
    client, server = cell.client, cell.server
    if Presence.CANDIDATE in client.presences and not _is_all_there_is(before, client.build):
        return False
    same = [old for old in before.cells if old.client.build == client.build]
    if Presence.CANDIDATE in server.presences:
        return bool(same) and all(old.fit is Fit.NO for old in same)
    return any(old.server.build == server.build and old.fit is Fit.NO for old in same)


def _is_all_there_is(before: LinkMatrix, build: Build | None) -> bool:
    """Whether everybody who loads that client today gets this very build."""
    loaded = {old.client.build for old in before.cells if not old.client.only_may_linger}
    return loaded == {build}
