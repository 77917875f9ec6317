"""The DevTools protocol, as much of it as running a script in a page takes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from websockets.sync.client import ClientConnection, connect

_ANSWERS_WITHIN_S = 60.0


class DevTools:
    """One connection; commands go one after the other."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._numbers = count(1)
        self.events: list[dict[str, Any]] = []

    def call(self, method: str, **parameters: Any) -> Any:
        """The result of a command; events that come meanwhile are kept."""
        number = next(self._numbers)
        wanted = {"id": number, "method": method, "params": parameters}
        self._connection.send(json.dumps(wanted))
        while True:
            answer = json.loads(self._connection.recv(timeout=_ANSWERS_WITHIN_S))
            if answer.get("id") == number:
                assert "error" not in answer, answer["error"]
                return answer["result"]
            self.events.append(answer)

    def evaluate(self, expression: str) -> Any:
        """The expression's value; a promise is awaited."""
        result = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")


@contextmanager
def devtools(url: str) -> Iterator[DevTools]:
    with connect(url, max_size=None, compression=None, proxy=None) as connection:
        yield DevTools(connection)
