"""Which places are opened, which are refused, and that nobody sees credentials."""

from pathlib import Path

import pytest

from skewcheck.adapters.git_history.places import RemoteUrl, read_place, redacted
from skewcheck.core.errors import UsageError

BASE = Path("/srv/app")


@pytest.mark.parametrize(
    "place",
    [
        "https://github.com/acme/web.git",
        "ssh://git@github.com/acme/web.git",
        "git@github.com:acme/web.git",
        "git://acme.example/web",
        "file:///srv/web.git",
        "build-host:acme/web.git",
    ],
)
def test_a_git_url_is_remote(place: str) -> None:
    assert read_place(place, BASE) == RemoteUrl(place)


@pytest.mark.parametrize(
    ("place", "path"),
    [
        (".", "/srv/app"),
        ("../web", "/srv/app/../web"),
        ("/srv/web.git", "/srv/web.git"),
        ("./odd:name", "/srv/app/odd:name"),
    ],
)
def test_a_path_is_relative_to_the_base(place: str, path: str) -> None:
    assert read_place(place, BASE) == Path(path)


@pytest.mark.parametrize(
    "place",
    [
        "",
        "--upload-pack=touch owned",
        "-u",
        "ext::sh -c 'touch owned'",
        "ext://sh",
        "fd::17",
        "::sh",
        "foo::bar",
        "ftp://acme.example/web",
        "javascript://x",
        "https://",
        "https:///web",
        "ssh://-oProxyCommand=touch/web",
        "ssh://%2doProxyCommand=touch/web",
        "https://[::1/web",
        "https://acme.example/we b",
        "https://acme.example/web\nupload-pack = touch",
    ],
)
def test_a_place_that_could_run_something_is_refused(place: str) -> None:
    with pytest.raises(UsageError):
        read_place(place, BASE)


def test_a_refusal_does_not_repeat_the_password() -> None:
    with pytest.raises(UsageError) as refused:
        read_place("https://ada:hunter2@acme.example/we b", BASE)
    assert "hunter2" not in f"{refused.value}{refused.value.hint}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://ada:p@ss@acme.example/web.git", "https://acme.example/web.git"),
        ("'https://ghp_token@acme.example/x': 403", "'https://acme.example/x': 403"),
        ("https://acme.example/x?private_token=abc", "https://acme.example/x"),
        ("ssh://git@acme.example/x", "ssh://git@acme.example/x"),
    ],
)
def test_credentials_are_cut_out_of_what_people_read(text: str, shown: str) -> None:
    assert redacted(text) == shown


def test_a_url_prints_without_credentials() -> None:
    url = RemoteUrl("https://ada:hunter2@acme.example/web.git")
    assert "hunter2" not in f"{url} {url!r}"


def test_one_repository_keeps_its_mirror_when_its_token_changes() -> None:
    old, new = (RemoteUrl(f"https://{token}@acme.example/web.git") for token in ("a", "b"))
    assert old.slug == new.slug


def test_repositories_of_the_same_name_have_different_mirrors() -> None:
    slugs = {RemoteUrl(f"https://{host}.example/web.git").slug for host in ("a", "b")}
    assert len(slugs) == 2
    assert all(slug.startswith("web-") for slug in slugs)
