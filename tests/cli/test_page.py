"""`status --format page`: one file that a browser opens, with what is known of the past."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Live, manifest
from tests.programs import environment
from tests.render.page.markup import read_page
from tests.servers import Reply

_WITHOUT_JINJA = """
import sys
sys.modules["jinja2"] = None
from skewcheck.__main__ import main
main()
"""


def test_the_page_is_whole_and_exits_as_every_other_format(live: Live) -> None:
    live.answer("api", Reply(body=b"{}"))
    ended = live.ask("status", "--format", "page")
    assert (ended.code, ended.err) == (11, "")
    assert read_page(ended.out).one("h2").text == "INCONCLUSIVE staging"


def test_what_was_seen_before_is_its_history(live: Live) -> None:
    first = read_page(live.ask("status", "--format", "page").out)
    second = read_page(live.ask("status", "--format", "page").out)
    for root in (first, second):
        assert "History" in [each.text for each in root.all("h3")]


def test_a_draft_and_bare_addresses_have_no_past(live: Live, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(json.dumps(manifest(live.server.url(""))))
    ended = live.ask("status", "--manifest", str(draft), "--format", "page")
    assert "History" not in [each.text for each in read_page(ended.out).all("h3")]


def test_a_past_that_cannot_be_read_is_told_and_the_page_stands(live: Live, tmp_path: Path) -> None:
    """A later release wrote there what this one does not know."""
    own = {"SKEWCHECK_STATE_DIR": str(tmp_path)}
    live.ask("status", **own)
    with closing(sqlite3.connect(tmp_path / "chronicle.db")) as chronicle:
        chronicle.execute("UPDATE skewcheck_stretches SET snapshot = '{}'")
        chronicle.commit()
    ended = live.ask("status", "--format", "page", **own)
    (told,) = read_page(ended.out).one("", "head").all("", "loud")
    assert ended.code == 0
    assert told.text.startswith("what was before could not be read: the chronicle of ")


@pytest.mark.parametrize("command", ["gate", "verify", "probe"])
def test_only_status_is_shown_as_a_page(live: Live, command: str) -> None:
    ended = live.ask(command, "--format", "page")
    assert ended.code == 2
    assert "'page' is not one of" in ended.err


def test_without_the_library_the_command_says_what_to_install_before_it_looks(
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_JINJA, "status", "staging", "--format", "page"],
        cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert "--format page needs jinja2" in done.stderr
    assert "pip install 'skewcheck[serve]'" in done.stderr
