"""The program: one error family becomes a line and a hint, everything else keeps its traceback."""

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from skewcheck.cli import cli
from skewcheck.core.errors import ActionFailedError, SkewcheckError, UsageError
from skewcheck.render.printable import printable

_ERROR, _USAGE, _ACTION_FAILED, _INTERRUPTED, _BROKEN_PIPE = 1, 2, 12, 130, 141


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Exit codes are API; see docs/exit-codes.md. Without arguments, those of the process."""
    stdout = sys.stdout
    # pydantic would look for plugins in every installed package, and run them in our gate.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # noqa: TID251 - set, not read
    # What is alive at the end dies with the process: the collector need not look at it once more.
    atexit.register(gc.freeze)
    try:
        sys.exit(cli.main(arguments, prog_name="skewcheck", standalone_mode=False))
    except click.Abort:
        click.echo("skewcheck: interrupted", err=True)
        # At once: a normal exit would wait for every read that still hangs in some thread.
        os._exit(_INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except SkewcheckError as error:
        _leave(str(error), error.hint, _code(error))
    except SystemExit:
        # click hushes stdout where its reader left, as in `| head -1`, and makes exit 1 of it,
        # which here is an error of ours.
        if sys.stdout is stdout:
            raise
        sys.exit(_BROKEN_PIPE)


def _code(error: SkewcheckError) -> int:
    match error:
        case UsageError():
            return _USAGE
        case ActionFailedError():
            return _ACTION_FAILED
        case _:
            return _ERROR


def _leave(problem: str, hint: str, code: int) -> NoReturn:
    lines = [f"skewcheck: {problem}", *([f"next: {hint}"] if hint else [])]
    told = (printable(line) for line in "\n".join(lines).split("\n"))
    click.echo("\n".join(told), err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
