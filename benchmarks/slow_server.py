"""Many services in one process: each version document takes a while, and any number at once.

`python -m benchmarks.slow_server SECONDS < COMMITS` prints its port and serves until it is ended;
`/7/version.json` is the document of a service that was made from the commit of line 7, from 0.
"""

import asyncio
import json
import sys
from functools import partial

_WAITING = 1024


async def _answer(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    *,
    documents: list[bytes],
    delay_s: float,
) -> None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(delay_s)
        writer.write(documents[int(head.split(b"/", 2)[1])])
        await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        return
    finally:
        writer.close()


def _document(commit: str) -> bytes:
    body = json.dumps({"source": "https://git.acme.example/acme", "commit": commit}).encode()
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


async def _serve(commits: list[str], delay_s: float) -> None:
    documents = [_document(commit) for commit in commits]
    answer = partial(_answer, documents=documents, delay_s=delay_s)
    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=_WAITING)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(sys.stdin.read().split(), float(sys.argv[1])))
