"""What google-auth raises, each error in words of its own."""

from typing import Any

import pytest
from google.auth import exceptions as untyped

from skewcheck.core.findings import Code
from skewcheck.google_api.auth_errors import explain_auth
from tests.google_api.homes import ACCOUNT, TOKEN
from tests.google_server import refusal

LOGIN = "gcloud auth application-default login"
exceptions: Any = untyped  # google-auth ships without types


def explained(error: Any, acting_as: str = "", source: str = "") -> Any:
    return explain_auth(error, "acme", acting_as=acting_as, source=source)


IMPERSONATED = "Unable to acquire impersonated credentials"
DISABLED = refusal(403, "PERMISSION_DENIED", "not enabled", "SERVICE_DISABLED").body.decode()


@pytest.mark.parametrize(
    ("error", "words", "fix"),
    [
        pytest.param(
            exceptions.RefreshError(
                "invalid_grant: Bad Request",
                {"error": "invalid_grant", "error_subtype": "invalid_rapt", "id_token": TOKEN},
            ),
            "invalid_grant: invalid_rapt", LOGIN, id="login needed again",
        ),
        pytest.param(
            exceptions.ReauthFailError("Reauthentication challenge could not be answered"),
            "Reauthentication", LOGIN, id="reauthentication",
        ),
        pytest.param(
            exceptions.RefreshError("cut", "<html>"), "refused: cut", LOGIN, id="no JSON there"
        ),
        pytest.param(exceptions.RefreshError(), "RefreshError", LOGIN, id="no words at all"),
        pytest.param(exceptions.RefreshError(()), "RefreshError", LOGIN, id="an empty tuple"),
        pytest.param(
            exceptions.RefreshError(("a tuple", ValueError("x"))), "a tuple", LOGIN, id="a tuple"
        ),
        pytest.param(
            exceptions.InvalidOperation("Anonymous"), "asks for credentials", LOGIN, id="anonymous"
        ),
        pytest.param(
            exceptions.RefreshError(IMPERSONATED, DISABLED), "not enabled",
            "gcloud services enable iamcredentials.googleapis.com --project=acme",
            id="API not enabled",
        ),
        pytest.param(
            exceptions.RefreshError(IMPERSONATED), IMPERSONATED,
            "gcloud iam service-accounts add-iam-policy-binding SERVICE_ACCOUNT "
            "--member=user:EMAIL --role=roles/iam.serviceAccountTokenCreator", id="no answer",
        ),
    ],
)  # fmt: skip
def test_each_error_of_google_auth_has_its_words_and_command(
    error: Exception, words: str, fix: str
) -> None:
    found = explained(error)
    assert (found.cause, found.fix) == (Code.UNAUTHORIZED, fix)
    assert words in found.detail
    assert TOKEN not in found.detail


def test_an_impersonation_names_both_accounts_where_they_are_known() -> None:
    error = exceptions.RefreshError(IMPERSONATED, "not json")
    found = explained(error, f"serviceAccount:{ACCOUNT}", "user:ann@acme.example")
    assert found.detail.startswith(f"user:ann@acme.example may not impersonate {ACCOUNT}")
    assert f"{ACCOUNT} --member=user:ann@acme.example" in found.fix
