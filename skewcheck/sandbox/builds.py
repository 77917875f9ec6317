"""Cloud Build: triggers that run a Python callable, and the builds that come of it."""

import threading
import uuid
from collections.abc import Callable
from typing import TypeAlias

from skewcheck.sandbox.clock import Now, stamp
from skewcheck.sandbox.documents import Json
from skewcheck.sandbox.errors import SandboxError, not_found

Deploy: TypeAlias = Callable[[str], object]


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
        if trigger not in self._triggers:
            raise not_found(f"trigger '{trigger}' not found")
        commit = source.get("commitSha") or source.get("branchName", "")
        build = self._new(parent, trigger, commit)
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

    def builds(self) -> list[Json]:
        """Newest first."""
        return list(self._builds.values())[::-1]

    def triggers(self, parent: str) -> list[Json]:
        """All triggers."""
        return [self.trigger(parent, name) for name in self._triggers]

    def trigger(self, parent: str, name: str) -> Json:
        """One trigger."""
        if name not in self._triggers:
            raise not_found(f"trigger '{name}' not found")
        return {"id": name, "name": name, "resourceName": f"{parent}/triggers/{name}"}

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

    def _new(self, parent: str, trigger: str, commit: str) -> Json:
        build = str(uuid.uuid4())
        self._builds[build] = {
            "id": build,
            "name": f"{parent}/builds/{build}",
            "projectId": parent.split("/")[1],
            "status": "QUEUED",
            "createTime": stamp(self._now()),
            "buildTriggerId": trigger,
            "substitutions": {
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
