"""What a service says of its build; an unknown commit is null and warned about."""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from skewcheck_expose import VersionDocument
from skewcheck_expose.version_document import COMMIT_VARIABLES

from skewcheck.core.answer import Answer
from skewcheck.core.build import BuildSha, ShortSha, read_build_name
from skewcheck.core.cloud_run.build import VARIABLES
from skewcheck.core.exposed.version_document import KNOWN_PATHS, read_version_document
from skewcheck.core.findings import Code
from skewcheck.core.reading import DocumentReading, ProtocolClaim, Unreadable
from skewcheck.core.reading import VersionDocument as Reading
from skewcheck.core.stamping.documents import write_version_document
from skewcheck.core.stamping.stamp import Stamp
from tests.expose.formats import BEFORE, CHAT, core_contract

SHA = "3f2c1ab9d8e7aa00112233445566778899aabbcc"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLACEHOLDERS = (
    "", "null", "NONE", "unknown", "dev", "$COMMIT_SHA", "${GIT_SHA}", "1.0.0", "0" * 40, "main",
    "Not Found", "<html>", "20260301120000", "3f2c1a", SHA + "0", SHA[:-1] + "g",
)  # fmt: skip


def document(
    folder: Path, content: Any = None, variables: Mapping[str, str] | None = None, **more: Any
) -> VersionDocument:
    """With a version.json of that content, or with none."""
    file = folder / "version.json"
    if content is not None:
        text = content if isinstance(content, str) else json.dumps(content)
        file.write_text(text, encoding="utf-8")
    return VersionDocument(file=file, variables=variables or {}, **more)


def said(document: VersionDocument) -> dict[str, Any]:
    answer = document.answer("GET", "/__version__")
    assert answer is not None
    told: dict[str, Any] = json.loads(answer.body)
    return told


def as_read(document: VersionDocument) -> DocumentReading:
    """By skewcheck itself."""
    answer = document.answer("GET", "/version.json")
    assert answer is not None
    headers = {name.lower(): value for name, value in answer.headers}
    return read_version_document(
        Answer(
            url="https://api.example/version.json",
            status=answer.status,
            headers=headers,
            body=answer.body,
            read_at=NOON,
        )
    )


def test_what_stamp_wrote_is_read_natively_and_is_not_cacheable(tmp_path: Path) -> None:
    contract = core_contract("chat")
    stamp = Stamp(commit=BuildSha(SHA), role="server", contracts=(contract,), environment="staging")
    reading = as_read(document(tmp_path, write_version_document(stamp).decode()))

    assert isinstance(reading, Reading), reading
    assert reading.build.build == BuildSha(SHA)
    assert (reading.convention, reading.cacheable) == ("skewcheck", "")
    assert reading.environment == "staging"
    assert reading.protocols == (
        ProtocolClaim(
            name="chat",
            role="server",
            version="2.1",
            accepts=">=2.0,<3",
            fingerprint=contract.fingerprint,
        ),
    )


def test_a_dirty_build_stays_dirty(tmp_path: Path) -> None:
    stamp = Stamp(commit=BuildSha(SHA), role="server", dirty=True)
    reading = as_read(document(tmp_path, write_version_document(stamp).decode()))
    assert isinstance(reading, Reading)
    assert reading.build.dirty


def test_without_a_file_the_environment_and_the_contracts_tell(tmp_path: Path) -> None:
    variables = {
        "COMMIT_SHA": SHA,
        "VERSION": "2026.3.1",
        "SOURCE_URL": "https://git.example/api",
        "BUILD_URL": "https://ci.example/7",
        "ENVIRONMENT": "staging",
    }
    exposed = document(tmp_path, variables=variables, contracts=[CHAT])

    assert said(exposed) == {
        "source": "https://git.example/api",
        "version": "2026.3.1",
        "commit": SHA,
        "build": "https://ci.example/7",
        "environment": "staging",
        "protocols": [
            {
                "name": "chat",
                "role": "server",
                "version": "2.1",
                "accepts": ">=2.0,<3",
                "fingerprint": CHAT.fingerprint,
            }
        ],
    }
    reading = as_read(exposed)
    assert isinstance(reading, Reading)
    assert (reading.build.build, reading.version) == (BuildSha(SHA), "2026.3.1")


