"""What was live at a moment, or that nobody looked then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from skewcheck.core.chronicle.snapshot import Stretch


@dataclass(frozen=True, slots=True, kw_only=True)
class NobodyLooked:
    """With the nearest looks, None where there is none on that side."""

    before: Stretch | None
    after: Stretch | None


Then: TypeAlias = Stretch | NobodyLooked


def live_at(stretches: Sequence[Stretch], moment: datetime) -> Then:
    """`stretches` are the oldest first. Where two meet, the later one tells."""
    for each in reversed(stretches):
        if each.first <= moment <= each.last:
            return each
    return NobodyLooked(
        before=next((each for each in reversed(stretches) if each.last < moment), None),
        after=next((each for each in stretches if each.first > moment), None),
    )
