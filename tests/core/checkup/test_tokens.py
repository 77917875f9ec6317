"""Can probes get the tokens that their links need?"""

from typing import Any

from skewcheck.core.checkup.check import Check, State
from skewcheck.core.checkup.facts import Trouble
from skewcheck.core.checkup.tokens import check_tokens
from skewcheck.core.contract import Contract
from skewcheck.core.survey import ContractAbsent, Survey
from tests.builders import CHAT, NEW, OLD, backend, contract, document, manifest, survey
from tests.core.checkup.worlds import facts


def checked(seen: Survey | None = None, **changed: Any) -> Check:
    (check,) = check_tokens(facts(seen, **changed))
    return check


def wanting(place: str) -> Survey:
    """A link whose contract says where the token goes."""
    written = {"schema": "1", "protocol": "chat", "version": "2.1", "accepts": ">=2.0,<3",
               "handshake": {"token_in": place}, "messages": {}}  # fmt: skip
    known = contract(contract=Contract.model_validate(written))
    absent = ContractAbsent(why="none", fix="commit it")
    return survey(
        backend(edge=document(OLD)),
        contracts={("chat", "server", NEW): known, ("chat", "server", OLD): absent},
    )


def test_a_token_that_can_be_had_is_well() -> None:
    assert checked(tokens={"chat": None}).state is State.OK


def test_one_that_is_not_set_is_bad() -> None:
    check = checked(tokens={"chat": Trouble("CHAT is not set", "export CHAT=…")})
    assert (check.state, check.told, check.fix) == (State.BAD, "CHAT is not set", "export CHAT=…")


def test_one_that_nobody_tried_to_get_is_unknown() -> None:
    trouble = Trouble("a command", "allow it", undecided=True)
    assert checked(tokens={"chat": trouble}).state is State.UNKNOWN


def test_where_the_contract_asks_for_none_none_is_needed() -> None:
    assert checked(wanting("none")).state is State.NOT_NEEDED
    assert checked().state is State.NOT_NEEDED


def test_where_the_contract_wants_one_the_manifest_has_to_name_it() -> None:
    check = checked(wanting("authorization"))
    assert check.state is State.BAD
    assert check.told == "the contract wants one (authorization), and the manifest names none"


def test_the_contract_of_another_link_is_not_this_ones() -> None:
    seen = wanting("authorization")
    links = {"news": CHAT | {"path": "/news"}}
    other = survey(manifest=manifest(links=links), contracts=seen.contracts)
    assert checked(other).state is State.NOT_NEEDED


def test_a_link_of_versions_alone_needs_none() -> None:
    seen = survey(manifest=manifest(links={"chat": CHAT | {"transport": "http"}}))
    assert list(check_tokens(facts(seen))) == []
