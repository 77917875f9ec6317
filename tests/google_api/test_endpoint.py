"""A real token goes to Google alone: only this very machine may stand in for it."""

import pytest

from skewcheck.core.errors import UsageError
from skewcheck.google_api.endpoint import read_endpoint


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://10.0.0.1:8080",
        "https://run.example.com",
        "http://127.0.0.1.example.com",
        "http://127.0.0.1@example.com",
        "http://example.com\\@127.0.0.1",
        "http://localhost.example.com",
        "http://[::ffff:8.8.8.8]:80",
        "http://[::ffff:127.0.0.1]:80",
        "http://[::1",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:8080/elsewhere",
        "ftp://127.0.0.1",
        "127.0.0.1:8080",
        "0.0.0.0",
        "nonsense",
    ],
)
def test_an_endpoint_that_is_not_this_machine_is_refused(endpoint: str) -> None:
    with pytest.raises(UsageError, match="never sent anywhere but to Google") as refused:
        read_endpoint(endpoint)
    assert refused.value.hint == "unset SKEWCHECK_GCP_ENDPOINT"


@pytest.mark.parametrize(
    ("endpoint", "base"),
    [
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("https://[::1]:8443", "https://[::1]:8443"),
        ("http://localhost:1", "http://localhost:1"),
    ],
)
def test_an_endpoint_on_this_machine_is_taken(endpoint: str, base: str) -> None:
    assert read_endpoint(endpoint) == base
