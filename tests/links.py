"""Links as they were probed, and contracts as they lie in git, with boring defaults."""

from typing import Any

from skewcheck.core.compatibility import terms_of_contract
from skewcheck.core.contract import Contract
from skewcheck.core.findings import Code, Finding
from skewcheck.core.judge.probes import judge_probes
from skewcheck.core.probed.probes import LinkProbe, Probed, Probes
from skewcheck.core.survey import ContractKnown
from tests.builders import NOW

TOKEN = ["jwt-auth", "jwt.{token:base64url}"]


def contract_file(**changed: Any) -> Contract:
    """The incident's right format; `handshake`, `messages` and `probe` as people write them."""
    written: dict[str, Any] = {
        "schema": "1",
        "protocol": "chat",
        "version": "2.1",
        "accepts": ">=2.0,<3",
        "handshake": {"subprotocols": TOKEN, "selected": TOKEN[0], "token_in": "subprotocol"},
        "messages": {"welcome": {"type": "connection_established"}},
    }
    return Contract.model_validate(written | changed)


def known(**changed: Any) -> ContractKnown:
    contract = contract_file(**changed)
    return ContractKnown(terms=terms_of_contract(contract), contract=contract)


def tokenless(**changed: Any) -> ContractKnown:
    """A format without any token."""
    plain = {"subprotocols": ["chat"], "selected": "chat", "token_in": "none"}
    return known(handshake=plain, **changed)


def link_probe(*seen: Probed, **changed: Any) -> LinkProbe:
    said: dict[str, Any] = {"link": "chat", "client": "frontend", "server": "backend"}
    return LinkProbe(probed=seen, **(said | changed))


def probes(*links: LinkProbe, **changed: Any) -> Probes:
    said: dict[str, Any] = {"environment": "staging", "at": NOW, "success_target": 0.9}
    return Probes(links=links, **(said | changed))


def judged(*seen: Probed, **changed: Any) -> tuple[Finding, ...]:
    """What the judge of probes finds on one link of which that was seen."""
    return judge_probes(probes(link_probe(*seen, **changed)))


def codes_of(*seen: Probed, **changed: Any) -> list[Code]:
    return [each.code for each in judged(*seen, **changed)]


def the(code: Code, findings: tuple[Finding, ...]) -> Finding:
    """The one finding of that code; fails where there are none or several."""
    [found] = [each for each in findings if each.code is code]
    return found


def only(*seen: Probed) -> Finding:
    """The one finding beside what it masks and how readings differ."""
    besides = {Code.MASKED, Code.READINGS_DIFFER}
    [found] = [each for each in judged(*seen) if each.code not in besides]
    return found
