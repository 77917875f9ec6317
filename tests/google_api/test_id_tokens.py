"""ID tokens of service accounts, in a process with its own home as google-auth reads it."""

import base64
import json
from typing import Any

import pytest

from tests.google_api.homes import ACCOUNT, Home, account_key
from tests.google_server import Reply, as_json, serve

AUDIENCE = "https://api.acme.example"
NO_TOKEN = "is no ID token"
FETCH = """
import json, sys
from skewcheck.google_api.id_tokens import fetch_id_token
from skewcheck.google_api.refusal import Refusal

told = []
for audience in sys.argv[2:]:
    got = fetch_id_token(audience, timeout_s=float(sys.argv[1]))
    told.append([got.cause, got.detail, got.fix] if isinstance(got, Refusal) else got)
json.dump(told, sys.stdout)
"""


def unsigned(number: int) -> str:
    """google-auth reads the expiry of what it gets."""
    parts = ({"alg": "none"}, {"iat": number, "exp": 4102444800})
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    return ".".join(part.decode() for part in encoded) + ".c2ln"


def test_each_call_fetches_a_new_token_for_its_audience(home: Home, private_key: str) -> None:
    numbers = iter(range(10))

    def google(_path: str, _query: dict[str, str]) -> Reply:
        return as_json({"id_token": unsigned(next(numbers))})

    with serve(google) as server:
        path = home.file(account_key(private_key, f"{server.url}/token"))
        told = home.run(FETCH, "10", AUDIENCE, AUDIENCE, credentials=path)
    assert told == [unsigned(0), unsigned(1)]
    assert server.requests == ["/token", "/token"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(None, "Neither metadata server or valid service account", id="nothing"),
        pytest.param("[]", "no attribute", id="no object"),
        pytest.param("not json", "is not valid service account", id="no JSON"),
        pytest.param({"type": "authorized_user"}, "Neither metadata", id="a user's own"),
    ],
)
def test_without_a_service_account_the_fix_names_the_variable(
    home: Home, content: Any, words: str
) -> None:
    path = None if content is None else home.file(content)
    ((cause, detail, fix),) = home.run(FETCH, "10", AUDIENCE, credentials=path)
    assert cause == "unauthorized"
    assert words in detail
    assert fix.startswith("export GOOGLE_APPLICATION_CREDENTIALS=")


@pytest.mark.parametrize(
    ("reply", "cause", "words"),
    [
        pytest.param(
            as_json({"error": "invalid_grant", "error_description": "Invalid JWT"}, 400),
            "unauthorized", f"serviceAccount:{ACCOUNT} are expired, revoked or refused", id="no",
        ),
        pytest.param(as_json({"id_token": "s3cret"}), "unauthorized", NO_TOKEN, id="no token"),
        pytest.param(
            as_json({"id_token": "e30.e30.s3cret"}), "unauthorized", NO_TOKEN, id="no expiry"
        ),
        pytest.param(Reply(hang=True), "unreachable", "timed out", id="hangs"),
    ],
)  # fmt: skip
def test_a_token_service_that_gives_none_is_explained(
    home: Home, private_key: str, reply: Reply, cause: str, words: str
) -> None:
    with serve(lambda _path, _query: reply) as server:
        path = home.file(account_key(private_key, f"{server.url}/token"))
        timeout_s = "0.5" if reply.hang else "10"
        ((told, detail, _),) = home.run(FETCH, timeout_s, AUDIENCE, credentials=path)
    assert told == cause
    assert words in detail
    assert "s3cret" not in detail
