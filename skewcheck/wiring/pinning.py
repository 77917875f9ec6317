"""Opens what writes promises into git."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skewcheck.ports.pinning import Proposals
    from skewcheck.wiring import Source


@contextmanager
def opened_proposals(source: Source) -> Iterator[Proposals]:
    """The repository that the manifest comes from, for one run."""
    from skewcheck.adapters.git_history.writing import open_proposals

    proposals = open_proposals(source.repo)
    try:
        yield proposals
    finally:
        proposals.close()
