"""Which pairs are worth opening where a plan keeps builds that do not fit apart."""

from skewcheck.core.compatibility import Fit
from skewcheck.core.live import Live, live_servers
from skewcheck.core.manifest import Manifest
from skewcheck.core.matrix import compare_pair
from skewcheck.core.plan.observed import build_of
from skewcheck.core.probed.probes import Format, Probes
from skewcheck.core.survey import Survey
from skewcheck.core.wire.script import Target


def fitting_pairs(
    survey: Survey, link: str, pairs: tuple[tuple[Format, Target], ...]
) -> tuple[tuple[Format, Target], ...]:
    """Those of which some client fits with all servers that may answer there: one format may be of
    several builds, and whoever fits must be able to talk."""
    return tuple(
        (form, target)
        for form, target in pairs
        if any(
            all(
                compare_pair(survey, link, client, server).fit is Fit.YES
                for server in _servers_at(survey, link, target)
            )
            for client in map(_named, form.builds)
        )
    )


def links_left_out(manifest: Manifest, probes: Probes) -> tuple[str, ...]:
    """WebSocket links of which nothing was to be opened: at the end of a rollout that is a gap, for
    by then some client fits."""
    seen = {probe.link for probe in probes.links}
    return tuple(
        name
        for name, link in manifest.links.items()
        if link.transport == "websocket" and name not in seen
    )


def _servers_at(survey: Survey, link: str, target: Target) -> tuple[Live, ...]:
    server = survey.manifest.links[link].server
    return (_named(target.build),) if target.build else live_servers(survey, server)


def _named(build: str) -> Live:
    return Live(build=build_of(build), presences=(), why="")
