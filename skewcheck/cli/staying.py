"""How a command stays: until it is interrupted, in the terminal or behind it."""

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from skewcheck.core.errors import SkewcheckError

_STANDARD = (0, 1, 2)


def stay(exports: Path | None, lines: str, let_go: Callable[[], None]) -> None:
    """Write the file that others wait for, stay until the end, and take the file away again."""
    if exports is None:
        threading.Event().wait()
        return
    with _written(exports.absolute(), f"{lines}\nexport SANDBOX_PID={os.getpid()}\n"):
        let_go()
        threading.Event().wait()


@contextmanager
def in_background() -> Iterator[Callable[[], None]]:
    """This block goes on in a process of its own session. The caller leaves when that lets go of
    its terminal, or with its exit code if it does not come so far."""
    ours, theirs = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        os.close(theirs)
        sys.exit(_left(child, ours))
    os.close(ours)
    os.setsid()
    yield lambda: _let_go(theirs)


def _let_go(pipe: int) -> None:
    """Tell whoever waits that we are ready, and hold its terminal no longer."""
    silent = os.open(os.devnull, os.O_RDWR)
    for standard in _STANDARD:
        os.dup2(silent, standard)
    os.close(silent)
    os.write(pipe, b"ready")
    os.close(pipe)


def _left(child: int, pipe: int) -> int:
    """0 once it is ready; else how it ended."""
    with os.fdopen(pipe, "rb") as told:
        if told.read() == b"ready":
            return 0
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


@contextmanager
def _written(file: Path, text: str) -> Iterator[None]:
    """The whole file or none, for the time of this block."""
    started = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        started.write_text(text, encoding="utf-8")
        started.replace(file)
    except OSError as error:
        raise SkewcheckError(f"{file} cannot be written: {error.strerror}") from error
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            file.unlink()
