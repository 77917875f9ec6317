"""`python -m benchmarks.plain_load URL TOKEN N`: the same load by plain `websockets`, in asyncio.

It keeps nothing of what happened on the way: connect, welcome, stay as long as a probe does, close.
"""

import asyncio
import base64
import json
import sys

from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

_STAY_S = 0.2  # as core/wire/conversation.py


async def _visit(url: str, token: str) -> bool:
    encoded = base64.urlsafe_b64encode(token.encode()).decode().rstrip("=")
    offers = [Subprotocol("jwt-auth"), Subprotocol(f"jwt.{encoded}")]
    async with connect(url, subprotocols=offers, open_timeout=30) as socket:
        welcome = json.loads(await socket.recv())
        await asyncio.sleep(_STAY_S)
        return bool(welcome["type"] == "connection_established")


async def _main(url: str, token: str, count: int) -> int:
    held = sum(await asyncio.gather(*(_visit(url, token) for _ in range(count))))
    print(f"{held} of {count} hold")
    return 0 if held == count else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(_main(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
