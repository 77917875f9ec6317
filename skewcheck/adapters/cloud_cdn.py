"""Cloud CDN: makes caches forget, by the REST API of Compute Engine.

By REST because the typed library costs 1.8 seconds to import, and waits for its operations at
Google whatever endpoint it was given. Cloud CDN's documents speak of 500 invalidations a minute,
older ones of one: whoever is refused for that asks for everything at once, and waits.
"""

import json
import uuid
from collections.abc import Sequence
from typing import TypeAlias

import requests

from skewcheck.core.errors import ActionFailedError
from skewcheck.core.rollout.order import EdgeOrder
from skewcheck.core.strict_json import Json
from skewcheck.google_api.api import Api
from skewcheck.google_api.patience import Endurance, Patience
from skewcheck.google_api.refusal import Asked, Refusal, one_line
from skewcheck.google_api.rest import Limits, Rest, open_api
from skewcheck.ports import Clock
from skewcheck.ports.rollout import Changed

CLOUD_CDN = Api(
    name="Cloud CDN",
    host="compute.googleapis.com",
    version="compute/v1",
    role="roles/compute.loadBalancerAdmin",
    look="gcloud compute url-maps list --project={project}",
    deed="invalidate",
)
# Old documents: one invalidation a minute, which takes up to three.
_ENDURANCE = Endurance(seconds=600, longest_pause_s=60)
_EVERYTHING = "/*"
_PAGE = ("/", "/index.html")
_MOST_PATHS = 3
_MOST_TAGS = 10
_Document: TypeAlias = dict[str, Json]
_OURS = uuid.uuid5(uuid.NAMESPACE_DNS, "invalidations.skewcheck.dev")


class CloudCdn:
    """A `ports.rollout.Invalidations`. Credentials are loaded when needed."""

    def __init__(
        self,
        *,
        clock: Clock,
        endpoint: str | None = None,
        limits: Limits | None = None,
        endurance: Endurance = _ENDURANCE,
    ) -> None:
        """`endpoint` is a loopback URL for a local stand-in, spoken to without credentials."""
        self._clock = clock
        self._endurance = endurance
        limits = limits or Limits(retries=0)
        self._rest = open_api(CLOUD_CDN, clock=clock, endpoint=endpoint, limits=limits)

    def invalidate(self, edge: EdgeOrder, *, key: str) -> Changed:
        if refused := self._rest.sign_in(edge.project):
            raise ActionFailedError(f"{edge.host}: {refused.detail}", hint=refused.fix)
        patience = Patience(edge.host, self._clock, self._endurance)
        with self._rest.session() as session:
            wish = _Wish(self._rest, session, edge, key, patience)
            operations = wish.started()
            for each in operations:
                wish.finish(each)
        return Changed(evidence=tuple(_name(each) for each in operations))


class _Wish:
    """One call of `invalidate`. Each request has an id made of key and rule, by which Compute
    Engine knows it again ("requestId"): so it may be sent as often as needed."""

    def __init__(
        self, rest: Rest, session: requests.Session, edge: EdgeOrder, key: str, patience: Patience
    ) -> None:
        self._rest = rest
        self._session = session
        self._edge = edge
        self._key = key
        self._patience = patience
        self._asked = Asked(api=CLOUD_CDN, project=edge.project, member=rest.member)

    def started(self) -> list[_Document]:
        """The operations of all tags and paths."""
        tags = self._edge.tags
        rules: list[_Document] = [
            {"cacheTags": list(tags[at : at + _MOST_TAGS])}
            for at in range(0, len(tags), _MOST_TAGS)
        ]
        return [self._start(rule) for rule in rules] + self._started_paths(_paths(self._edge))

    def finish(self, operation: _Document) -> None:
        """Waits until it is done; ActionFailedError with the platform's message if it failed."""
        name = _name(operation)
        fix = f"gcloud compute operations describe {name} --global --project={self._edge.project}"
        while operation.get("status") != "DONE":
            if self._patience.is_over:
                told = f"the operation {name} has not ended after {self._patience.limit}"
                self._patience.give_up(told, hint=fix)
            self._patience.pause()
            operation = self._read(name)
        if problem := _problem(operation):
            told = f"Cloud CDN could not do it: {one_line(problem)} (operation {name})"
            self._patience.give_up(told, hint=fix)

    def _started_paths(self, paths: Sequence[str]) -> list[_Document]:
        found: list[_Document] = []
        for path in paths:
            answer = self._send({"path": path})
            if isinstance(answer, Refusal):
                self._bear(answer)
                if answer.status == 429:  # everything at once, instead of one path a minute
                    return [*found, self._start({"path": _EVERYTHING})]
                answer = self._start({"path": path})
            found.append(answer)
        return found

    def _start(self, rule: _Document) -> _Document:
        while isinstance(answer := self._send(rule), Refusal):
            self._bear(answer)
        return answer

    def _send(self, rule: _Document) -> _Document | Refusal:
        path = f"{self._place}/urlMaps/{self._edge.url_map}/invalidateCache"
        request_id = str(uuid.uuid5(_OURS, json.dumps([self._key, self._edge.host, rule])))
        body = {"host": self._edge.host, **rule}
        answer = self._rest.change(self._session, path, self._asked, body, requestId=request_id)
        if isinstance(answer, Refusal) or _name(answer):
            return answer
        return self._rest.nonsense("an operation without a name", self._rest.url(path))

    def _read(self, name: str) -> _Document:
        path = f"{self._place}/operations/{name}"
        while isinstance(answer := self._rest.get(self._session, path, self._asked), Refusal):
            self._patience.bear(answer)
        return answer

    def _bear(self, refused: Refusal) -> None:
        if refused.status == 404:
            told = f"project {self._edge.project} has no URL map {self._edge.url_map}"
            self._patience.give_up(told, hint=self._asked.look)
        self._patience.bear(refused, sent=True)

    @property
    def _place(self) -> str:
        return f"projects/{self._edge.project}/global"


def _paths(edge: EdgeOrder) -> tuple[str, ...]:
    """A page has two names; and one request for everything costs less than many."""
    named = [*edge.paths, *(_PAGE if set(edge.paths) & set(_PAGE) else ())]
    paths = tuple(dict.fromkeys(named))
    if edge.tags and not paths:
        return ()
    return paths if 0 < len(paths) <= _MOST_PATHS else (_EVERYTHING,)


def _name(operation: _Document) -> str:
    name = operation.get("name")
    return name if isinstance(name, str) else ""


def _problem(operation: _Document) -> str:
    """Compute Engine's shape: `error.errors[].message`; empty where it succeeded."""
    error = operation.get("error")
    if not error:
        return ""
    errors = error.get("errors") if isinstance(error, dict) else None
    each = errors if isinstance(errors, list) else []
    told = [str(one.get("message") or one.get("code")) for one in each if isinstance(one, dict)]
    return "; ".join(told) or str(operation.get("httpErrorMessage") or "it does not say why")
