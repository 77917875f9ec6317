"""What can go wrong with an update that was accepted: it fails, stalls, or nobody hears of it."""

import threading


class Mishaps:
    """On demand, for the updates to come; safe to use from many threads.

    While `loses_operations` is set, updates come true but their operations never end.
    """

    def __init__(self) -> None:
        self.loses_operations = False
        self._failures: list[str] = []
        self._going = threading.Event()
        self._going.set()

    def fail_next(self, reason: str) -> None:
        """The next update is accepted and then fails: traffic stays where it was."""
        self._failures.append(reason)

    def stall(self) -> None:
        """Updates are accepted and go on for ever, until `resume`."""
        self._going.clear()

    def resume(self) -> None:
        """What stalled goes on."""
        self._going.set()

    def take_failure(self) -> str:
        """Why the update that begins now is to fail, empty if it is not."""
        return self._failures.pop(0) if self._failures else ""

    def wait(self) -> None:
        """As long as updates stall."""
        self._going.wait()
