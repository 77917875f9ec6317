"""A world of its own for each test: it is cheap, and tests change it at will."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.findings.world import World, new_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with new_world(tmp_path) as world:
        yield world
