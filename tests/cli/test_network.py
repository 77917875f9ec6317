"""No network and no rights: told for what it is, each with the command that mends it."""

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.builders import YESTERDAY
from tests.flows.worlds import CHAT, MANIFEST, contract, manifest
from tests.programs import Ended, environment, run_here, run_installed
from tests.repositories import Repository
from tests.servers import Server, serve

KEY_TYPE = "service_account"


def closed_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Two services on Cloud Run, whose edges nobody serves."""
    made = Repository(tmp_path_factory.mktemp("acme"))
    written = manifest()
    for service in written["services"].values():
        service["url"] = f"http://127.0.0.1:{closed_port()}"
    made.commit({MANIFEST: json.dumps(written), CHAT: contract()}, at=YESTERDAY)
    return made


def look(repository: Repository, home: Path, **env: str) -> Ended:
    words = ("status", "staging", "--repo", str(repository.path), "--format", "json")
    return run_here(*words, env=environment(home, **env))


def sentences(ended: Ended, code: str) -> str:
    findings = json.loads(ended.out)["findings"]
    return "\n".join(each["sentence"] + each["fix"] for each in findings if each["code"] == code)


def test_a_refused_connection_names_the_command_that_shows_it(
    repository: Repository, tmp_path: Path
) -> None:
    endpoint = f"http://127.0.0.1:{closed_port()}"
    ended = look(repository, tmp_path, SKEWCHECK_GCP_ENDPOINT=endpoint)
    assert (ended.code, ended.err) == (11, "")
    assert "connection refused" in sentences(ended, "unreachable")


def test_without_credentials_the_login_command_is_named(
    repository: Repository, tmp_path: Path
) -> None:
    ended = look(repository, tmp_path)
    assert (ended.code, ended.err) == (11, "")
    assert "gcloud auth application-default login" in sentences(ended, "unauthorized")


@pytest.fixture
def tokens() -> Iterator[Server]:
    """An endpoint that gives nobody a token."""
    with serve({}) as server:
        yield server


def test_expired_credentials_are_told_as_such_and_never_printed(
    repository: Repository, tmp_path: Path, tokens: Server
) -> None:
    key = tmp_path / "key.pem"
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
    account = {
        "type": KEY_TYPE,
        "project_id": "acme",
        "private_key": key.read_text(),
        "private_key_id": "1",
        "client_email": "ci@acme.iam.gserviceaccount.com",
        "token_uri": tokens.url("/token"),
    }
    file = tmp_path / "account.json"
    file.write_text(json.dumps(account))
    ended = look(repository, tmp_path, GOOGLE_APPLICATION_CREDENTIALS=str(file))
    assert (ended.code, ended.err) == (11, "")
    assert "expired, revoked or refused" in sentences(ended, "unauthorized")
    assert "PRIVATE KEY" not in ended.out


@pytest.mark.parametrize("content", ["", "{", "[]", '{"type": "nonsense"}'])
def test_a_credentials_file_that_is_none_is_told(
    repository: Repository, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "account.json"
    file.write_text(content)
    ended = look(repository, tmp_path, GOOGLE_APPLICATION_CREDENTIALS=str(file))
    assert (ended.code, ended.err) == (11, "")
    assert sentences(ended, "unauthorized")


def test_a_name_that_does_not_resolve_is_told(tmp_path: Path) -> None:
    """RFC 6761: .invalid never resolves, with or without a network."""
    words = ("status", "--url", "api=http://nowhere.invalid", "--format", "json")
    ended = run_installed(*words, at=tmp_path, env=environment(tmp_path))
    assert (ended.code, ended.err) == (11, "")
    assert "name not resolved" in sentences(ended, "unreachable")


def test_a_proxy_that_is_down_is_not_blamed_on_the_service(tmp_path: Path) -> None:
    proxy = f"http://127.0.0.1:{closed_port()}"
    env = environment(tmp_path, HTTP_PROXY=proxy, http_proxy=proxy, NO_PROXY="")
    words = ("status", "--url", "api=http://api.example", "--format", "json")
    ended = run_installed(*words, at=tmp_path, env=env)
    assert ended.code == 11
    assert "proxy" in sentences(ended, "unreachable")
