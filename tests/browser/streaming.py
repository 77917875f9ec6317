"""A small server for live pages: the page under its policy, and a stream that says `changed`."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any

from skewcheck.render.page import csp_of_page

_CLOSE = ""


class PageServer(ThreadingHTTPServer):
    """`html` may be changed; `tell` says so to whoever listens. While `down`, nothing answers
    well."""

    daemon_threads = True

    def __init__(self, html: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.html = html
        self.down = False
        self.fetched = 0
        self.listening = threading.Event()
        self._streams: list[Queue[str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def tell(self, version: str) -> None:
        for stream in self._streams:
            stream.put(version)

    def hang_up(self) -> None:
        """Ends every stream."""
        self.listening.clear()
        self.tell(_CLOSE)

    def stream(self) -> "Queue[str]":
        queue: Queue[str] = Queue()
        self._streams.append(queue)
        self.listening.set()
        return queue


class _Handler(BaseHTTPRequestHandler):
    server: PageServer

    def do_GET(self) -> None:
        if self.server.down:
            self.send_error(503)
        elif self.path == "/events":
            self._stream()
        else:
            self._page()

    def _page(self) -> None:
        self.server.fetched += 1
        body = self.server.html.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", csp_of_page())
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(b"retry: 50\n\n")
        queue = self.server.stream()
        while version := queue.get():
            self.wfile.write(f"event: changed\ndata: {version}\n\n".encode())

    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def serving_page(html: str) -> Iterator[PageServer]:
    with PageServer(html) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.hang_up()
            server.shutdown()
            thread.join()
