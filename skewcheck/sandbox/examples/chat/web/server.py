"""Serves web/dist, and tells the page where the chat is."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIServer, make_server

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

DIST = Path(__file__).parent / "dist"
KINDS = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
PAGE = "public, max-age=3600"
ASSET = "public, max-age=31536000, immutable"


def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path == "/session.json":
        return answer(start_response, session(), "application/json", "no-store")
    file = DIST / ("index.html" if path == "/" else path.lstrip("/"))
    if ".." in path or not file.is_file():
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"Not Found\n"]
    kind = KINDS.get(file.suffix, "application/octet-stream")
    cached = ASSET if path.startswith("/assets/") else PAGE
    return answer(start_response, file.read_bytes(), kind, cached)


def session() -> bytes:
    """Who you are and where the chat is; a real one would ask you to sign in."""
    session = {"socket": os.environ["CHAT_SOCKET"], "token": os.environ["CHAT_TOKEN"]}
    return json.dumps(session).encode()


def answer(start_response: "StartResponse", body: bytes, kind: str, cached: str) -> Iterable[bytes]:
    headers = [
        ("Content-Type", kind),
        ("Content-Length", str(len(body))),
        ("Cache-Control", cached),
    ]
    start_response("200 OK", headers)
    return [body]


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


if __name__ == "__main__":
    host, port = os.environ.get("HOST", "0.0.0.0"), int(os.environ.get("PORT", "8080"))
    with make_server(host, port, app, Server) as server:
        server.serve_forever()
