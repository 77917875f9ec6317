"""Whether two builds can talk: yes, no or unknown, and what may never turn one into another."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from skewcheck.core.compatibility import (
    Fit,
    Terms,
    brief,
    compare,
    terms_of_claim,
    terms_of_contract,
    write_range,
)
from skewcheck.core.contract import Contract
from skewcheck.core.findings import Code
from skewcheck.core.reading import ProtocolClaim
from tests.builders import NEW_FORMAT, OLD_FORMAT, terms

VERSIONS = st.sampled_from(
    ["1.0", "1.9", "2.0", "2.1", "2.1.0", "2.1rc1", "2.1+acme", "3.0", "1!2"]
)
RANGES = st.sampled_from([None, ">=1.0", ">=2.0,<3", "==2.1", "~=2.0", "!=2.1", "<2", ">=1!0"])
FORMATS = st.sampled_from(["", OLD_FORMAT, NEW_FORMAT])
TERMS = st.builds(terms, VERSIONS, RANGES, FORMATS)


@pytest.mark.parametrize(
    ("client", "server", "fit", "code"),
    [
        pytest.param(terms(), terms(), Fit.YES, None, id="the same"),
        pytest.param(terms("2.0"), terms("2.1"), Fit.YES, None, id="accepted, format not known"),
        pytest.param(terms("1.0"), terms(), Fit.NO, Code.PROTOCOL_SKEW, id="too old"),
        pytest.param(terms("3.0", ">=3"), terms(), Fit.NO, Code.PROTOCOL_SKEW, id="too new"),
        pytest.param(
            terms(fingerprint=OLD_FORMAT), terms(), Fit.NO, Code.FORMAT_SKEW, id="number forgotten"
        ),
        pytest.param(
            terms("2.1.0", fingerprint=OLD_FORMAT),
            terms("2.1"),
            Fit.NO,
            Code.FORMAT_SKEW,
            id="number forgotten and respelled",
        ),
        pytest.param(
            terms(fingerprint=""), terms(), Fit.UNKNOWN, Code.CONTRACT_MISSING, id="mute on format"
        ),
        pytest.param(terms(), terms(fingerprint=""), Fit.YES, None, id="a server without a format"),
        pytest.param(
            terms(), terms(accepts=None), Fit.UNKNOWN, Code.CONTRACT_MISSING, id="mute on range"
        ),
        pytest.param(
            terms(accepts=None), terms(), Fit.YES, None, id="what a client accepts is no matter"
        ),
        pytest.param(
            replace(terms(), protocol="billing"),
            terms(),
            Fit.UNKNOWN,
            Code.CONTRACT_INVALID,
            id="two protocols",
        ),
    ],
)
def test_two_builds_fit_do_not_fit_or_cannot_be_compared(
    client: Terms, server: Terms, fit: Fit, code: Code | None
) -> None:
    told = compare(client, server)
    assert (told.fit, told.code) == (fit, code)


@pytest.mark.parametrize(
    ("version", "accepts", "fit"),
    [
        pytest.param("2.1rc1", ">=2.0,<3", Fit.YES, id="a live pre-release"),
        pytest.param("3.0a1", ">=2.0,<3", Fit.NO, id="a pre-release of the excluded end"),
        pytest.param("2.1+acme", "==2.1", Fit.YES, id="a local version"),
        pytest.param("1!1.0", ">=2.0", Fit.YES, id="a later epoch"),
        pytest.param("1!1.0", ">=2.0,<3", Fit.NO, id="a later epoch is above the end"),
        pytest.param("2.0", "!=2.0,>=1", Fit.NO, id="an exclusion"),
    ],
)
def test_versions_are_compared_as_pep_440_says(version: str, accepts: str, fit: Fit) -> None:
    assert compare(terms(version), terms("2.5", accepts)).fit is fit


def test_same_version_with_different_fingerprints_never_fits() -> None:
    told = compare(terms(fingerprint=OLD_FORMAT), terms(fingerprint=NEW_FORMAT))
    assert told.sentence == (
        "both say 2.1, but the format differs: client sha256:01d001d0, server sha256:9e399e39"
    )


def test_a_format_sentence_names_the_subprotocols_where_they_differ() -> None:
    client = replace(terms(fingerprint=OLD_FORMAT), subprotocols=("jwt",))
    server = replace(terms(), subprotocols=("jwt-auth", "jwt.{token}"))
    told = compare(client, server).sentence
    assert told.endswith("(client offers [jwt], server [jwt-auth, jwt.{token}])")


def test_a_known_format_of_another_version_bridges_to_it() -> None:
    server = replace(terms("2.1"), formats={"2.1": NEW_FORMAT, "2.0": OLD_FORMAT})
    same = compare(terms("2.0", fingerprint=OLD_FORMAT), server)
    other = compare(terms("2.0", fingerprint=NEW_FORMAT), server)
    assert (same.fit, same.sentence) == (Fit.YES, "2.0 in the same format")
    assert (other.fit, other.code) == (Fit.NO, Code.FORMAT_SKEW)


def test_what_is_accepted_without_a_known_format_says_who_vouches() -> None:
    assert compare(terms("2.0"), terms("2.1")).sentence == "2.0, vouched for by accepts"


@given(TERMS)
def test_a_contract_that_accepts_itself_fits_itself(own: Terms) -> None:
    own = replace(own, accepts=SpecifierSet(f"=={own.version}"), formats={str(own.version): "f"})
    assert compare(own, own).fit is Fit.YES


@given(TERMS, TERMS)
def test_a_pair_fits_only_if_the_range_contains_the_version(client: Terms, server: Terms) -> None:
    contained = server.accepts is not None and server.accepts.contains(
        client.version, prereleases=True
    )
    assert contained or compare(client, server).fit is not Fit.YES


@given(TERMS, TERMS)
def test_widening_the_range_never_turns_yes_into_no(client: Terms, server: Terms) -> None:
    wider = replace(server, accepts=SpecifierSet(">=0a0"))
    if compare(client, server).fit is Fit.YES:
        assert compare(client, wider).fit is Fit.YES


@given(TERMS, TERMS)
def test_learning_a_fingerprint_never_turns_no_into_yes(client: Terms, server: Terms) -> None:
    mute = replace(client, formats={})
    if compare(mute, server).fit is Fit.NO:
        assert compare(client, server).fit is Fit.NO


@given(TERMS, TERMS)
def test_only_a_yes_comes_without_a_code(client: Terms, server: Terms) -> None:
    told = compare(client, server)
    assert (told.code is None) == (told.fit is Fit.YES)


def _contract(**changed: object) -> Contract:
    written = {"schema": "1", "protocol": "chat", "version": "2.1", "accepts": ">=2.0,<3"}
    return Contract.model_validate(written | changed)


def test_a_contract_speaks_its_own_format_and_knows_others() -> None:
    read = terms_of_contract(_contract(formats={"2.0": OLD_FORMAT}))
    own = _contract().fingerprint
    assert (read.protocol, str(read.version), read.fingerprint) == ("chat", "2.1", own)
    assert read.formats == {"2.0": OLD_FORMAT, "2.1": own}


def test_the_format_described_in_a_contract_outranks_a_respelled_one_in_its_list() -> None:
    read = terms_of_contract(_contract(formats={"2.1.0": OLD_FORMAT}))
    assert read.formats == {"2.1": _contract().fingerprint}


def test_a_claim_becomes_terms() -> None:
    claim = ProtocolClaim(name="chat", version="2.1", accepts=">=2,<3", fingerprint=NEW_FORMAT)
    assert terms_of_claim(claim) == terms("2.1", ">=2,<3")


@pytest.mark.parametrize(
    ("said", "accepts", "fingerprint"),
    [
        pytest.param({"accepts": ""}, None, NEW_FORMAT, id="without a range"),
        pytest.param({"fingerprint": ""}, ">=2,<3", "", id="without a fingerprint"),
    ],
)
def test_a_claim_may_leave_out_what_it_does_not_know(
    said: dict[str, str], accepts: str | None, fingerprint: str
) -> None:
    full = {"version": "2.1", "accepts": ">=2,<3", "fingerprint": NEW_FORMAT}
    claim = ProtocolClaim(name="chat", **(full | said))
    assert terms_of_claim(claim) == terms("2.1", accepts, fingerprint)


@pytest.mark.parametrize(
    ("version", "accepts"),
    [
        pytest.param("", ">=2", id="no version"),
        pytest.param("dev", ">=2", id="a placeholder"),
        pytest.param("2.1", "^2", id="no PEP 440 range"),
        pytest.param("2.1", ",", id="a range that would contain everything"),
    ],
)
def test_a_claim_that_is_not_pep_440_claims_nothing(version: str, accepts: str) -> None:
    assert terms_of_claim(ProtocolClaim(name="chat", version=version, accepts=accepts)) is None


def test_ranges_are_written_with_the_lower_bound_first() -> None:
    assert write_range(SpecifierSet("<3,>=2.0,!=2.3")) == ">=2.0,<3,!=2.3"


def test_a_fingerprint_is_shortened_to_its_scheme_and_eight_digits() -> None:
    assert brief(NEW_FORMAT) == "sha256:9e399e39"
