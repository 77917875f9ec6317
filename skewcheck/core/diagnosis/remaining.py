"""What honestly remains where nothing proves a cause: all that no experiment rules out."""

from collections.abc import Iterator

from skewcheck.core.diagnosis.facts import Facts
from skewcheck.core.diagnosis.values import Cause
from skewcheck.core.findings import Code
from skewcheck.core.ladder.climb import Rung, State, Step
from skewcheck.core.probed.alike import same_failure
from skewcheck.core.probed.probes import Probed
from skewcheck.core.wire.conversation import welcomed_at
from skewcheck.core.wire.script import AS_A_BROWSER, Variant


def remaining_causes(facts: Facts, broken: Probed, failed: Step) -> Iterator[Cause]:
    """What may still be the cause, as far as the experiments do not rule it out."""
    for cell in facts.unsure[:1]:
        told = f"skew: nobody knows whether {cell.client} fits {cell.server}"
        yield Cause(kind="skew", told=f"{told}: {cell.compatibility.sentence}",
                    code=cell.compatibility.code)  # fmt: skip
    if _token_is_possible(facts, broken, failed):
        told = "the token: expired, of another environment, or not one that this server takes"
        yield Cause(kind="the token", told=told, fix=f"look at links.{facts.link}.token")
    if _edge_is_possible(facts, broken, failed):
        why = facts.probe.no_origin or "no way past it holds"
        yield Cause(kind="the edge", told=f"the edge: nothing to compare it with ({why})")
    if failed.code is not Code.AUTH_REJECTED or not broken.format.script.needs_token:
        told = f"{facts.server} itself: it {_did(broken, failed)} for a reason that only its log"
        fix = log_command(facts, broken)
        yield Cause(kind="the contract", told=f"{told} can tell", code=failed.code, fix=fix)


def _did(broken: Probed, failed: Step) -> str:
    match failed.rung:
        case Rung.ANSWER:
            return "does not answer"
        case Rung.UPGRADE:
            return "refuses the handshake"
        case Rung.SUBPROTOCOL:
            return "does not select the subprotocol"
        case _ if welcomed_at(broken.format.script, broken.worst[0].events) is not None:
            return "welcomes and then hangs up"
        case _:
            return "accepts and then gives up before the welcome"


def _token_is_possible(facts: Facts, broken: Probed, failed: Step) -> bool:
    """A made-up token that is refused otherwise shows that the real one was believed; so does any
    welcome."""
    if not broken.format.script.needs_token or failed.rung is Rung.ANSWER:
        return False
    if broken.held or broken.worst[1].at(Rung.AUTH).state is State.PASSED:
        return False
    for made_up in facts.probe.of(variant=Variant(made_up=True)):
        if (made_up.target, made_up.format) == (broken.target, broken.format):
            return same_failure(made_up, broken)
    return True


def _edge_is_possible(facts: Facts, broken: Probed, failed: Step) -> bool:
    """It could refuse the handshake, or lose what carries the token; past it the same failure
    clears it."""
    if broken.target.place != "edge":
        return False
    low = failed.rung in {Rung.ANSWER, Rung.UPGRADE, Rung.SUBPROTOCOL}
    if not low and not broken.format.script.needs_token:
        return False
    return not any(same_failure(each, broken) for each in directs_of(facts, broken))


def directs_of(facts: Facts, broken: Probed) -> list[Probed]:
    """What was probed past the edge in the same format."""
    base = facts.probe.of(variant=AS_A_BROWSER)
    return [e for e in base if e.target.place == "direct" and e.format == broken.format]


def log_command(facts: Facts, broken: Probed) -> str:
    """Shows what the server itself logged about that very probe."""
    addresses = facts.survey.manifest.cloud_run_of(facts.server)
    if not addresses:
        return f"read the log of {facts.server} for {broken.worst[0].id}, the probe's id"
    project, _, service = addresses[0]
    query = f'httpRequest.userAgent:"{broken.worst[0].id}"'
    wanted = f"resource.labels.service_name={service} AND {query}"
    return f"gcloud logging read '{wanted}' --project={project} --freshness=1h"
