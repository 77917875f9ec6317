"""Google credentials in their many ways to fail; each runs in a process with its own home.

google-auth reads the environment by itself, so only another process can give it a clean one.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from google.auth.credentials import AnonymousCredentials

from skewcheck.google_api.credentials import member_of
from tests.google_api.homes import ACCOUNT, TOKEN, Home, account_key
from tests.google_server import Reply, as_json, refusal, serve

LOGIN = "gcloud auth application-default login"

OBSERVE = """
import json, sys
from datetime import UTC, datetime
from skewcheck.adapters.cloud_run import CloudRunPlatform, Limits
from skewcheck.ports import CloudRunService

class Clock:
    def now(self): return datetime(2026, 3, 2, tzinfo=UTC)
    def wait(self, seconds): raise AssertionError

wanted = [CloudRunService("acme", "us-central1", name) for name in ("backend", "frontend")]
limits = Limits(deadline_s=float(sys.argv[1]))
found = CloudRunPlatform(clock=Clock(), limits=limits).observe(wanted)
told = {(each.cause, each.detail, each.fix) for each in found.values()}
assert len(told) == 1
json.dump(dict(zip(("cause", "detail", "fix"), told.pop())), sys.stdout)
"""

# Google's own host cannot be played on loopback, so this speaks to the part below the platform.
GET_TWICE = """
import json, sys
from datetime import UTC, datetime
import requests
from skewcheck.google_api.credentials import Credentials
from skewcheck.adapters.cloud_run import CLOUD_RUN
from skewcheck.google_api.refusal import Asked
from skewcheck.google_api.rest import Limits, Rest

class Clock:
    def now(self): return datetime(2026, 3, 2, tzinfo=UTC)

credentials = Credentials(anonymous=False, timeout_s=10)
rest = Rest(CLOUD_RUN, sys.argv[1], credentials, Clock(), Limits(deadline_s=10))
asked = Asked(api=CLOUD_RUN, project="acme", region="r", service="backend")
with requests.Session() as session:
    got = [rest.sign_in("acme"), *(rest.get(session, "projects/acme", asked) for _ in range(2))]
