"""`python -I -S runner.py`: runs one command and says what it took, from a small process.

The operating system counts what a process had before it became the command as part of its peak;
so it is started from here, which has next to nothing, and not from the benchmarks themselves.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path


def main() -> None:
    asked = json.load(sys.stdin)
    reads = Path(asked["reads"] or os.devnull)
    with reads.open("rb") as given, Path(asked["out"]).open("wb") as out:
        started = time.perf_counter()
        process = subprocess.Popen(
            asked["words"],
            cwd=asked["folder"],
            env=asked["variables"],
            stdin=given,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    told = {
        "code": process.returncode,
        "seconds": seconds,
        "maxrss": used.ru_maxrss,
        "cpu_seconds": used.ru_utime + used.ru_stime,
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
