"""Failures of the network that loopback cannot play, and words that must not carry secrets."""

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import MaxRetryError, NameResolutionError

from skewcheck.adapters.cloud_run.network_errors import explain_network
from skewcheck.adapters.cloud_run.refusal import LONGEST, one_line
from skewcheck.core.findings import Code

GOOGLE = "https://run.googleapis.com"
URL = "/v2/projects/acme?pageToken=s3cret"


def no_name() -> requests.ConnectionError:
    connection = HTTPSConnection("run.googleapis.com")
    reason = NameResolutionError("run.googleapis.com", connection, OSError(-2, "unknown"))  # type: ignore[arg-type]
    return requests.ConnectionError(MaxRetryError(None, URL, reason))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "words", "fix"),
    [
        pytest.param(no_name(), "name not resolved", "getent hosts", id="DNS"),
        pytest.param(
            requests.exceptions.ProxyError("Cannot connect to proxy"), "proxy failed",
            "HTTPS_PROXY", id="proxy",
        ),
        pytest.param(
            requests.exceptions.SSLError("self-signed certificate in certificate chain"),
            "TLS failed (self-signed", "REQUESTS_CA_BUNDLE", id="TLS",
        ),
        pytest.param(requests.exceptions.ConnectTimeout(URL), "timed out", "curl", id="connect"),
        pytest.param(requests.exceptions.ReadTimeout(URL), "timed out", "curl", id="read"),
        pytest.param(requests.exceptions.InvalidSchema(URL), "InvalidSchema", "curl", id="other"),
    ],
)  # fmt: skip
def test_each_layer_that_fails_has_its_own_words(
    error: requests.RequestException, words: str, fix: str
) -> None:
    found = explain_network(error, GOOGLE)
    assert found.cause is Code.UNREACHABLE
    assert found.detail.startswith(f"run.googleapis.com: {words}")
    assert fix in found.fix
    assert "s3cret" not in found.detail


def test_errors_that_contain_each_other_end() -> None:
    one, other = requests.ConnectionError(), requests.ConnectionError()
    one.__cause__, other.__cause__ = other, one
    assert "connection broken" in explain_network(one, GOOGLE).detail


@pytest.mark.parametrize(
    "secret",
    [
        "https://x.example/token?assertion=s3cret&b=c",
        "https://ann:s3cret@x.example/",
        "Max retries exceeded with url: /v2/x?access_token=s3cret (Caused by …)",
        "Authorization: Bearer s3cret",
        "{'refresh_token': 's3cret'}",
        '{"client_secret":"s3cret"}',
        "password=s3cret",
        "token ya29.s3cret",
        "key 1//s3cret",
        "GOCSPX-s3cret",
        "eyJhbGciOi.s3cret.s3cret",
        "-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\ns3cret",
    ],
)
def test_a_secret_in_somebody_elses_words_is_left_out(secret: str) -> None:
    said = one_line(f"it failed: {secret}")
    assert "s3cret" not in said
    assert said.startswith("it failed: ")


@given(st.text(max_size=2 * LONGEST))
def test_somebody_elses_words_are_one_printable_line(text: str) -> None:
    said = one_line(text)
    assert len(said) <= LONGEST
    assert said.isprintable()
