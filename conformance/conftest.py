"""Databases for the engine, and the counts that the run prints at its end."""

import signal
from collections import Counter
from collections.abc import Callable

import pytest

from tests.postgres import one_of

DATABASES = ("sqlite", "postgresql")

# A run that was started in the background ignores interrupts, and so would every program under
# test that it starts: those must get theirs.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def state_url(request: pytest.FixtureRequest) -> Callable[[str], dict[str, str]]:
    """What to export for a database that is empty: nothing for SQLite in the state directory."""

    def exports(database: str) -> dict[str, str]:
        if database == "sqlite":
            return {}
        return {"SKEWCHECK_STATE_URL": one_of(request.config).database()}

    return exports


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """`killed: before PATCH -> new: 22`; what was recorded as a property is counted by its text."""
    counts: Counter[str] = Counter()
    for report in terminalreporter.stats.get("passed", []):
        for name, value in getattr(report, "user_properties", ()):
            counts[name if isinstance(value, int) else f"{name}: {value}"] += 1
    terminalreporter.section("counts")
    for told, count in sorted(counts.items()):
        terminalreporter.write_line(f"{told}: {count}")
