"""Cloud Build: triggers that run a Python callable, and the builds that come of it.

A trigger has a name and an id; both are taken where the API wants one.
"""

import re
import threading
import uuid
from collections.abc import Callable
from typing import TypeAlias

from skewcheck.sandbox.clock import Now, stamp
from skewcheck.sandbox.documents import Json
from skewcheck.sandbox.errors import SandboxError, invalid, not_found

Deploy: TypeAlias = Callable[[str], object]
_TERM = re.compile(r'([a-z_]+(?:\.\w+)?)\s*=\s*"([^"]*)"')
_CUSTOM = re.compile(r"_[A-Z0-9_]+")
_IDS = uuid.uuid5(uuid.NAMESPACE_DNS, "triggers.cloudbuild.sandbox.test")


class Builds:
    """Triggers by name, and builds by id; each build runs in a thread of its own."""

    def __init__(self, *, takes: float, now: Now) -> None:
        self.takes = takes
        self._now = now
        self._triggers: dict[str, Deploy] = {}
        self._builds: dict[str, Json] = {}
        self._threads: list[threading.Thread] = []
        self._closing = threading.Event()

    def add_trigger(self, name: str, deploy: Deploy) -> None:
        """When the trigger runs, `deploy` gets the commit; if it raises, the build fails."""
        self._triggers[name] = deploy

    def run(self, parent: str, trigger: str, source: Json) -> Json:
        """Start a build; the operation that follows it."""
        trigger = self._named(trigger)
        commit = source.get("commitSha") or source.get("branchName", "")
        build = self._new(parent, trigger, commit, _checked(source.get("substitutions", {})))
        thread = threading.Thread(target=self._work, args=(build["id"], trigger, commit))
        self._threads.append(thread)
        thread.start()
        return self.operation(build["id"])

    def get(self, build: str) -> Json:
        """The build as it is now."""
        try:
            return self._builds[build]
        except KeyError:
            raise not_found(f"build '{build}' not found") from None

    def builds(self, parent: str = "", query: str = "") -> list[Json]:
        """Those of a project or a region of it that pass the filter, newest first."""
        wanted = _terms(query)
        return [
            build
            for build in list(self._builds.values())[::-1]
            if build["name"].startswith(f"{parent}/" if parent else "")
            and all(_value(build, field) == value for field, value in wanted)
        ]

    def triggers(self, parent: str) -> list[Json]:
        """All triggers."""
        return [self.trigger(parent, name) for name in self._triggers]

    def trigger(self, parent: str, name: str) -> Json:
        """One trigger."""
        named = self._named(name)
        found = trigger_id(named)
        return {"id": found, "name": named, "resourceName": f"{parent}/triggers/{found}"}

    def operation(self, build: str) -> Json:
        """The long-running operation of a build."""
        document = self.get(build)
        done = document["status"] not in ("QUEUED", "WORKING")
        kind = "type.googleapis.com/google.devtools.cloudbuild.v1"
        operation: Json = {
            "name": f"operations/build/{document['projectId']}/{build}",
            "metadata": {"@type": f"{kind}.BuildOperationMetadata", "build": document},
            "done": done,
        }
        if document["status"] == "FAILURE":
            detail = document["failureInfo"]["detail"]
            return operation | {"error": {"code": 2, "message": f"Build failed; {detail}"}}
        return operation | ({"response": {"@type": f"{kind}.Build", **document}} if done else {})

    def join(self) -> None:
        """Wait for the builds that are under way."""
        for thread in self._threads:
            thread.join()

    def close(self) -> None:
        """Cut short what builds wait for, and wait for them."""
        self._closing.set()
        self.join()

    def _named(self, trigger: str) -> str:
        for name in self._triggers:
            if trigger in (name, trigger_id(name)):
                return name
        raise not_found(f"trigger '{trigger}' not found")

    def _new(self, parent: str, trigger: str, commit: str, custom: dict[str, str]) -> Json:
        build = str(uuid.uuid4())
        self._builds[build] = {
            "id": build,
            "name": f"{parent}/builds/{build}",
            "projectId": parent.split("/")[1],
            "status": "QUEUED",
            "createTime": stamp(self._now()),
            "buildTriggerId": trigger_id(trigger),
            "substitutions": {
                **custom,
                "TRIGGER_NAME": trigger,
                "COMMIT_SHA": commit,
                "SHORT_SHA": commit[:7],
            },
            "logUrl": f"https://console.cloud.google.com/cloud-build/builds/{build}",
        }
        return self._builds[build]

    def _work(self, build: str, trigger: str, commit: str) -> None:
        self._change(build, status="WORKING", startTime=stamp(self._now()))
        self._closing.wait(self.takes)
        try:
            self._triggers[trigger](commit)
        except SandboxError as error:
            failure = {"type": "USER_BUILD_STEP", "detail": str(error)}
            self._change(
                build, status="FAILURE", failureInfo=failure, finishTime=stamp(self._now())
            )
        else:
            self._change(build, status="SUCCESS", finishTime=stamp(self._now()))

    def _change(self, build: str, **fields: object) -> None:
        self._builds[build] = self._builds[build] | fields


def trigger_id(name: str) -> str:
    """The id of the trigger of that name."""
    return str(uuid.uuid5(_IDS, name))


def _checked(custom: Json) -> dict[str, str]:
    """The caller's own substitutions: all begin with an underscore, or the build is refused."""
    for key in custom:
        if not _CUSTOM.fullmatch(key):
            raise invalid(f"invalid value for 'build.substitutions': key '{key}' in the request")
    return {key: str(value) for key, value in custom.items()}


def _terms(query: str) -> list[tuple[str, str]]:
    """`trigger_id="x" AND status="SUCCESS" AND substitutions._NAME="y"`, in any order."""
    parts = [part for part in re.split(r"\s+AND\s+", query.strip()) if part]
    found = [_TERM.fullmatch(part) for part in parts]
    if not all(found):
        raise invalid("Request contains an invalid argument.")
    return [(term[1], term[2]) for term in found if term and _known(term[1])]


def _known(field: str) -> bool:
    if field in ("trigger_id", "status", "build_id") or field.startswith("substitutions."):
        return True
    raise invalid("Request contains an invalid argument.")


def _value(build: Json, field: str) -> str:
    plain = {"trigger_id": "buildTriggerId", "build_id": "id", "status": "status"}
    if field in plain:
        return str(build[plain[field]])
    return str(build["substitutions"].get(field.removeprefix("substitutions."), ""))
