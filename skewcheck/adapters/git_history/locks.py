"""One lock file per repository, so that two runs at once never fetch into it together."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from skewcheck.core.errors import SkewcheckError


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Waits until nobody else, thread or process, holds it; a dead holder lets go by itself."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = path.open("w")
    except OSError as error:
        raise SkewcheckError(
            f"cannot write to the cache: {error}",
            hint=f"make {path.parent} writable, or choose another cache directory",
        ) from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
