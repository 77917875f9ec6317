"""Takes the token out of every text, in whichever shape it travels there."""

import base64
import json
import re

from skewcheck.core.wire.secret import MASK, SHORTEST_TOKEN, Secret

# Without the look-behind, a megabyte of "eyJeyJeyJ" would be scanned anew from each of them.
_JWT = re.compile(r"(?<![\w-])eyJ[\w-]{4,}\.[\w-]{4,}\.[\w-]*", re.ASCII)


class Mask:
    """For one probe; without a token it still hides what looks like somebody's JWT."""

    def __init__(self, token: Secret | None) -> None:
        self._shapes = _shapes_of(token)

    def finds(self, text: str) -> bool:
        return any(shape in text for shape in self._shapes)

    def hide(self, text: str) -> str:
        """Call it before cutting: half a token is not recognised, save at the text's end."""
        for shape in self._shapes:
            text = text.replace(shape, MASK)
        return _JWT.sub("[jwt]", self._hide_torn_end(text))

    def _hide_torn_end(self, text: str) -> str:
        for shape in self._shapes:
            for length in range(len(shape) - 1, SHORTEST_TOKEN - 1, -1):
                if text.endswith(shape[:length]):
                    return text[:-length] + MASK
        return text


def _shapes_of(token: Secret | None) -> tuple[str, ...]:
    """Those in which we send it, and those in which JSON and plain base64 may give it back."""
    if token is None or not token.reveal:
        return ()
    raw = token.reveal
    plain = base64.b64encode(raw.encode()).decode().rstrip("=")
    quoted = (json.dumps(raw)[1:-1], json.dumps(raw, ensure_ascii=False)[1:-1])
    return tuple(sorted({*token.shapes(), plain, *quoted}, key=len, reverse=True))
