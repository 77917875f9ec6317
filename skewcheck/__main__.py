"""The program: one error family becomes a line and a hint, everything else keeps its traceback."""

import os
import sys
from typing import NoReturn

import click

from skewcheck.cli import cli
from skewcheck.core.errors import SkewcheckError, UsageError

_ERROR, _USAGE, _INTERRUPTED, _BROKEN_PIPE = 1, 2, 130, 141


def main() -> NoReturn:
    """Exit codes are API; see docs/exit-codes.md."""
    try:
        sys.exit(cli.main(prog_name="skewcheck", standalone_mode=False))
    except click.Abort:
        _leave("interrupted", "", _INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except SkewcheckError as error:
        _leave(str(error), error.hint, _USAGE if isinstance(error, UsageError) else _ERROR)
    except BrokenPipeError:
        # Python would complain again when it flushes at exit, so stdout goes nowhere from here.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_BROKEN_PIPE)


def _leave(problem: str, hint: str, code: int) -> NoReturn:
    lines = [f"skewcheck: {problem}", *([f"next: {hint}"] if hint else [])]
    click.echo("\n".join(lines), err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
