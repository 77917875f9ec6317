"""Google's public keys, fetched and kept for a while; without them nobody is verified."""

import json
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

import requests

from skewcheck.deadline import within
from skewcheck.google_api.network_errors import explain_network
from skewcheck.ports import Clock

_FETCH_S = 5.0
_FRESH_FOR = timedelta(hours=1)
_UNKNOWN_KEY_AFTER = timedelta(minutes=1)
_FAILED_AFTER = timedelta(seconds=10)


class RefusedError(Exception):
    """Why a visitor is nobody; caught within this package."""


class Keys:
    """Google's public keys by id, kept for an hour. Whoever makes key ids up, or comes while the
    keys cannot be fetched, does not make us ask again and again."""

    def __init__(self, url: str, clock: Clock) -> None:
        self._url, self._clock = url, clock
        self._lock = threading.Lock()
        self._keys: Mapping[str, str] = {}
        self._asked: datetime | None = None
        self._failed = ""

    def named(self, key_id: object) -> str:
        with self._lock:
            if self._is_due(key_id):
                self._fetch()
            if self._failed:
                raise RefusedError(f"the keys to verify tokens with cannot be had: {self._failed}")
            if not isinstance(key_id, str) or key_id not in self._keys:
                raise RefusedError("the token is signed with a key that its issuer does not show")
            return self._keys[key_id]

    def _is_due(self, key_id: object) -> bool:
        if self._asked is None:
            return True
        age = self._clock.now() - self._asked
        if self._failed:
            return age >= _FAILED_AFTER
        return age >= (_FRESH_FOR if key_id in self._keys else _UNKNOWN_KEY_AFTER)

    def _fetch(self) -> None:
        self._asked, self._failed = self._clock.now(), ""
        try:
            self._keys = within(_FETCH_S, lambda: _fetched(self._url))
        except (requests.RequestException, OSError) as error:
            self._failed = explain_network(error, self._url).detail
        except ValueError as error:
            self._failed = str(error)


def _fetched(url: str) -> Mapping[str, str]:
    answer = requests.get(url, timeout=_FETCH_S, allow_redirects=False)
    if answer.status_code != requests.codes.ok:
        raise ValueError(f"{url} answered {answer.status_code}")
    try:
        keys = json.loads(answer.content)
    except ValueError as error:
        raise ValueError(f"{url} did not answer with JSON") from error
    if not isinstance(keys, dict) or not all(isinstance(each, str) for each in keys.values()):
        raise ValueError(f"{url} did not answer with keys by id")
    return keys