def test_the_file_goes_before_the_environment(tmp_path: Path) -> None:
    """Variables outlive deployments; a file is part of its image."""
    variables = {"COMMIT_SHA": "b" * 40}
    assert said(document(tmp_path, {"commit": SHA}, variables))["commit"] == SHA


def test_what_else_the_file_says_is_left_as_it_is(tmp_path: Path) -> None:
    content = {"commit": SHA, "source": "s", "x": {"deep": [1, None]}}
    told = said(document(tmp_path, content))
    assert told == {"version": None, "build": None, "environment": None, "protocols": []} | content


def test_the_environment_is_taken_from_where_it_is_said_nearest(tmp_path: Path) -> None:
    variables = {"ENVIRONMENT": "production"}
    unsaid, baked = {"commit": SHA}, {"commit": SHA, "environment": "staging"}
    assert said(document(tmp_path, unsaid, variables))["environment"] == "production"
    assert said(document(tmp_path, baked, variables))["environment"] == "staging"
    named = document(tmp_path, baked, variables, environment="preview")
    assert said(named)["environment"] == "preview"


def test_contracts_are_added_to_those_that_the_file_names(tmp_path: Path) -> None:
    client = CHAT.claim("client")
    told = said(document(tmp_path, {"commit": SHA, "protocols": [client]}, contracts=[CHAT]))
    assert told["protocols"] == [client, CHAT.claim("server")]


@pytest.mark.parametrize("role", [{"role": "server"}, {}])
def test_what_the_file_says_of_a_protocol_goes_before_the_contracts(
    tmp_path: Path, role: dict[str, str]
) -> None:
    claim = {"name": "chat", "version": "2.0"} | role
    told = said(document(tmp_path, {"commit": SHA, "protocols": [claim]}, contracts=[CHAT]))
    assert told["protocols"] == [claim]


def test_a_protocol_is_claimed_once_though_old_and_new_are_accepted(tmp_path: Path) -> None:
    told = said(document(tmp_path, {"commit": SHA}, contracts=[CHAT, BEFORE]))
    assert told["protocols"] == [CHAT.claim("server")]


@pytest.mark.parametrize("protocols", ["chat", [None, 3]])
def test_wrong_claims_of_a_file_do_not_stop_a_service(tmp_path: Path, protocols: Any) -> None:
    exposed = document(tmp_path, {"commit": SHA, "protocols": protocols}, contracts=[CHAT])
    assert CHAT.claim("server") in said(exposed)["protocols"]


@pytest.mark.parametrize("commit", PLACEHOLDERS)
def test_a_commit_that_is_none_becomes_null_and_is_warned_about_once(
    tmp_path: Path, commit: str, caplog: pytest.LogCaptureFixture
) -> None:
    exposed = document(tmp_path, {"commit": commit}, contracts=[CHAT])

    assert said(exposed)["commit"] is None
    reading = as_read(exposed)
    assert isinstance(reading, Unreadable)
    assert reading.cause is Code.PLACEHOLDER_BUILD
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("skewcheck_expose", logging.WARNING)
    assert "skewcheck stamp" in record.getMessage()


@pytest.mark.parametrize("commit", PLACEHOLDERS)
def test_a_placeholder_in_the_environment_is_no_commit_either(tmp_path: Path, commit: str) -> None:
    assert said(document(tmp_path, variables={"COMMIT_SHA": commit}))["commit"] is None


