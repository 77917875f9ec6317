"""What mending remembers of an environment, on the shelf that all replicas share: how many surveys
in a row wanted it mended, what people were told already, and what stands in the way.
"""

from dataclasses import dataclass, replace

from skewcheck.core.strict_json import Json
from skewcheck.ports.service import Shared

_KIND = "mend"
_MOST_TOLD = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """`trouble` says what keeps a redeploy from starting by itself though it should."""

    seen: int = 0
    told: tuple[str, ...] = ()
    trouble: str = ""


def read_memory(shared: Shared, environment: str) -> Remembered:
    """Nothing where nothing was written, or by another version that wrote otherwise."""
    kept = shared.shelf.read(_KIND, environment)
    value = kept.value if kept is not None else None
    if not isinstance(value, dict):
        return Remembered()
    seen, told = value.get("seen"), value.get("told")
    return Remembered(
        seen=seen if isinstance(seen, int) else 0,
        told=tuple(map(str, told)) if isinstance(told, list) else (),
        trouble=str(value.get("trouble", "")),
    )


def remember_seen(shared: Shared, environment: str, seen: int) -> None:
    known = read_memory(shared, environment)
    if known.seen != seen:
        _write(shared, environment, replace(known, seen=seen))


def remember_told(shared: Shared, environment: str, key: str) -> None:
    known = read_memory(shared, environment)
    _write(shared, environment, replace(known, told=(*known.told, key)[-_MOST_TOLD:]))


def remember_trouble(shared: Shared, environment: str, trouble: str) -> bool:
    """Whether it is another than before."""
    known = read_memory(shared, environment)
    if known.trouble == trouble:
        return False
    _write(shared, environment, replace(known, trouble=trouble))
    return True


def _write(shared: Shared, environment: str, known: Remembered) -> None:
    value: Json = {"seen": known.seen, "told": list(known.told), "trouble": known.trouble}
    shared.shelf.put(_KIND, environment, value, at=shared.clock.now())
