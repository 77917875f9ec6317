"""Runs the service until it is told to end: listens, works, and hands over what is under way."""

import os
import signal
import socket
import sys
import threading
from types import FrameType

import uvicorn

from skewcheck.core.errors import SkewcheckError
from skewcheck.service.asked import Asked
from skewcheck.service.loop import Tell
from skewcheck.service.parts import Parts, open_parts
from skewcheck.service.told import opening_lines

# Cloud Run kills ten seconds after SIGTERM.
_ANSWERS_END_WITHIN_S = 3
_THREADS_END_WITHIN_S = 2.0


class _Server(uvicorn.Server):
    """Ends open streams and lets go of rollouts before it waits for answers under way."""

    def __init__(self, config: uvicorn.Config, parts: Parts) -> None:
        super().__init__(config)
        self._parts = parts

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._parts.crew.stop.set()
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._parts.board.close()
        self._parts.crew.hand_over()
        await super().shutdown(sockets)


def serve(asked: Asked, tell: Tell) -> None:
    """Returns on SIGTERM when all has ended; an interrupt is raised."""
    listening = listen(asked.host, asked.port)
    with listening:
        parts = open_parts(asked, tell)
        server = _server(parts)
        # From the first word on; and uvicorn raises the signal once more when it has ended, which
        # must not end us by it.
        signal.signal(signal.SIGTERM, server.handle_exit)
        for line in opening_lines(asked, parts.roster.names(), parts.slack, _url(listening)):
            tell(line)
        _run(parts, server, listening)


def listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise SkewcheckError(
            f"cannot listen on {host} port {port}: {error.strerror or error}",
            hint="another port: --port 8081, or --port 0 for any that is free",
        ) from error


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _run(parts: Parts, server: _Server, listening: socket.socket) -> None:
    parts.crew.start()
    if parts.slack is not None:
        parts.slack.start()
    try:
        server.run(sockets=[listening])
    finally:
        ended = _let_go(parts)
    if not ended:
        leave_at_once()


def _server(parts: Parts) -> _Server:
    config = uvicorn.Config(
        parts.app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_ANSWERS_END_WITHIN_S,
    )
    return _Server(config, parts)


def _let_go(parts: Parts) -> bool:
    """Slack's socket takes seconds to close: nobody waits for it."""
    if parts.slack is not None:
        threading.Thread(target=parts.slack.stop, daemon=True).start()
    return parts.crew.let_go(_THREADS_END_WITHIN_S)


def leave_at_once() -> None:
    """A survey still hangs in some read; Python would wait for its threads."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
