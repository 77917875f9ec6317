"""What a stamp writes is what the witnesses read, and what services and browsers load."""

import json
from datetime import UTC, datetime
from typing import Any

from skewcheck.core.answer import Answer
from skewcheck.core.build import BuildName, BuildSha
from skewcheck.core.contract import Contract, fingerprint_format
from skewcheck.core.exposed.version_document import read_version_document
from skewcheck.core.reading import ProtocolClaim, VersionDocument
from skewcheck.core.stamping.documents import write_contracts, write_module, write_version_document
from skewcheck.core.stamping.stamp import Role, Stamp
from tests.core.document_samples import CONTRACT, contract

A = BuildSha("a1" * 20)
CHAT = contract(CONTRACT)


def stamp(*contracts: Contract, role: Role = "client", **said: Any) -> Stamp:
    return Stamp(commit=A, role=role, contracts=contracts, **said)


def read(document: bytes) -> VersionDocument:
    answer = Answer(
        url="https://app.example/version.json",
        status=200,
        headers={"content-type": "application/json", "cache-control": "no-store"},
        body=document,
        read_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    reading = read_version_document(answer)
    assert isinstance(reading, VersionDocument), reading
    return reading


def test_the_witness_reads_everything_that_was_said() -> None:
    said = {"version": "2026.3", "environment": "staging"}
    written = write_version_document(stamp(CHAT, role="server", **said))
    found = read(written)
    assert found.build == BuildName(A)
    assert (found.version, found.environment, found.convention) == (
        "2026.3",
        "staging",
        "skewcheck",
    )
    assert found.cacheable == ""
    assert found.protocols == (
        ProtocolClaim(
            name="chat",
            role="server",
            version="2.1",
            accepts=">=2.0,<3",
            fingerprint=CHAT.fingerprint,
        ),
    )


def test_what_nobody_said_is_not_written() -> None:
    assert json.loads(write_version_document(stamp())) == {"commit": str(A), "protocols": []}


def test_source_and_build_are_where_dockerflow_has_them() -> None:
    written = json.loads(write_version_document(stamp(source="https://s", build="https://b")))
    assert (written["source"], written["build"]) == ("https://s", "https://b")


def test_a_dirty_build_is_read_as_dirty() -> None:
    assert read(write_version_document(stamp(dirty=True))).build == BuildName(A, dirty=True)


def test_contracts_are_written_whole() -> None:
    (whole,) = json.loads(write_contracts(stamp(CHAT)))["contracts"]
    assert list(whole) == [
        *("protocol", "version", "accepts", "fingerprint", "formats", "handshake", "messages"),
    ]
    assert (whole["protocol"], whole["version"], whole["accepts"]) == ("chat", "2.1", ">=2.0,<3")
    assert whole["handshake"]["subprotocols"] == ["jwt-auth", "jwt.{token:base64url}"]
    assert whole["messages"]["welcome"] == {"type": "connection_established"}
    assert json.loads(write_contracts(stamp()))["schema"] == 1


def test_whoever_loads_a_contract_finds_the_format_of_its_fingerprint() -> None:
    (whole,) = json.loads(write_contracts(stamp(CHAT)))["contracts"]
    assert fingerprint_format(whole["handshake"], whole["messages"]) == whole["fingerprint"]


def test_the_module_holds_the_contracts_by_protocol_and_the_bare_commit() -> None:
    comment, build, *rest = write_module(stamp(CHAT, dirty=True)).decode().splitlines()
    assert comment.startswith("//")
    assert build == f'export const build = "{A}";'
    written = "\n".join(rest).removeprefix("export const contracts = ").removesuffix(";")
    assert json.loads(written)["chat"]["version"] == "2.1"


def test_the_module_may_stand_inside_a_page() -> None:
    text = CONTRACT.replace("connection_established", "</script>")
    assert b"<" not in write_module(stamp(contract(text)))
