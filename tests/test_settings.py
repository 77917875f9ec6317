"""The environment as the program reads it, and nothing else reads it."""

from pathlib import Path

import pytest

from skewcheck.core.errors import UsageError
from skewcheck.settings import Settings, read_settings


def test_without_any_variable_there_are_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    read = read_settings({})
    home = Path.home()
    assert read == Settings(
        ref="HEAD",
        gcp_endpoint=None,
        state=home / ".local/state/skewcheck",
        cache=home / ".cache/skewcheck",
        in_ci="",
        no_colour=False,
        user="unknown user",
    )


def test_the_process_is_read_where_nothing_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKEWCHECK_REF", "release")
    assert read_settings().ref == "release"


def test_all_variables_are_kept_as_they_were_and_none_is_shown() -> None:
    variables = {"HOME": "/h", "CHAT_TOKEN": "s3cret-token"}
    read = read_settings(variables)
    variables["CHAT_TOKEN"] = "another"
    assert read.variables["CHAT_TOKEN"] == "s3cret-token"
    assert "s3cret" not in f"{read}"


@pytest.mark.parametrize(
    ("variables", "state"),
    [
        ({"HOME": "/h"}, "/h/.local/state/skewcheck"),
        ({"HOME": "/h", "XDG_STATE_HOME": "/x"}, "/x/skewcheck"),
        ({"XDG_STATE_HOME": "/x", "SKEWCHECK_STATE_DIR": "/own"}, "/own"),
        (
            {"HOME": "/h", "XDG_STATE_HOME": "", "SKEWCHECK_STATE_DIR": ""},
            "/h/.local/state/skewcheck",
        ),
    ],
)
def test_our_own_folder_outranks_the_shared_one(variables: dict[str, str], state: str) -> None:
    assert read_settings({"HOME": "/h", **variables}).state == Path(state)


def test_a_machine_without_a_home_needs_none_where_its_folders_are_named() -> None:
    own = {"SKEWCHECK_STATE_DIR": "/s", "SKEWCHECK_CACHE_DIR": "/c"}
    read = read_settings(own)
    assert (read.state, read.cache) == (Path("/s"), Path("/c"))


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_ref_is_no_ref(blank: str) -> None:
    assert read_settings({"HOME": "/h", "SKEWCHECK_REF": blank}).ref == "HEAD"


def test_a_blank_endpoint_is_no_endpoint() -> None:
    assert read_settings({"HOME": "/h", "SKEWCHECK_GCP_ENDPOINT": ""}).gcp_endpoint is None


@pytest.mark.parametrize(
    ("variables", "colourless"),
    [({}, False), ({"NO_COLOR": "1"}, True), ({"NO_COLOR": ""}, False), ({"TERM": "dumb"}, True)],
)
def test_colour_is_left_out_where_nobody_wants_it(
    variables: dict[str, str], *, colourless: bool
) -> None:
    assert read_settings({"HOME": "/h", **variables}).no_colour is colourless


@pytest.mark.parametrize(("value", "ci"), [("true", "github"), ("1", ""), ("", "")])
def test_github_is_known_by_the_value_that_it_sets(value: str, ci: str) -> None:
    assert read_settings({"HOME": "/h", "GITHUB_ACTIONS": value}).in_ci == ci


@pytest.mark.parametrize(
    ("variables", "user"),
    [({"USER": "ada"}, "ada"), ({"LOGNAME": "ada"}, "ada"), ({"USER": ""}, "unknown user")],
)
def test_the_user_is_who_the_machine_says(variables: dict[str, str], user: str) -> None:
    assert read_settings({"HOME": "/h", **variables}).user == user


@pytest.mark.parametrize(
    ("variables", "bundle"),
    [
        ({}, ""),
        ({"SSL_CERT_FILE": "/ours.pem"}, "/ours.pem"),
        ({"REQUESTS_CA_BUNDLE": "/first.pem", "CURL_CA_BUNDLE": "/next.pem"}, "/first.pem"),
        ({"REQUESTS_CA_BUNDLE": "", "CURL_CA_BUNDLE": "/next.pem"}, "/next.pem"),
    ],
)
def test_certificates_are_trusted_as_requests_and_curl_are_told(
    variables: dict[str, str], bundle: str
) -> None:
    assert read_settings({"HOME": "/h", **variables}).ca_bundle == bundle


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_the_database_of_rollouts_is_kept_as_given_and_never_shown(scheme: str) -> None:
    url = f"{scheme}://ada:s3cret-word@db.example:5432/rollouts?sslmode=require"
    read = read_settings({"HOME": "/h", "SKEWCHECK_STATE_URL": f" {url} "})
    assert read.state_url == url
    assert "s3cret" not in f"{read}"


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_database_is_none(blank: str) -> None:
    assert read_settings({"HOME": "/h", "SKEWCHECK_STATE_URL": blank}).state_url is None


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("sqlite:////var/s3cret.db", "has to begin with postgresql://"),
        ("mysql://ada:s3cret@h/d", "has to begin with postgresql://"),
        ("ada:s3cret@h/d", "has to begin with postgresql://"),
        ("postgresql://ada:s3cret@h", "names no database"),
        ("postgresql://ada:s3cret@h/", "names no database"),
        ("postgresql://ada:s3cret@h:port/d", "cannot be read as a URL"),
        ("postgresql://ada:s3cret@[h/d", "cannot be read as a URL"),
    ],
)
def test_a_wrong_database_is_refused_without_showing_it(url: str, problem: str) -> None:
    with pytest.raises(UsageError, match=f"^SKEWCHECK_STATE_URL {problem}$") as refused:
        read_settings({"HOME": "/h", "SKEWCHECK_STATE_URL": url})
    assert "SKEWCHECK_STATE_DIR" in refused.value.hint
    assert "s3cret" not in f"{refused.value} {refused.value.hint}"


@pytest.mark.parametrize(
    ("variables", "in_build"),
    [
        ({}, False),
        ({"BUILDER_OUTPUT": "/builder/outputs"}, True),
        ({"BUILDER_OUTPUT": ""}, False),
        ({"GITHUB_ACTIONS": "true"}, True),
        ({"CI": "true"}, True),
        ({"CI": "True"}, True),
        ({"CI": "false"}, False),
    ],
)
def test_a_build_is_known_by_what_its_system_sets(
    variables: dict[str, str], *, in_build: bool
) -> None:
    assert read_settings({"HOME": "/h", **variables}).in_build is in_build


@pytest.mark.parametrize(
    ("variables", "in_cloud_run"),
    [({}, False), ({"K_SERVICE": ""}, False), ({"K_SERVICE": "skewcheck"}, True)],
)
def test_cloud_run_is_known_by_the_name_of_its_service(
    variables: dict[str, str], *, in_cloud_run: bool
) -> None:
    assert read_settings({"HOME": "/h", **variables}).in_cloud_run is in_cloud_run
