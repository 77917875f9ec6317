"""Whether this machine's clock agrees with the services': leases, approvals and freezes need it."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from skewcheck.core.answer import Answer, HttpRead
from skewcheck.core.checkup.check import Check, Name, bad, not_needed, ok
from skewcheck.core.exposed.caching import age_s
from skewcheck.core.remote_text import without_secrets

_TOLERATED = timedelta(seconds=60)


def check_clock(environment: str, answers: Iterable[HttpRead]) -> Check:
    """By the first answer that says when it was made (RFC 9110 §6.6.1); one out of a cache was made
    `Age` seconds ago."""
    name = Name.CLOCK
    for url, ahead in _differences(answers):
        seconds = abs(int(ahead.total_seconds()))
        if abs(ahead) > _TOLERATED:
            way = "ahead of" if ahead > timedelta(0) else "behind"
            told = f"this machine is {seconds} s {way} {url}: leases would end at the wrong time"
            return bad(name, environment, told, "sudo timedatectl set-ntp true")
        return ok(name, environment, f"within a minute of {url}")
    return not_needed(name, environment, "no answer says what time it is")


def _differences(answers: Iterable[HttpRead]) -> Iterator[tuple[str, timedelta]]:
    for answer in answers:
        if isinstance(answer, Answer) and (date := _date(answer.headers.get("date", ""))):
            age = timedelta(seconds=age_s(answer.headers) or 0)
            yield without_secrets(answer.url), answer.read_at - (date + age)


def _date(written: str) -> datetime | None:
    try:
        return parsedate_to_datetime(written).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
