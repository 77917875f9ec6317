"""May this client's opening request be answered, with what, and if not, what is it told?

Rules of this file: nothing is remembered; nothing that was offered is repeated, but for a version
number that can be nothing else; a close code is never 1000, which says that all is well.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from skewcheck_expose.contracts import Contract, known
from skewcheck_expose.handshake import Fit, fit
from skewcheck_expose.offers import ANNOUNCEMENT, Announced, Offer
from skewcheck_expose.reasons import another_protocol, not_accepted, not_in_format

CLOSE_CODE = 4406  # as graphql-ws has it: "Subprotocol not acceptable"; 406 of HTTP in 4000-4999
BAD_REQUEST, UPGRADE_REQUIRED = 400, 426


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Accept with `subprotocol`. `token` is not verified yet, and None where the contract has none
    in the opening request. `client_version` is what the client says it speaks, if it does."""

    contract: Contract
    subprotocol: str | None
    token: str | None = field(default=None, repr=False)
    client_version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Answer HTTP `status`; or, with `accepts_first`, accept with `subprotocol` and close at once
    with `close_code`: browsers show a page nothing else of a refusal."""

    status: int
    reason: str
    close_code: int = CLOSE_CODE
    accepts_first: bool = False
    subprotocol: str | None = None


Outcome: TypeAlias = Agreed | Refused


def negotiate(contracts: Contract | Iterable[Contract], offer: Offer) -> Outcome:
    """The first contract that the offer fits wins. Give the newest first: refusals name that."""
    served = known(contracts)
    said = {} if _is_token_place(served) else offer.announced()
    spoken = [each for each in served if not said or each.protocol in said]
    if not spoken:
        return _refuse(served, offer, UPGRADE_REQUIRED, another_protocol(served[0]))
    accepted = [each for each in spoken if _accepts(each, said) is not False]
    if not accepted:
        return _refuse(served, offer, UPGRADE_REQUIRED, not_accepted(spoken, said))
    return _fit_any(accepted, served, offer, said)


def _fit_any(
    accepted: Sequence[Contract], served: Sequence[Contract], offer: Offer, said: Announced
) -> Outcome:
    misfits = []
    for contract in accepted:
        found = fit(contract, offer)
        version = said.get(contract.protocol)
        if isinstance(found, Fit):
            return Agreed(
                contract=contract,
                subprotocol=contract.selected,
                token=found.token,
                client_version=version,
            )
        misfits.append(not_in_format(contract, version, found.why))
    if not said:  # nobody who would read a close code
        return Refused(status=BAD_REQUEST, reason=misfits[0])
    return _refuse(served, offer, BAD_REQUEST, misfits[0])


def _is_token_place(contracts: Iterable[Contract]) -> bool:
    """Then what stands there is a secret, whatever it looks like."""
    return any(each.token_in == f"query:{ANNOUNCEMENT}" for each in contracts)


def _accepts(contract: Contract, said: Announced) -> bool | None:
    version = said.get(contract.protocol)
    return None if version is None else contract.accepts_version(version)


def _refuse(served: Iterable[Contract], offer: Offer, status: int, reason: str) -> Refused:
    """For a client that says its version: it is a page that would read the close code."""
    plain = next((name for name in offer.subprotocols if _is_plain(name, served)), None)
    can_tell = plain is not None or not offer.subprotocols
    return Refused(status=status, reason=reason, accepts_first=can_tell, subprotocol=plain)


def _is_plain(name: str, served: Iterable[Contract]) -> bool:
    """A constant of a contract, which no contract's template could take for a token."""
    templates = [each for contract in served for each in contract.subprotocols]
    fitting = [each for each in templates if each.could_be(name)]
    return bool(fitting) and not any(each.holds_token for each in fitting)