@pytest.mark.parametrize("commit", [None, 7, True, ["3f2c1ab9"], {}])
def test_a_commit_that_is_no_text_becomes_null(tmp_path: Path, commit: Any) -> None:
    assert said(document(tmp_path, {"commit": commit}))["commit"] is None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(None, "the environment (", id="no file"),
        pytest.param("<!doctype html>", "Expecting value", id="no JSON"),
        pytest.param("[]", "not a JSON object", id="no object"),
        pytest.param("[" * 100_000, "version.json (", id="nested too deeply"),
        pytest.param({"commit": "dev"}, "names the commit 'dev'", id="a placeholder"),
        pytest.param({"commit": "e\x1b[31m\u202e"}, r"'e\x1b[31m\u202e'", id="escapes"),
    ],
)
def test_the_warning_names_the_place_and_what_stood_there(
    tmp_path: Path, content: Any, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    exposed = document(tmp_path, content)
    assert said(exposed)["commit"] is None
    (message,) = caplog.messages
    assert told in message
    assert message.isprintable()


def test_a_known_commit_is_no_matter_for_a_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    document(tmp_path, {"commit": SHA})
    assert not caplog.records


@pytest.mark.parametrize("commit", [SHA, SHA.upper(), f" {SHA}\n"])
def test_a_full_commit_is_written_plainly(tmp_path: Path, commit: str) -> None:
    assert said(document(tmp_path, variables={"GIT_SHA": commit}))["commit"] == SHA


@pytest.mark.parametrize("suffix", ["-dirty", "+modified"])
def test_the_mark_of_a_dirty_tree_stays(tmp_path: Path, suffix: str) -> None:
    reading = as_read(document(tmp_path, {"commit": SHA + suffix}))
    assert isinstance(reading, Reading)
    assert reading.build.dirty


def test_a_short_commit_is_left_for_git_to_expand(tmp_path: Path) -> None:
    reading = as_read(document(tmp_path, {"commit": SHA[:7]}))
    assert isinstance(reading, Reading)
    assert reading.build.build == ShortSha(SHA[:7])


def test_the_first_variable_that_names_a_commit_is_believed(tmp_path: Path) -> None:
    variables = {"COMMIT_SHA": "unknown", "GIT_SHA": SHA, "VCS_REF": "b" * 40}
    assert said(document(tmp_path, variables=variables))["commit"] == SHA


def test_the_variables_are_those_that_skewcheck_reads_of_a_revision() -> None:
    assert COMMIT_VARIABLES == VARIABLES


@given(st.text() | st.text("0123456789abcdef-dirty", max_size=45))
def test_what_is_exposed_as_a_commit_is_read_as_one(commit: str) -> None:
    exposed = VersionDocument(file="/nowhere", variables={"COMMIT_SHA": commit})
    told = said(exposed)["commit"]
    if told is not None:
        name = read_build_name(told)
        assert name is not None
        assert isinstance(name.build, BuildSha | ShortSha)


def test_it_is_read_once(tmp_path: Path) -> None:
    exposed = document(tmp_path, {"commit": SHA})
    (tmp_path / "version.json").write_text('{"commit": "b"}', encoding="utf-8")
    assert said(exposed)["commit"] == SHA


def test_a_file_of_windows_is_read(tmp_path: Path) -> None:
    assert said(document(tmp_path, f'\ufeff{{"commit": "{SHA}"}}'))["commit"] == SHA


@pytest.mark.parametrize("path", ["/__version__", "/version.json"])
def test_it_is_answered_where_skewcheck_looks_first(tmp_path: Path, path: str) -> None:
    answer = document(tmp_path, {"commit": SHA}).answer("GET", path)
    assert path in KNOWN_PATHS[:2]
    assert answer is not None
    assert dict(answer.headers) == {
        "Content-Type": "application/json",
        "Content-Length": str(len(answer.body)),
        "Cache-Control": "no-store",
    }


def test_other_paths_can_be_named(tmp_path: Path) -> None:
    exposed = document(tmp_path, {"commit": SHA}, paths=["/v"])
    assert exposed.answer("GET", "/v") is not None
    assert exposed.answer("GET", "/__version__") is None


@pytest.mark.parametrize("path", ["/", "/__version__/", "/x/version.json", "version.json"])
def test_other_paths_are_not_its_business(tmp_path: Path, path: str) -> None:
    assert document(tmp_path, {"commit": SHA}).answer("GET", path) is None


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "get"])
def test_nobody_may_do_more_than_read_it(tmp_path: Path, method: str) -> None:
    answer = document(tmp_path, {"commit": SHA}).answer(method, "/__version__")
    assert answer is not None
    assert answer.status == 405
    assert ("Allow", "GET, HEAD") in answer.headers
    assert ("Cache-Control", "no-store") in answer.headers
