"""contracts.json is read whole or refused at start-up, with the place that is wrong."""

import json
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest
from skewcheck_expose import ContractsError, load_contracts, read_contracts
from skewcheck_expose.contracts import known, newest_first

from skewcheck.core.build import BuildSha
from skewcheck.core.stamping.documents import write_contracts
from skewcheck.core.stamping.stamp import Stamp
from tests.expose.formats import BEFORE, CHAT, contract, core_contract, entry, entry_of

CONTRACTS = tuple(map(core_contract, ("chat-before", "chat")))


def written(folder: Path, *entries: Any, **changed: Any) -> Path:
    file = folder / "contracts.json"
    document = {"schema": 1, "contracts": list(entries)} | changed
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def handshake(**changed: Any) -> dict[str, Any]:
    told: dict[str, Any] = entry()["handshake"] | changed
    return entry(handshake=told)


def test_what_stamp_writes_is_read_the_newest_version_first(tmp_path: Path) -> None:
    stamp = Stamp(commit=BuildSha("3" * 40), role="server", contracts=CONTRACTS)
    file = tmp_path / "contracts.json"
    file.write_bytes(write_contracts(stamp))

    assert load_contracts(file) == (CHAT, BEFORE)


def test_a_contract_is_all_that_the_document_says() -> None:
    assert [each.text for each in CHAT.subprotocols] == ["jwt-auth", "jwt.{token:base64url}"]
    assert (CHAT.protocol, CHAT.version, CHAT.accepts) == ("chat", "2.1", ">=2.0,<3")
    assert (CHAT.selected, CHAT.token_in) == ("jwt-auth", "subprotocol")
    assert (CHAT.opens_with, CHAT.welcome) == ((), {"type": "connection_established"})
    assert CHAT.fingerprint == CONTRACTS[1].fingerprint
    assert contract(formats={"2.0": "sha256:ab"}).formats == {"2.0": "sha256:ab"}


def test_a_contract_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        CHAT.version = "3"  # type: ignore[misc]


def test_the_contracts_of_one_protocol_can_be_asked_for(tmp_path: Path) -> None:
    file = written(tmp_path, entry(protocol="notes"), entry())
    assert load_contracts(file, protocol="chat") == (CHAT,)


def test_a_protocol_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    file = written(tmp_path, entry())
    with pytest.raises(ContractsError, match=r"contracts.json: no contract of notes; found: chat$"):
        load_contracts(file, protocol="notes")


def test_old_and_new_may_lie_in_files_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    old = written(tmp_path / "before", entry_of(CONTRACTS[0]))
    assert load_contracts(old, written(tmp_path, entry()), protocol="chat") == (CHAT, BEFORE)


def test_there_must_be_a_file() -> None:
    with pytest.raises(ContractsError, match="no file was given: no contract; found: none"):
        load_contracts()


def test_a_document_without_contracts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractsError, match=r"contracts.json: no contract; found: none$"):
        load_contracts(written(tmp_path))


def test_a_file_that_is_not_there_is_refused_with_the_command_that_writes_it(
    tmp_path: Path,
) -> None:
    with pytest.raises(ContractsError, match=r"contracts.json: No such file.*skewcheck stamp"):
        load_contracts(tmp_path / "contracts.json")


def test_a_file_that_is_not_json_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "contracts.json"
    file.write_text("<!doctype html>", encoding="utf-8")
    with pytest.raises(ContractsError, match=r"contracts.json: not JSON: Expecting value"):
        load_contracts(file)


@pytest.mark.parametrize("document", [None, [], {}, {"schema": "1"}, {"schema": 2}])
def test_another_schema_is_refused(document: Any) -> None:
    with pytest.raises(ContractsError, match="is this library too old"):
        read_contracts(document)


