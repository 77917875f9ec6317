"""Contracts of several formats, read as a service reads what `skewcheck stamp` wrote of them."""

from pathlib import Path
from typing import Any

from skewcheck_expose import Contract, Offer, read_contracts
from skewcheck_expose.offers import read_offer

from skewcheck.core.compatibility import write_range
from skewcheck.core.contract import Contract as CoreContract
from skewcheck.core.documents import parse_contract
from skewcheck.core.wire.opening import write_opening
from skewcheck.core.wire.script import ProbeRequest, Script, Target, script_of
from skewcheck.core.wire.secret import Secret

ROOT = Path(__file__).parents[2]
TOKEN = "eyJhbGciOi.fake-token_for~tests"


def core_contract(name: str) -> CoreContract:
    """One of those in this repository's contracts/."""
    file = ROOT / "contracts" / f"{name}.yaml"
    return parse_contract(file.read_bytes(), file=str(file))


def entry_of(contract: CoreContract) -> dict[str, Any]:
    """Its entry in contracts.json."""
    return {
        "protocol": contract.protocol,
        "version": str(contract.version),
        "accepts": write_range(contract.accepts),
        "fingerprint": contract.fingerprint,
        "formats": contract.formats,
        "handshake": contract.handshake.model_dump(mode="json"),
        "messages": contract.messages.model_dump(mode="json"),
    }


def entry(**changed: Any) -> dict[str, Any]:
    """That of chat 2.1, with other keys where a test says so; None leaves a key out."""
    told = entry_of(core_contract("chat")) | changed
    return {key: value for key, value in told.items() if value is not None}


def contract(**changed: Any) -> Contract:
    return read_contracts({"schema": 1, "contracts": [entry(**changed)]})[0]


def carrying(token_in: str, **changed: Any) -> Contract:
    """Chat 2.1 with its token elsewhere, and no subprotocols."""
    return contract(handshake={"token_in": token_in}, **changed)


CHAT = contract()
BEFORE = read_contracts({"schema": 1, "contracts": [entry_of(core_contract("chat-before"))]})[0]
CHAT_SCRIPT = script_of(core_contract("chat"))
BEFORE_SCRIPT = script_of(core_contract("chat-before"))


def script(contract: Contract) -> Script:
    """How skewcheck's prober would speak it."""
    return Script(
        offers=tuple(each.text for each in contract.subprotocols),
        selected=contract.selected,
        token_in=contract.token_in,
        opens_with=contract.opens_with,
        welcome=contract.welcome,
    )


def offered(contract: Contract, token: str = TOKEN, *, query: str = "") -> Offer:
    """What the prober offers, which fills in a contract by code of its own."""
    target = Target(place="edge", url=f"https://api.example/ws?{query}")
    request = ProbeRequest(id="t", target=target, origin="https://a", script=script(contract))
    opening = write_opening(request, Secret(token), "skewcheck/0")
    return read_offer(opening.headers, opening.target.partition("?")[2])
