"""Every command of the documents is understood, in the world that it is about."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.bench import Bench, opened
from tests.docs.blocks import Block
from tests.docs.documents import commands_of, documents
from tests.docs.typing_in import type_in

pytestmark = pytest.mark.xdist_group("docs")  # one world for all
BLOCKS = commands_of(*documents())


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with opened(tmp_path_factory.mktemp("cloud")) as bench:
        yield bench


@pytest.mark.parametrize("block", BLOCKS, ids=[block.id for block in BLOCKS])
def test_the_block_runs_as_written(bench: Bench, block: Block, tmp_path: Path) -> None:
    type_in(bench, block, tmp_path)
