"""The frontend: a page, its hashed script, and documents that say which build this is."""

import json
import os
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event

from skewcheck.sandbox.programs import container

_HASHED = {"Cache-Control": "public, max-age=31536000, immutable"}
Answer = tuple[int, str, Mapping[str, str], str]


def page(build: str) -> str:
    """The HTML of a build: it names the build and loads that build's script."""
    return (
        "<!doctype html>\n<html><head>\n"
        f'<meta name="build-sha" content="{build}">\n'
        "<title>Acme Chat</title>\n"
        f'<script type="module" src="{script_path(build)}"></script>\n'
        '</head><body><div id="app"></div></body></html>\n'
    )


def script_path(build: str) -> str:
    """Where the script of a build is; other builds do not have it."""
    return f"/assets/app-{build[:7]}.js"


def script(build: str, subprotocols: list[str]) -> str:
    """The script of a build: it offers the subprotocols of its contract."""
    offers = ", ".join(json.dumps(offer.replace("{", "${")) for offer in subprotocols)
    return (
        f'const build = "{build}";\n'
        f"export const connect = (url, token) => new WebSocket(url, [{offers}]);\n"
    )


def answer(path: str, settings: container.Settings) -> Answer:
    """Status, content type, headers and body for a path."""
    build: str = settings["build"]
    contract = settings["contract"] or {}
    offers = contract.get("handshake", {}).get("subprotocols", [])
    if path in ("/", "/index.html"):
        return 200, "text/html; charset=utf-8", settings["html_headers"], page(build)
    if path == script_path(build):
        return 200, "text/javascript; charset=utf-8", _HASHED, script(build, offers)
    if path in ("/version.json", "/__version__"):
        document = json.dumps(settings["version_document"])
        return 200, "application/json", settings["version_headers"], document
    if path == "/__heartbeat__":
        status, health = container.heartbeat(settings)
        return (
            status,
            "application/json",
            {"Cache-Control": "no-store"},
            json.dumps(health),
        )
    return 404, "text/plain; charset=utf-8", {"Cache-Control": "no-store"}, "Not Found\n"


def handler(settings: container.Settings) -> Callable[..., BaseHTTPRequestHandler]:
    """The request handler of one build."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._send(body=True)

        def do_HEAD(self) -> None:
            self._send(body=False)

        def do_POST(self) -> None:
            # A socket closed with a body unread is reset, and the reset can overtake the answer.
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_error(501)

        def _send(self, *, body: bool) -> None:
            status, kind, headers, text = answer(self.path.split("?")[0], settings)
            content = text.encode()
            self.send_response(status)
            for name, value in {"Content-Type": kind, **headers, "Connection": "close"}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content if body else b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """The platform logs requests; a program need not."""

    return Handler


def main(environment: Mapping[str, str]) -> None:
    """Serve until the platform goes away."""
    settings = container.Settings(environment)
    container.leave_with_parent(settings)
    container.come_up(settings, Event().wait)
    server = ThreadingHTTPServer(("127.0.0.1", int(environment["PORT"])), handler(settings))
    container.ready(server.server_address[1])
    server.serve_forever()


if __name__ == "__main__":
    main(os.environ)  # noqa: TID251  a container's own environment is its input
