"""What a transcript is made of while the probe runs: its clock, its events, its mask."""

import time

from skewcheck.adapters.websocket_prober.mask import Mask
from skewcheck.core.remote_text import shorten
from skewcheck.core.wire.secret import Secret
from skewcheck.core.wire.transcript import Echoed, Event

SHOWN = 200  # characters of what is neither HTTP nor a frame


class Record:
    """Belongs to one probe and one thread. Texts go in masked: through `ours` or `theirs`."""

    def __init__(self, token: Secret | None) -> None:
        self.events: list[Event] = []
        self._mask = Mask(token)
        self._began = time.monotonic()
        self._echoes: dict[str, bool] = {}  # where, and whether it has been said

    def now_s(self) -> float:
        """Seconds since the probe began: what `at_s` and every deadline in here count in."""
        return time.monotonic() - self._began

    def add(self, event: Event) -> None:
        """An echo is told right after the event that brought it."""
        self.events.append(event)
        for where in [where for where, is_told in self._echoes.items() if not is_told]:
            self._echoes[where] = True
            self.events.append(Echoed(at_s=self.now_s(), where=where))

    def ours(self, text: str) -> str:
        return self._mask.hide(text)

    def theirs(self, text: str, where: str) -> str:
        """Masked as well; notes that the token came back, for the next event."""
        if self._mask.finds(text):
            self._echoes.setdefault(where, False)
        return self._mask.hide(text)

    def theirs_in_bytes(self, data: bytes, where: str) -> str:
        """The head of bytes that may be anything, escaped."""
        text = self.theirs(data.decode("utf-8", "backslashreplace"), where)
        return shorten(text, limit=SHOWN)
