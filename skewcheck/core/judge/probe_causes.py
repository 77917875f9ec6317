"""Why a handshake fails: the cause that the experiments leave, told with its evidence."""

from collections.abc import Iterator
from dataclasses import dataclass

from skewcheck.core.findings import Code
from skewcheck.core.ladder.climb import Rung, Step
from skewcheck.core.ladder.rungs_above import auth_rung, welcome_rung
from skewcheck.core.ladder.seen import Failed
from skewcheck.core.probe.experiments import holding_direct, losable
from skewcheck.core.probed.alike import same_ending, same_failure
from skewcheck.core.probed.probes import Format, LinkProbe, Probed
from skewcheck.core.wire.script import AS_A_BROWSER, Variant, vary
from skewcheck.core.wire.transcript import Opened

_FORWARD = "forward the header at the load balancer or proxy in front of the service"
_LOOK = "look at the load balancer in front of {server}: its backend, health check and timeouts"
_OFFER = "sec-websocket-protocol"
_HEADERS = {
    "authorization": "Authorization",
    "cookie": "Cookie",
    _OFFER: "Sec-WebSocket-Protocol",
    "upgrade": "Upgrade",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """A finding in the making; without `fix` the next command is `skewcheck diagnose`.

    `format` is the wire format that it is about, None where it is about the place or the server.
    """

    code: Code
    sentence: str
    evidence: tuple[str, ...] = ()
    fix: str = ""
    format: Format | None = None


def find_cause(link: LinkProbe, probed: Probed) -> Cause:
    """The most telling of all that was seen; the plain failure where nothing tells more."""
    failed = probed.failed
    if failed is None:  # cannot be: only what does not hold is asked about
        raise ValueError(f"{link.link}: holds in {probed.format} at {probed.target}")
    if probed.state == "flaky":
        return _flaky(link, probed, failed)
    for look in (_origin, _lost_at_edge, _race):
        if cause := look(link, probed, failed):
            return cause
    return _plain(link, probed, failed)


def _plain(link: LinkProbe, probed: Probed, failed: Step) -> Cause:
    code = failed.code or Code.NOT_COMPARABLE
    return Cause(code, _sentence(probed, failed), tuple(_evidence(link, probed, failed)))


def _sentence(probed: Probed, failed: Step) -> str:
    return f"{failed.told} (at {probed.target}, in {probed.format}, {_counted(probed)})"


def _counted(probed: Probed) -> str:
    broken = len(probed.transcripts) - probed.held
    return f"{broken} of {len(probed.transcripts)} handshakes"


def _evidence(link: LinkProbe, probed: Probed, failed: Step) -> Iterator[str]:
    yield from failed.evidence
    yield from _directly(link, probed)
    yield from _control(link, probed)
    yield from _other_auth(link, probed)
    yield from _other_formats(link, probed)
    yield f"probe {probed.worst[0].id}"


def _directly(link: LinkProbe, probed: Probed) -> Iterator[str]:
    if probed.target.place != "edge":
        return
    for each in link.of(variant=AS_A_BROWSER):
        if each.target.place == "direct" and each.format == probed.format:
            failed = each.failed
            how = f"fails: {failed.told}" if failed else f"holds, {each.held} times"
            yield f"{each.target}: {how}"
    if link.no_origin:
        yield f"nothing to compare the edge with: {link.no_origin}"


def _control(link: LinkProbe, probed: Probed) -> Iterator[str]:
    for each in link.probed:
        failed = each.failed
        if each.variant.is_harmless and each.target == probed.target and failed is not None:
            alike = same_failure(each, probed)
            how = "is refused in the same way" if alike else f"is refused otherwise: {failed.told}"
            yield f"{each.variant} {how}"


def _other_auth(link: LinkProbe, probed: Probed) -> Iterator[str]:
    for each in link.probed:
        if each.variant.auth and each.target == probed.target and each.format == probed.format:
            failed = each.failed
            how = f"fails too: {failed.told}" if failed else "is welcomed"
            place = "Authorization" if each.variant.auth == "header" else "the subprotocol"
            yield f"the same token in {place} {how}"


def _other_formats(link: LinkProbe, probed: Probed) -> Iterator[str]:
    for each in link.of(variant=AS_A_BROWSER):
        if each.target == probed.target and each.format != probed.format:
            failed = each.failed
            how = f"fails too: {failed.told}" if failed else f"holds, {each.held} times"
            yield f"{each.format} at the same place: {how}"


def _flaky(link: LinkProbe, probed: Probed, failed: Step) -> Cause:
    """A cold instance that fails only its first handshake is a race of its start-up."""
    tried, held = len(probed.transcripts), probed.held
    states = [ladder.holds for ladder in probed.ladders]
    if probed.target.place == "candidate" and all(states[1:]):
        told = f"only the first, cold handshake at {probed.target} failed: {failed.told};"
        told += f" the {tried - 1} after it hold"
        return Cause(Code.HANDSHAKE_RACE, told, failed.evidence)
    told = f"{tried - held} of {tried} handshakes failed at {probed.target}, in {probed.format}:"
    evidence = (*failed.evidence, *_directly(link, probed))
    return Cause(Code.FLAKY_HANDSHAKE, f"{told} {failed.told}", evidence)


def _lost_at_edge(link: LinkProbe, probed: Probed, failed: Step) -> Cause | None:
    """Directly it holds, so the edge takes something away: what, the losses on purpose tell."""
    direct = holding_direct(probed, link.probed)
    if probed.target.place != "edge" or direct is None:
        return None
    losses = _losses(link, probed, direct)
    holds = f"{direct.target}: holds, {direct.held} times"
    if goes_on_all_the_same(probed) and not _selected(probed):
        return _answer_stripped(losses, (failed.told, holds, *failed.evidence))
    culprits = [n for n, loss in losses.items() if loss.failed and same_ending(loss, probed)]
    if not culprits:
        told = f"{_sentence(probed, failed)}; directly it holds, so the edge is at fault"
        code = failed.code or Code.NOT_COMPARABLE
        return Cause(code, told, (holds, *failed.evidence), _LOOK.format(server=link.server))
    named = " or ".join(_HEADERS[name] for name in culprits)
    proof = f"without {named} it fails directly in the same way"
    code = Code.SUBPROTOCOL_LOST_AT_EDGE if culprits == [_OFFER] else Code.HEADER_LOST_AT_EDGE
    told = f"the edge drops {named} from the request"
    return Cause(code, told, (failed.told, holds, proof), _FORWARD)


def _answer_stripped(losses: dict[str, Probed], evidence: tuple[str, ...]) -> Cause:
    """A server that welcomes without any offer, too, leaves open on which way it was lost."""
    tolerates = any(name == _OFFER and not loss.failed for name, loss in losses.items())
    where = "the request or the answer" if tolerates else "the answer"
    told = f"the edge drops Sec-WebSocket-Protocol from {where}: a browser refuses it"
    return Cause(Code.SUBPROTOCOL_LOST_AT_EDGE, told, evidence, _FORWARD)


def goes_on_all_the_same(probed: Probed) -> bool:
    """A browser stops at the subprotocol, and yet the server welcomes whoever does not."""
    transcript = probed.worst[0]
    if probed.failed is None or probed.failed.rung is not Rung.SUBPROTOCOL:
        return False
    script = vary(probed.format.script, probed.variant)
    looks = (look(transcript, script, probed.variant) for look in (auth_rung, welcome_rung))
    return not any(isinstance(seen, Failed) for seen in looks)


def _selected(probed: Probed) -> str:
    opened = probed.worst[0].first(Opened)
    return opened.subprotocol if opened else ""


def _losses(link: LinkProbe, probed: Probed, direct: Probed) -> dict[str, Probed]:
    """The loss of each header, as it was made on purpose past the edge."""
    made = {
        each.variant: each for each in link.probed
        if each.target == direct.target and each.format.fingerprint == probed.format.fingerprint
    }  # fmt: skip
    variants = {name: Variant(without=(name,)) for name in losable(probed.format.script)}
    return {name: made[variant] for name, variant in variants.items() if variant in made}


def _origin(link: LinkProbe, probed: Probed, failed: Step) -> Cause | None:
    for each in link.of(variant=Variant(without=("origin",))):
        if each.target == probed.target and each.format == probed.format and each.state == "holds":
            told = f"refused only because of Origin, which every browser sends: {failed.told}"
            fix = f"allow the page's origin at {probed.target}, or mend links.{link.link}.origin"
            return Cause(Code.ORIGIN_REJECTED, told, failed.evidence, fix)
    return None


def _race(link: LinkProbe, probed: Probed, failed: Step) -> Cause | None:
    for each in link.probed:
        here = each.target == probed.target and each.format == probed.format
        if here and each.variant.speaks and each.state == "holds":
            how = "at once" if each.variant.speaks == "at-once" else "after the welcome"
            told = f"{failed.told}; a client that speaks {how} is welcomed"
            return Cause(Code.HANDSHAKE_RACE, told, failed.evidence)
    return None
