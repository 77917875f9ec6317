"""Lists of APIs that do not page as AIP-158 has it: Compute Engine's and Knative's."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import requests

from skewcheck.core.strict_json import Json
from skewcheck.google_api.refusal import Asked, Refusal
from skewcheck.google_api.rest import Rest

_Page: TypeAlias = dict[str, Json]
_MOST_PAGES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """How one API asks for a page: the names of its parameters, the largest page, and where an
    answer says how to go on (None or an empty text: nowhere)."""

    size: str
    page: str
    following: Callable[[_Page], Json]
    largest: int = 500


def read_pages(
    rest: Rest, session: requests.Session, path: str, asked: Asked, paging: Paging
) -> list[_Page] | Refusal:
    """All pages as they came; what is in them is for the core to read."""
    found: list[_Page] = []
    query = {paging.size: str(paging.largest)}
    for _ in range(_MOST_PAGES):
        page = rest.get(session, path, asked, **query)
        if isinstance(page, Refusal):
            return page
        found.append(page)
        following = paging.following(page)
        if not isinstance(following, str | None):
            return rest.nonsense("a page token that is no text", rest.url(path))
        if not following:
            return found
        query[paging.page] = following
    return rest.nonsense(f"more than {_MOST_PAGES} pages", rest.url(path))
