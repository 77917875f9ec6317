"""Whether probes can get the tokens that their links need."""

from collections.abc import Iterator

from skewcheck.core.checkup.check import Check, Name, bad, not_needed, ok, unknown
from skewcheck.core.checkup.facts import EnvironmentFacts
from skewcheck.core.survey import ContractKnown


def check_tokens(facts: EnvironmentFacts) -> Iterator[Check]:
    for link, written in facts.survey.manifest.links.items():
        if written.transport == "websocket":
            yield _check(facts, link)


def _check(facts: EnvironmentFacts, link: str) -> Check:
    name = Name.PROBE_TOKEN
    if link in facts.tokens:
        trouble = facts.tokens[link]
        if trouble is None:
            return ok(name, link, "can be had")
        return (unknown if trouble.undecided else bad)(name, link, trouble.why, trouble.fix)
    place = _token_in(facts, link)
    if place == "none":
        return not_needed(name, link, "the contract asks for none")
    told = f"the contract wants one ({place}), and the manifest names none"
    return bad(name, link, told, f"write links.{link}.token: {{env: SKEWCHECK_TOKEN}}")


def _token_in(facts: EnvironmentFacts, link: str) -> str:
    """Where a contract of the link wants it."""
    for key, reading in facts.survey.contracts.items():
        if key[0] != link or not isinstance(reading, ContractKnown) or reading.contract is None:
            continue
        if (place := reading.contract.handshake.token_in) != "none":
            return place
    return "none"
