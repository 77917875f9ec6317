"""Options that commands share: what shells complete, and what is never done with a manifest."""

import json
from pathlib import Path

import pytest

from skewcheck.cli.options import web_host
from tests.cli.conftest import Live, manifest


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://api.example/x", "api.example"),
        ("http://[::1]:80", "::1"),
        ("http://[::1", ""),
        ("ftp://api.example", ""),
        ("api.example", ""),
        ("https://", ""),
        ("", ""),
    ],
)
def test_the_host_of_a_web_address_is_found_and_nothing_else_has_one(url: str, host: str) -> None:
    assert web_host(url) == host


def test_a_shell_completes_the_environments_of_the_working_tree(live: Live) -> None:
    words = {"_SKEWCHECK_COMPLETE": "bash_complete", "COMP_CWORD": "2"}
    ended = live.installed(**words, COMP_WORDS="skewcheck status st")
    assert (ended.code, ended.out.split()) == (0, ["plain,staging"])


def test_the_token_command_of_a_manifest_is_never_run(live: Live, tmp_path: Path) -> None:
    """A pull request could write anything there; only an explicit flag of later versions may."""
    ran = tmp_path / "ran"
    written = manifest(live.server.url(""))
    written["links"]["chat"]["token"] = {"command": ["touch", str(ran)]}
    draft = tmp_path / "draft.yaml"
    draft.write_text(json.dumps(written))
    for command in ("status", "gate", "verify"):
        assert live.ask(command, "--manifest", str(draft)).code == 0
    assert not ran.exists()