def test_keys_of_a_later_release_are_left_alone(tmp_path: Path) -> None:
    file = written(tmp_path, entry(later=1) | {"handshake": entry()["handshake"] | {"x": 1}}, y=2)
    assert load_contracts(file) == (CHAT,)


def test_defaults_are_those_of_the_contract_file() -> None:
    bare = contract(handshake=None, messages=None, formats=None)
    assert (bare.subprotocols, bare.selected, bare.token_in) == ((), None, "none")
    assert (bare.formats, bare.opens_with, bare.welcome) == ({}, (), None)


def test_none_selected_may_be_written_as_in_the_contract_file() -> None:
    assert contract(handshake={"subprotocols": ["a"], "selected": "none"}).selected is None


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        pytest.param("chat", r"contracts\[0\]: expected an object, found 'chat'", id="no object"),
        pytest.param(entry(version=None), r"contracts\[0\].version: expected", id="no version"),
        pytest.param(entry(version=2.1), r"version: .* found 2.1", id="a number"),
        pytest.param(entry(protocol="a\nb"), r"protocol: expected a line", id="two lines"),
        pytest.param(entry(protocol=" "), r"protocol: expected a line", id="blank"),
        pytest.param(entry(fingerprint=None), "fingerprint: expected", id="no fingerprint"),
        pytest.param(entry(accepts=">=3"), "accepts: does not hold 2.1", id="not its own"),
        pytest.param(entry(formats=[]), "formats: expected an object", id="formats"),
        pytest.param(entry(messages=[]), "messages: expected an object", id="messages"),
        pytest.param(
            entry(messages={"opens_with": {}}), "opens_with: expected a list", id="opens_with"
        ),
        pytest.param(entry(handshake=3), "handshake: expected an object", id="handshake"),
        pytest.param(
            handshake(subprotocols="jwt-auth"), "subprotocols: expected a list", id="one name"
        ),
        pytest.param(handshake(subprotocols=[1]), "1 is no subprotocol", id="a numeric name"),
        pytest.param(handshake(subprotocols=["a b"]), "'a b' is no subprotocol", id="a blank"),
        pytest.param(handshake(subprotocols=["{x}"]), "'{x}' is no subprotocol", id="braces"),
        pytest.param(
            handshake(subprotocols=["{token}.{token}"]), "more than once", id="two tokens"
        ),
        pytest.param(handshake(selected="other"), "selected: 'other' is not offered", id="other"),
        pytest.param(handshake(selected=1), "selected: expected a line", id="selects a number"),
        pytest.param(
            handshake(selected="jwt.{token:base64url}"), "would echo the token", id="an echo"
        ),
        pytest.param(handshake(token_in="header"), "no place for a token", id="no such place"),
        pytest.param(handshake(token_in=1), "token_in: expected a line", id="a numeric place"),
        pytest.param(handshake(token_in="none"), "go together", id="a token from nowhere"),
        pytest.param(
            handshake(subprotocols=["jwt-auth"]), "go together", id="a token without a place"
        ),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(wrong: Any, told: str, tmp_path: Path) -> None:
    with pytest.raises(ContractsError, match=told) as caught:
        load_contracts(written(tmp_path, wrong))
    assert str(caught.value).startswith(str(tmp_path / "contracts.json"))


def test_contracts_that_are_no_list_are_refused() -> None:
    with pytest.raises(ContractsError, match="contracts: expected a list"):
        read_contracts({"schema": 1, "contracts": {}})


def test_what_is_no_plain_release_comes_last_and_else_the_order_stays() -> None:
    early = contract(version="3.0rc1", accepts=">=2")
    twin = contract(protocol="notes")
    assert newest_first([early, BEFORE, CHAT, twin]) == (CHAT, twin, BEFORE, early)


def test_one_contract_may_stand_for_a_list_but_none_may_not() -> None:
    assert known(CHAT) == known(iter([CHAT])) == (CHAT,)
    with pytest.raises(ValueError, match="no contract to negotiate by"):
        known([])
