"""Opens WebSockets as a browser would, and writes down all that a client library would hide."""

from skewcheck.adapters.websocket_prober.prober import WebSocketProber

__all__ = ["WebSocketProber"]
