"""The audit trail: one line for each record, for its owner's eyes, or an error."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from skewcheck.adapters.audit import append_record
from skewcheck.core.errors import SkewcheckError


def test_records_are_appended_one_a_line_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    state = tmp_path / "deep" / "state"
    append_record(state, {"why": "first\nline", "who": "Žofie"})
    file = append_record(state, {"why": "second"})
    first, second = file.read_text(encoding="ascii").splitlines()
    assert json.loads(first) == {"why": "first\nline", "who": "Žofie"}
    assert json.loads(second) == {"why": "second"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(state.stat().st_mode) == 0o700


def test_records_of_many_runs_at_once_never_mix(tmp_path: Path) -> None:
    record = {"why": "x" * 5000}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: append_record(tmp_path, record), range(40)))
    written = (tmp_path / "audit.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in written] == [record] * 40


def test_a_place_that_cannot_be_written_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SkewcheckError, match="could not be recorded") as refused:
        append_record(tmp_path / "file" / "state", {})
    assert "SKEWCHECK_STATE_DIR" in refused.value.hint
