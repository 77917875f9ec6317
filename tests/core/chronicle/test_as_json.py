"""Snapshots on their way through a database."""

import json
from typing import Any

import pytest
from hypothesis import given

from skewcheck.core.chronicle.as_json import snapshot_from_json, snapshot_to_json, stretch_from
from skewcheck.core.chronicle.of_report import snapshot_of
from skewcheck.core.survey import Survey
from tests.builders import report
from tests.core.chronicle.looks import SKEW, after, stretch
from tests.core.small_worlds import surveys


@given(surveys())
def test_snapshots_come_back_as_they_went(world: Survey) -> None:
    seen = snapshot_of(report(world))
    assert snapshot_from_json(json.loads(json.dumps(snapshot_to_json(seen)))) == seen


def test_a_stretch_is_what_all_its_looks_saw() -> None:
    assert stretch_from(after(1), after(2), snapshot_to_json(SKEW)) == stretch(1, 2, SKEW)


def test_what_a_later_version_adds_is_left_alone() -> None:
    written = snapshot_to_json(SKEW)
    assert isinstance(written, dict)
    assert snapshot_from_json({**written, "more": 1}) == SKEW


@pytest.mark.parametrize("read", [None, [], {}, {"verdict": "maybe", "services": {}}])
def test_what_is_no_snapshot_is_refused(read: Any) -> None:
    with pytest.raises(ValueError, match="validation error"):
        snapshot_from_json(read)