json.dump([repr(each) for each in got] + [credentials.member], sys.stdout)
"""


def observe(
    home: Home, *, credentials: Path | None = None, deadline_s: float = 10, **env: str
) -> Any:
    return home.run(OBSERVE, str(deadline_s), credentials=credentials, **env)


def federated(home: Home, server: str, **fields: str) -> dict[str, Any]:
    subject = home.path / "subject"
    subject.write_text("eyJsub.ject.token")
    return {
        "type": "external_account",
        "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/x/y",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": f"{server}/sts",
        "credential_source": {"file": str(subject)},
        **fields,
    }


def test_without_credentials_the_fix_is_to_log_in(home: Home) -> None:
    told = observe(home)
    assert (told["cause"], told["fix"]) == ("unauthorized", LOGIN)
    assert told["detail"].startswith("no usable Google credentials: Your default credentials")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(None, "was not found", id="no file"),
        pytest.param("not json", "not a valid json file", id="no JSON"),
        pytest.param("[]", "list", id="no object"),
        pytest.param({"type": "surprise"}, "does not have a valid type", id="another type"),
        pytest.param({"type": "service_account"}, "Failed to load service account", id="a stub"),
        pytest.param(
            account_key("-----BEGIN PRIVATE KEY-----\nMIIx\n-----END PRIVATE KEY-----", "http://x"),
            "Failed to load service account", id="a broken key",
        ),
    ],
)  # fmt: skip
def test_a_file_that_holds_no_credentials_is_told(home: Home, content: Any, words: str) -> None:
    path = home.file(content) if content is not None else home.path / "gone.json"
    told = observe(home, credentials=path)
    assert (told["cause"], told["fix"]) == ("unauthorized", LOGIN)
    assert words in told["detail"]


def test_an_expired_key_is_told_with_its_account(home: Home, private_key: str) -> None:
    expired = {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
    with serve(lambda _path, _query: as_json(expired, 400)) as server:
        path = home.file(account_key(private_key, f"{server.url}/token"))
        told = observe(home, credentials=path)
    assert (told["cause"], told["fix"]) == ("unauthorized", LOGIN)
    assert told["detail"] == (
        f"the credentials of serviceAccount:{ACCOUNT} are expired, revoked or refused: "
        "invalid_grant: Invalid JWT Signature."
    )
    assert server.requests == ["/token"]  # once for both services


def test_an_unreachable_token_service_is_not_taken_for_a_refusal(
    home: Home, private_key: str
) -> None:
    with serve(lambda _path, _query: Reply()) as server:
        pass
    path = home.file(account_key(private_key, f"{server.url}/token"))
    told = observe(home, credentials=path)
    assert told["cause"] == "unreachable"
    assert "connection refused" in told["detail"]


def test_a_ca_bundle_that_is_not_there_is_told(home: Home, private_key: str) -> None:
    path = home.file(account_key(private_key, "https://127.0.0.1:1/token"))
    told = observe(home, credentials=path, REQUESTS_CA_BUNDLE="/nowhere/ca.pem")
    assert told["cause"] == "unreachable"
    assert "invalid path: /nowhere/ca.pem" in told["detail"]


def test_a_token_service_that_hangs_is_given_up(home: Home, private_key: str) -> None:
    with serve(lambda _path, _query: Reply(hang=True)) as server:
        path = home.file(account_key(private_key, f"{server.url}/token"))
        told = observe(home, credentials=path, deadline_s=0.2)
    assert told["cause"] == "unreachable"
    assert told["detail"] == "oauth2.googleapis.com: timed out"


def test_a_federated_identity_is_refused_in_words_of_its_own(home: Home) -> None:
    no = {"error": "invalid_grant", "error_description": "The audience does not match"}
    with serve(lambda _path, _query: as_json(no, 400)) as server:
        told = observe(home, credentials=home.file(federated(home, server.url)))
    assert told["cause"] == "unauthorized"
    assert "workload identity federation was refused" in told["detail"]
    assert "The audience does not match" in told["detail"]
    assert "workload-identity-pools" in told["fix"]


def test_impersonation_that_is_not_allowed_names_the_grant_and_asks_for_no_project(
    home: Home,
) -> None:
    def google(path: str, _query: dict[str, str]) -> Reply:
        if path == "/sts":
            kind = "urn:ietf:params:oauth:token-type:access_token"
            token = {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600}
            return as_json(token | {"issued_token_type": kind})
        said = "Permission 'iam.serviceAccounts.getAccessToken' denied on resource"
        return refusal(403, "PERMISSION_DENIED", said, "IAM_PERMISSION_DENIED")

    with serve(google) as server:
        impersonate = f"{server.url}/v1/projects/-/serviceAccounts/{ACCOUNT}:generateAccessToken"
        file = federated(home, server.url, service_account_impersonation_url=impersonate)
        told = observe(home, credentials=home.file(file))
    assert told["cause"] == "unauthorized"
    assert f"may not impersonate {ACCOUNT}" in told["detail"]
    assert "iam.serviceAccounts.getAccessToken" in told["detail"]
    assert told["fix"] == (
        f"gcloud iam service-accounts add-iam-policy-binding {ACCOUNT} "
        "--member=user:EMAIL --role=roles/iam.serviceAccountTokenCreator"
    )
    assert [each.rpartition("/")[2] for each in server.requests] == [
        "sts",
        f"{ACCOUNT}:generateAccessToken",
    ]


def test_the_token_is_fetched_once_sent_to_the_api_and_never_shown(
    home: Home, private_key: str
) -> None:
    def google(path: str, _query: dict[str, str]) -> Reply:
        if path == "/token":
            return as_json({"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600})
        return refusal(401, "UNAUTHENTICATED", f"the token {TOKEN} is no good")

    (home.path / ".netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    with serve(google) as server:
        path = home.file(account_key(private_key, f"{server.url}/token"))
        *told, member = home.run(GET_TWICE, server.url, credentials=path)
    assert server.requests == ["/token", "/v2/projects/acme", "/v2/projects/acme"]
    assert [each.get("authorization") for each in server.headers[1:]] == [f"Bearer {TOKEN}"] * 2
    assert told[0] == "None"
    assert "the token [secret] is no good" in told[1]
    assert member == f"serviceAccount:{ACCOUNT}"


@dataclass(frozen=True)
class Person:
    account: str = "ann@acme.example"


@dataclass(frozen=True)
class Machine:
    service_account_email: str = "default"


def test_a_member_is_written_as_iam_writes_it_or_not_at_all() -> None:
    anonymous: Any = AnonymousCredentials
    assert member_of(Person()) == "user:ann@acme.example"
    assert member_of(Machine(ACCOUNT)) == f"serviceAccount:{ACCOUNT}"
    assert [member_of(each) for each in (Machine(), Person(""), None, anonymous())] == [""] * 4
