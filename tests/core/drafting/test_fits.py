"""Which texts a manifest takes where."""

from collections.abc import Callable

import pytest

from skewcheck.core.drafting import fits


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (fits.is_name, "acme-web", "Acme"),
        (fits.is_path, "/version.json", "/socket.io/?EIO=4"),
        (fits.is_socket_path, "/socket.io/?EIO=4", "ws"),
        (fits.is_web_address, "https://app.example", "https://app example"),
        (fits.is_ref, "main", ""),
        (fits.is_repository_path, "web/**", "../web"),
        (fits.is_image, "registry/web:{build}", "registry/web:1"),
    ],
)
def test_the_manifests_own_readers_decide(
    check: Callable[[str], bool], right: str, wrong: str
) -> None:
    assert (check(right), check(wrong)) == (True, False)


@pytest.mark.parametrize(
    ("text", "name"), [("User Chat", "user-chat"), ("chat.v2", "chat.v2"), ("…", "link")]
)
def test_the_nearest_name(text: str, name: str) -> None:
    assert fits.as_name(text, instead="link") == name
