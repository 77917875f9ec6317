"""What a running build says of its protocols, held against the contract in git at its commit."""

from typing import Any

import pytest

from skewcheck.core.findings import Code, Finding
from skewcheck.core.judge.skew import judge_claims
from skewcheck.core.reading import ProtocolClaim
from tests.builders import (
    APP,
    CHAT,
    NEW,
    OLD_FORMAT,
    backend,
    contract,
    document,
    frontend,
    manifest,
    origin,
    survey,
    unreadable,
)
from tests.core.minimal_worlds import ABSENT, claims, speaks


def said(*claimed: ProtocolClaim, **changed: Any) -> list[Finding]:
    service = frontend(edge=document(protocols=claimed))
    seen = survey(service, **changed)
    return list(judge_claims(seen, service))


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        pytest.param(claims("2.0"), "version 2.0, git says 2.1", id="version"),
        pytest.param(claims("two"), "version 'two', git says 2.1", id="no version at all"),
        pytest.param(
            claims(accepts=">=1"), "it accepts >=1, git says >=2.0,<3", id="what it accepts"
        ),
        pytest.param(
            claims(fingerprint=OLD_FORMAT),
            "format sha256:01d001d0, git says sha256:9e399e39",
            id="format",
        ),
    ],
)
def test_a_build_that_misreports_its_contract_is_told(claim: ProtocolClaim, told: str) -> None:
    [finding] = said(claim)
    assert (finding.code, finding.subject) == (Code.MISREPORTED_CONTRACT, "frontend")
    assert finding.sentence == f"9e39e39 says {told} (chat, contract in git)"
    assert finding.evidence == (
        f"said at {APP}/version.json",
        f"git: contracts/chat.yaml at {NEW}",
    )


def test_what_git_leaves_open_is_told_as_nothing() -> None:
    open_contract = speaks("client", NEW, contract(accepts=None))
    [finding] = said(claims(accepts=">=1"), contracts=open_contract)
    assert "it accepts >=1, git says nothing" in finding.sentence


@pytest.mark.parametrize(
    ("claim", "contracts"),
    [
        pytest.param(claims(), {}, id="it says the same"),
        pytest.param(claims(role=""), {}, id="it says no role"),
        pytest.param(claims("1.0", role="server"), {}, id="it speaks of the other side"),
        pytest.param(
            ProtocolClaim(name="login", role="client", version="1.0"), {}, id="of another protocol"
        ),
        pytest.param(claims("1.0"), speaks("client", NEW, ABSENT), id="git knows no contract"),
        pytest.param(
            claims("1.0"),
            speaks("client", NEW, contract(assumed="contracts/before.yaml")),
            id="the contract is assumed",
        ),
    ],
)
def test_a_build_is_not_accused_where(claim: ProtocolClaim, contracts: Any) -> None:
    assert said(claim, contracts=contracts) == []


def test_one_false_claim_at_edge_and_origin_is_told_once() -> None:
    wrong = document(protocols=(claims("1.0", role="server"),))
    service = backend(edge=wrong, origins=(origin(wrong), origin(unreadable())))
    assert len(list(judge_claims(survey(service), service))) == 1


def test_a_claim_of_a_build_without_a_name_cannot_be_held_against_git() -> None:
    service = frontend(edge=document(protocols=(claims("1.0"),)))
    assert list(judge_claims(survey(service, builds={}), service)) == []


def test_a_false_claim_is_told_for_each_link_it_breaks() -> None:
    links = {"chat": CHAT, "calls": CHAT}
    assert len(said(claims("1.0"), manifest=manifest(links=links))) == 2
