"""Worlds in trouble, and what a diagnosis says of them."""

from dataclasses import replace
from typing import Any

from skewcheck.core.diagnosis import Diagnosis, diagnose
from skewcheck.core.gate import judge_gate
from skewcheck.core.probed.probes import LinkProbe, Probed
from skewcheck.core.survey import Survey
from skewcheck.core.wire.script import Target, Variant
from tests.builders import OLD, OLD_FORMAT, survey
from tests.links import link_probe, probes
from tests.transcripts import closed, format_of, script

OLD_SCRIPT = script(offers=("jwt.{token}",), selected="jwt.{token}")
OLD_SPOKEN = format_of(
    OLD_SCRIPT, fingerprint=OLD_FORMAT, builds=(OLD.value,), why="the edge serves its page"
)
NEW_SPOKEN = format_of(why="100% of traffic")
SECOND = Target(place="direct", url="https://r1.a.run.app/ws", revision="acme-api-00001")
MADE_UP, CONTROL = Variant(made_up=True), Variant(control=True)
CLEANUP = closed()


def diagnosed(seen: Survey, *probed_of: Probed, **changed: Any) -> Diagnosis:
    """Of the chat of that world, on which those probes were made."""
    return of_link(seen, link_probe(*probed_of, **changed))


def of_link(seen: Survey, link: LinkProbe) -> Diagnosis:
    whole = replace(seen, probes=probes(link))
    return diagnose(whole, judge_gate(whole), "chat")


def of_wire(*probed_of: Probed, **changed: Any) -> Diagnosis:
    """Everything but the wire is well."""
    return diagnosed(survey(), *probed_of, **changed)


def kinds(diagnosis: Diagnosis) -> list[str]:
    return [cause.kind for cause in diagnosis.causes]


def words(diagnosis: Diagnosis) -> str:
    """Every sentence of the chain and its causes."""
    whys = [why.told for why in diagnosis.whys]
    return " ".join([*whys, *(cause.told for cause in diagnosis.causes)])
