"""What a backend says once the socket is open: it authenticates, welcomes and answers."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection

from skewcheck.sandbox.programs import container, generations
from skewcheck.sandbox.programs.generations import CLEANUP, Close, Generation
from skewcheck.sandbox.programs.handshake import Contract, Hello, first_message_token, heard

_FIRST_MESSAGE_WITHIN_S = 5.0
_NO_CONTRACT: Contract = {
    "protocol": "chat",
    "version": "0",
    "handshake": {"token_in": "none"},
    "messages": {"welcome": {"type": "connection_established"}},
}


class Conversations:
    """The server's side of every connection of one process."""

    def __init__(
        self, settings: container.Settings, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._monotonic = monotonic
        self._first = threading.Event()
        self._warm_at = monotonic() + settings["warms_up"]

    @property
    def generation(self) -> Generation:
        """The row of the table that this build follows."""
        return generations.GENERATIONS[self._settings["generation"]]

    @property
    def contracts(self) -> list[Contract]:
        """What this build speaks, its own contract first."""
        return [self._settings["contract"] or _NO_CONTRACT, *self._settings["also_speaks"]]

    def wake(self) -> None:
        """The first request of a cold instance waits; those after it do not."""
        if not self._first.is_set():
            self._first.set()
            threading.Event().wait(self._settings["cold_start"])

    def hold(self, socket: ServerConnection, hello: Hello) -> None:
        """Talk until one side ends it; the client may go at any time."""
        try:
            end = self._greet(socket, hello)
            if end is None:
                self._serve(socket, self._spoken(hello))
                self._log(hello, "client left", severity="INFO")
            else:
                self._log(hello, f"closing {end.code} {end.reason}", severity="WARNING")
                socket.close(end.code, end.reason)
        except ConnectionClosed:
            self._log(hello, "client left before it was answered", severity="INFO")

    def _greet(self, socket: ServerConnection, hello: Hello) -> Close | None:
        """Why the connection ends before the welcome; None once the welcome is out."""
        if failed := self._not_ready():
            return failed
        if self.generation.greeting == "breaks":
            return CLEANUP
        token, contract = self._token(socket, hello), self._spoken(hello)
        if not self._accepted(token, contract):
            return self._refused(socket, hello)
        if self.generation.deaf_s and _receive(socket, self.generation.deaf_s) is not None:
            return Close(1011, "main mode error")
        welcome = contract.get("messages", {}).get("welcome")
        if welcome and self.generation.greeting == "welcome":
            socket.send(json.dumps({**welcome, "mode": "main"}))
        self._log(hello, "welcomed", severity="INFO")
        return None

    def _not_ready(self) -> Close | None:
        missing = [n for n, state in self._settings["dependencies"].items() if state != "ok"]
        if self._monotonic() < self._warm_at:
            missing.append("startup")
        return Close(1011, f"Service not ready: {', '.join(missing)}") if missing else None

    def _token(self, socket: ServerConnection, hello: Hello) -> str | None:
        contract = self._spoken(hello)
        opens_with = contract.get("messages", {}).get("opens_with") or ()
        if not opens_with or not self.generation.contractual:
            return self.generation.token(hello, self.contracts)
        first = _receive(socket, _FIRST_MESSAGE_WITHIN_S)
        if contract["handshake"].get("token_in") == "first-message":
            return first_message_token(opens_with, first)
        return self.generation.token(hello, self.contracts)

    def _accepted(self, token: str | None, contract: Contract) -> bool:
        if token is None:
            return False
        if self.generation.contractual and contract["handshake"].get("token_in") == "none":
            return True
        expected = self._settings["token"]
        return token == expected if expected else bool(token)

    def _refused(self, socket: ServerConnection, hello: Hello) -> Close:
        if self.generation.contractual and heard(hello, self.contracts):
            socket.send(json.dumps({"type": "error", "error_code": "AUTH_FAILED"}))
            return generations.UNAUTHENTICATED
        if self.generation.no_token.code == 4406:
            return Close(4406, generations.unreadable(self.contracts)[:120])
        if self.generation.no_token == generations.UNAUTHENTICATED:
            socket.send(json.dumps({"type": "error", "error_code": "AUTH_FAILED"}))
        return self.generation.no_token

    def _serve(self, socket: ServerConnection, contract: Contract) -> None:
        exercise = contract.get("probe", {}).get("exercise") or {}
        asked = (exercise.get("send") or {}).get("type")
        for text in socket:
            if asked and self.generation.answers and _type(_parsed(text)) == asked:
                for event in exercise.get("expects", ()):
                    socket.send(
                        json.dumps(event if isinstance(event, Mapping) else {"type": event})
                    )

    def _spoken(self, hello: Hello) -> Contract:
        understood = heard(hello, self.contracts)
        return understood.contract if understood else self.contracts[0]

    def _log(self, hello: Hello, message: str, *, severity: str) -> None:
        container.log(severity, f"websocket: {message}", trace=hello.trace)


def _receive(socket: ServerConnection, within: float) -> Any:
    try:
        return _parsed(socket.recv(timeout=within))
    except TimeoutError:
        return None


def _parsed(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return {}


def _type(message: Any) -> Any:
    return message.get("type") if isinstance(message, Mapping) else None
