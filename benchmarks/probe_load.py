"""`python -m benchmarks.probe_load URL TOKEN N`: N of our probes at once, as a gate makes them."""

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from skewcheck.adapters.clock import SystemClock
from skewcheck.adapters.websocket_prober import WebSocketProber
from skewcheck.core.ladder.climb import climb
from skewcheck.core.wire.script import AS_A_BROWSER, ProbeRequest, Script, Target
from skewcheck.core.wire.secret import Secret

OFFERS = ("jwt-auth", "jwt.{token:base64url}")
_SCRIPT = Script(
    offers=OFFERS,
    selected=OFFERS[0],
    token_in="subprotocol",  # noqa: S106 - a place
    welcome={"type": "connection_established"},
    welcome_within_s=30.0,
)


def main() -> int:
    url, token, count = sys.argv[1], Secret(sys.argv[2]), int(sys.argv[3])
    prober, start = WebSocketProber(clock=SystemClock()), Barrier(count)

    def probe(number: int) -> str:
        request = ProbeRequest(
            id=f"load-{number}", target=Target(place="edge", url=url), origin=url, script=_SCRIPT
        )
        start.wait()
        transcript = prober.probe(request, token)
        failed = climb(transcript, _SCRIPT, AS_A_BROWSER).failed
        return f"{transcript.id} {failed.told if failed else 'holds'}"

    with ThreadPoolExecutor(count) as pool:
        told = list(pool.map(probe, range(count)))
    held = [f"load-{number} holds" for number in range(count)]
    print(f"{len(set(told) & set(held))} of {count} hold")
    return 0 if told == held else 1


if __name__ == "__main__":
    sys.exit(main())
