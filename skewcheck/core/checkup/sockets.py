"""Settings of the platform that break or cut WebSockets, or send users where no split says.

A WebSocket is one request to Cloud Run and to load balancers: their timeouts end it, and over
HTTP/2 alone it cannot even begin (Cloud Run, "Using WebSockets").
"""

from collections.abc import Iterator

from skewcheck.core.checkup.balancers import behind, serves_sockets, unreadable_maps
from skewcheck.core.checkup.check import Check, Name, bad, not_asked, not_needed, ok, unread
from skewcheck.core.checkup.commands import backend_command, service_command, url_maps_command
from skewcheck.core.checkup.facts import EnvironmentFacts
from skewcheck.core.control_plane import ControlPlane, Revision
from skewcheck.core.live import serving
from skewcheck.core.survey import ServiceSurvey

_LONGEST_S = 3600.0  # of a request to Cloud Run
_USUAL_S = 300.0
_HTTP2 = frozenset({"HTTP2", "H2C"})


def check_sockets(facts: EnvironmentFacts) -> Iterator[Check]:
    """Nothing is told of what nobody could look at: that stands under control-plane and
    load-balancer."""
    for name, service in facts.survey.services.items():
        if serves_sockets(facts.survey.manifest, name) or _has_edge(facts, name):
            yield _load_balancer(facts, name)
        if serves_sockets(facts.survey.manifest, name):
            yield from _lifetime(facts, service)
            yield from _http2(facts, service)
        yield from _affinity(facts, service)


def _has_edge(facts: EnvironmentFacts, name: str) -> bool:
    return facts.survey.manifest.cloud_cdn_of(name) is not None


def _load_balancer(facts: EnvironmentFacts, name: str) -> Check:
    check = Name.LOAD_BALANCER
    cdn = facts.survey.manifest.cloud_cdn_of(name)
    if facts.no_sign_in is not None:
        return not_asked(check, name, facts.no_sign_in)
    if refused := unreadable_maps(facts, name):
        return unread(check, name, refused)
    found = behind(facts, name)
    maps = {each.url_map for each in found}
    if cdn is not None and cdn.url_map not in maps:
        told = f"the URL map {cdn.url_map} does not lead to {name}: invalidations would be in vain"
        return bad(check, name, told, url_maps_command(cdn.project))
    if not found:
        return not_needed(check, name, "no URL map leads to it")
    backends = ", ".join(dict.fromkeys(each.backend.name for each in found))
    return ok(check, name, f"{', '.join(sorted(maps))} leads to it by {backends}")


def _lifetime(facts: EnvironmentFacts, service: ServiceSurvey) -> Iterator[Check]:
    """Cloud Run's own timeout is told as a fact: an hour is the most that it gives anybody."""
    name, lives = Name.SOCKET_LIFETIME, [_lives_s(each) for _, each in _serving(service)]
    for each in behind(facts, service.name):
        timeout_s = each.backend.timeout_s
        if timeout_s is not None and timeout_s < _USUAL_S:
            told = f"{each.backend.name} cuts every socket after {_span(timeout_s)}"
            fix = backend_command(each.project, each.backend.name, f"--timeout={_LONGEST_S:.0f}s")
            yield bad(name, service.name, told, fix)
            return
        lives += [float(timeout_s)] if timeout_s is not None else []
    if lives:
        told = f"every socket is cut after {_span(min(lives))} at the latest: clients reconnect"
        yield ok(name, service.name, told)


def _http2(facts: EnvironmentFacts, service: ServiceSurvey) -> Iterator[Check]:
    name, subject = Name.HTTP2, service.name
    for plane, revision in _serving(service):
        if revision.http2:
            told = f"{revision.name} is spoken to in HTTP/2 alone (its port is named h2c)"
            fix = service_command(_place(facts, plane, subject), "--no-use-http2")
            yield bad(name, subject, f"{told}: no WebSocket gets through", fix)
            return
    for each in behind(facts, subject):
        if each.backend.protocol in _HTTP2:
            told = f"{each.backend.name} speaks {each.backend.protocol} to it"
            fix = backend_command(each.project, each.backend.name, "--protocol=HTTPS")
            yield bad(name, subject, f"{told}: no WebSocket gets through", fix)
            return
    if any(_serving(service)) or behind(facts, subject):
        yield ok(name, subject, "HTTP/1.1 on the way, as WebSockets need it")


def _affinity(facts: EnvironmentFacts, service: ServiceSurvey) -> Iterator[Check]:
    """A cookie that outlives the rollout keeps its holder at the old revision."""
    name, subject = Name.SESSION_AFFINITY, service.name
    for plane in _planes(service):
        if plane.session_affinity:
            told = "its revisions keep a visitor for 30 days, whatever the traffic split says"
            fix = service_command(_place(facts, plane, subject), "--no-session-affinity")
            yield bad(name, subject, told, fix)
            return
    for each in behind(facts, subject):
        if each.backend.affinity not in {"NONE", ""}:
            told = f"{each.backend.name} keeps visitors where they are ({each.backend.affinity})"
            fix = backend_command(each.project, each.backend.name, "--session-affinity=NONE")
            yield bad(name, subject, told, fix)
            return
    if any(_planes(service)):
        yield ok(name, subject, "traffic goes as it is split")


def _planes(service: ServiceSurvey) -> Iterator[ControlPlane]:
    return (each for each in service.planes if isinstance(each, ControlPlane))


def _serving(service: ServiceSurvey) -> Iterator[tuple[ControlPlane, Revision]]:
    for plane in _planes(service):
        for _, revision in serving(plane):
            if revision is not None:
                yield plane, revision


def _place(facts: EnvironmentFacts, plane: ControlPlane, name: str) -> tuple[str, str, str]:
    places = facts.survey.manifest.cloud_run_of(name)
    return next(place for place in places if place[1] == plane.region)


def _lives_s(revision: Revision) -> float:
    return _USUAL_S if revision.timeout_s is None else revision.timeout_s


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
