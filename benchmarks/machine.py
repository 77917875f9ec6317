"""On what was measured, and with which versions: a ratio without them says little."""

import os
import platform
import re
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

_NUMBER = re.compile(r"\d+(\.\d+)+")
_CPUS = Path("/proc/cpuinfo")


def describe() -> str:
    """Cores, processor, system and interpreter, in one line."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{cores} cores ({_processor()}), {platform.system()} {platform.release()}, {python}"


def tools(*names: str) -> str:
    """`curl 8.5.0, jq 1.7`: each with the version that it says it has."""
    return ", ".join(f"{name} {_version(name)}" for name in names)


def package(name: str) -> str:
    """`click 8.5.1`, of this environment."""
    return f"{name} {version(name)}"


def has(tool: str) -> bool:
    return shutil.which(tool) is not None


def _version(tool: str) -> str:
    said = subprocess.run([tool, "--version"], capture_output=True, text=True, check=False)
    found = _NUMBER.search(said.stdout)
    return found[0] if found else "(unknown version)"


def _processor() -> str:
    if _CPUS.exists():
        for line in _CPUS.read_text().splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
