"""Failures of the network that loopback cannot play."""

import pytest
import requests
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import MaxRetryError, NameResolutionError

from skewcheck.core.findings import Code
from skewcheck.google_api.network_errors import explain_network

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
