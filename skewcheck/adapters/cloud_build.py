"""Cloud Build: runs a trigger at a commit, by the REST API, and finds the run again by its key.

The key travels as a substitution of ours: builds that a trigger starts may carry ones that their
steps do not use ("Substituting variable values": ALLOW_LOOSE is always set for them). Runs are
looked for by the trigger alone, and compared here: of the documented filters ("Filtering build
results by using queries") that is the one that others have found to work.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import requests

from skewcheck.core.cloud_run.fields import (
    Document,
    MalformedError,
    documents,
    inner,
    moment,
    text,
)
from skewcheck.core.errors import ActionFailedError
from skewcheck.core.strict_json import Json
from skewcheck.google_api.api import Api
from skewcheck.google_api.patience import Endurance, Patience
from skewcheck.google_api.refusal import Asked, Refusal, one_line
from skewcheck.google_api.rest import Limits, Rest, open_api
from skewcheck.ports import Clock
from skewcheck.ports.rollout import BuildRun, Trigger

CLOUD_BUILD = Api(
    name="Cloud Build",
    host="cloudbuild.googleapis.com",
    version="v1",
    role="roles/cloudbuild.builds.editor",
    look="gcloud builds triggers list --project={project} --region={region}",
    deed="run triggers of",
)
_ENDURANCE = Endurance(seconds=120)
_KEY = "_SKEWCHECK_KEY"
_OURS = uuid.uuid5(uuid.NAMESPACE_DNS, "builds.skewcheck.dev")
# A run of ours is among the newest of its trigger.
_LIMITS = Limits(retries=0, pages=10)
_PAGE = 100


class CloudBuild:
    """A `ports.rollout.Builds`. Credentials are loaded when needed."""

    def __init__(
        self,
        *,
        clock: Clock,
        endpoint: str | None = None,
        limits: Limits = _LIMITS,
        endurance: Endurance = _ENDURANCE,
    ) -> None:
        """`endpoint` is a loopback URL for a local stand-in, spoken to without credentials."""
        self._clock = clock
        self._endurance = endurance
        self._limits = limits
        self._rest = open_api(CLOUD_BUILD, clock=clock, endpoint=endpoint, limits=limits)

    def start(self, trigger: Trigger, commit: str, *, key: str) -> BuildRun:
        with self._talk(trigger) as talk:
            return talk.started(commit, str(uuid.uuid5(_OURS, key)))

    def read(self, trigger: Trigger, run: BuildRun) -> BuildRun:
        with self._talk(trigger) as talk:
            return talk.read(run.id)

    def last_took_s(self, trigger: Trigger) -> float | None:
        try:
            with self._talk(trigger, seconds=0) as talk:
                return talk.last_took_s()
        except ActionFailedError:  # it is only told to people, who may do without
            return None

    @contextmanager
    def _talk(self, trigger: Trigger, *, seconds: float | None = None) -> Iterator["_Talk"]:
        if refused := self._rest.sign_in(trigger.project):
            raise ActionFailedError(f"{trigger.name}: {refused.detail}", hint=refused.fix)
        allowed = self._endurance.seconds if seconds is None else seconds
        patience = Patience(
            f"the trigger {trigger.name}", self._clock, replace(self._endurance, seconds=allowed)
        )
        with self._rest.session() as session:
            talk = _Talk(self._rest, session, trigger, patience, pages=self._limits.pages)
            try:
                yield talk
            except MalformedError as error:
                told = f"Cloud Build's answer breaks its own schema: {error}"
                patience.give_up(told, hint=talk.look)


class _Talk:
    """The calls of one question about one trigger."""

    def __init__(
        self,
        rest: Rest,
        session: requests.Session,
        trigger: Trigger,
        patience: Patience,
        *,
        pages: int,
    ) -> None:
        self._rest = rest
        self._session = session
        self._trigger = trigger
        self._patience = patience
        self._pages = pages
        self._parent = f"projects/{trigger.project}/locations/{trigger.region}"
        self._asked = Asked(
            api=CLOUD_BUILD, project=trigger.project, region=trigger.region, member=rest.member
        )

    @property
    def look(self) -> str:
        return self._asked.look

    def started(self, commit: str, key: str) -> BuildRun:
        """Looks again after whatever went wrong: the run may have begun all the same."""
        trigger = self._trigger_id()
        while (run := self._found(trigger, key)) is None:
            path = f"{self._parent}/triggers/{trigger}:run"
            answer = self._rest.change(self._session, path, self._asked, _source(commit, key))
            if not isinstance(answer, Refusal):
                return read_run(inner(inner(answer, "metadata"), "build"))
            self._patience.bear(answer, sent=True)
        return run

    def read(self, build: str) -> BuildRun:
        return read_run(self._get(f"{self._parent}/builds/{build}"))

    def last_took_s(self) -> float | None:
        wanted = f'trigger_id="{self._trigger_id()}" AND status="SUCCESS"'
        listed = self._listed("builds", filter=wanted)
        newest = (read_run(each) for each in listed if text(each, "status") == "SUCCESS")
        return next((run.took_s for run in newest), None)

    def _found(self, trigger: str, key: str) -> BuildRun | None:
        for each in self._listed("builds", filter=f'trigger_id="{trigger}"'):
            if text(inner(each, "substitutions"), _KEY) == key:
                return read_run(each)
        return None

    def _trigger_id(self) -> str:
        for each in self._listed("triggers"):
            if self._trigger.name in (text(each, "name"), text(each, "id")):
                return text(each, "id")
        where = f"{self._trigger.region} of project {self._trigger.project}"
        told = f"Cloud Build has no trigger {self._trigger.name} in {where}"
        raise ActionFailedError(told, hint=self.look)

    def _listed(self, key: str, **query: str) -> Iterator[Document]:
        """The newest first, page by page, no further than anybody asks."""
        token: dict[str, str] = {}
        for _ in range(self._pages):
            page = self._get(f"{self._parent}/{key}", pageSize=str(_PAGE), **query, **token)
            yield from documents(page, key)
            if not (following := text(page, "nextPageToken")):
                return
            token = {"pageToken": following}

    def _get(self, path: str, **query: str) -> Document:
        while isinstance(
            answer := self._rest.get(self._session, path, self._asked, **query), Refusal
        ):
            self._patience.bear(answer)
        return answer


def read_run(build: Document) -> BuildRun:
    """MalformedError for what breaks the API's schema."""
    if not (name := text(build, "id")):
        raise MalformedError("a build has no id")
    failure = inner(build, "failureInfo")
    return BuildRun(
        id=name,
        status=text(build, "status"),
        log_url=text(build, "logUrl"),
        detail=one_line(text(failure, "detail") or text(build, "statusDetail")),
        took_s=_took_s(build),
    )


def _took_s(build: Document) -> float | None:
    """From when it was asked for: whoever waits, waits in the queue as well."""
    if not text(build, "finishTime"):
        return None
    return (moment(build, "finishTime") - moment(build, "createTime")).total_seconds()


def _source(commit: str, key: str) -> dict[str, Json]:
    """A `RepoSource`; its substitutions are for `triggers.run` alone."""
    return {"source": {"commitSha": commit, "substitutions": {_KEY: key}}}
