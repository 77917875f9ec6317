"""What kind of failure is it, and do two fail alike? By the wire, never by how it is told."""

from skewcheck.core.ladder.climb import Rung
from skewcheck.core.probed.probes import Probed
from skewcheck.core.wire.transcript import Answered, Closed, Ended, Transcript


def same_failure(one: Probed, other: Probed) -> bool:
    """Same rung and code, and the same status and close on the wire."""
    return same_kind(one, other) and _ending(one.worst[0]) == _ending(other.worst[0])


def same_kind(one: Probed, other: Probed) -> bool:
    """Same rung, code and status, whatever the server said when it closed."""
    mine, yours = one.failed, other.failed
    if mine is None or yours is None:
        return False
    both = _status(one.worst[0]), _status(other.worst[0])
    return (mine.rung, mine.code, both[0]) == (yours.rung, yours.code, both[1])


def same_ending(one: Probed, other: Probed) -> bool:
    """The same on the wire, whatever a browser would have made of it on the way there."""
    mine, yours = one.worst[0], other.worst[0]
    return (_ending(mine), _selected(mine)) == (_ending(yours), _selected(yours))


_NOT_LET_IN = (401, 403, 404)


def past_edge_is_closed(probed: Probed) -> bool:
    """Not let in at all: a direct URL that is switched off (404), internal, or for members of the
    project only (401, 403), says nothing about the service behind it."""
    if probed.failed is None:
        return False
    answered = probed.worst[0].first(Answered)
    refused = answered is not None and answered.status in _NOT_LET_IN
    return refused or probed.failed.rung in {Rung.NAME, Rung.CONNECTION}


def _ending(transcript: Transcript) -> tuple[object, ...]:
    """The answer's status and the server's close; how the connection ended only without one."""
    status, closed = _status(transcript), transcript.first(Closed)
    if closed is not None and closed.by == "server":
        return status, closed.code, closed.reason
    ended = transcript.first(Ended)
    return status, ended.how if ended and status in {None, 101} else ""


def _status(transcript: Transcript) -> int | None:
    answered = transcript.first(Answered)
    return answered.status if answered else None


def _selected(transcript: Transcript) -> str | None:
    answered = transcript.first(Answered)
    return answered.header("sec-websocket-protocol") if answered else None
