"""Whether a request is from Slack, and of now. Answers yes or no to whatever a stranger sends.

"Verifying requests from Slack": HMAC-SHA256 of `v0:timestamp:body`, no older than five minutes.
"""

import hashlib
import hmac
import re
from datetime import datetime

_WINDOW_S = 5 * 60
_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)


def is_signed(body: bytes, *, timestamp: str, signature: str, secret: str, now: datetime) -> bool:
    """Never with an empty secret; the window stands open both ways, because clocks differ."""
    if not secret or not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
        return False
    if abs(now.timestamp() - int(timestamp)) > _WINDOW_S:
        return False
    return hmac.compare_digest(signature_of(body, timestamp=timestamp, secret=secret), signature)


def signature_of(body: bytes, *, timestamp: str, secret: str) -> str:
    signed = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
