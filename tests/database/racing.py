"""Processes that come to a database at the same moment."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_PROGRAM = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from skewcheck.database import open_database
number, url, file = int(sys.argv[1]), sys.argv[2] or None, Path(sys.argv[3])
database = open_database(url, file)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
{imports}
print("ready", flush=True)
sys.stdin.readline()
print({asked})
"""


def asked_at_once(
    imports: str, asked: str, *, url: str | None, file: Path, count: int = 4
) -> list[str]:
    """What the expression `asked` is in each of the processes. It may use `database`, `number`
    (its own) and `NOON`."""
    program = _PROGRAM.format(imports=imports, asked=asked)
    with ExitStack() as stack:
        running = [
            stack.enter_context(_started(program, str(number), url or "", str(file)))
            for number in range(count)
        ]
        for each in running:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"
        for each in running:
            assert each.stdin is not None
            each.stdin.write("\n")
            each.stdin.flush()
        return [_ended(each) for each in running]


@contextmanager
def _started(program: str, *words: str) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-c", program, *words],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _ended(process: "subprocess.Popen[str]") -> str:
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    return out.strip()
