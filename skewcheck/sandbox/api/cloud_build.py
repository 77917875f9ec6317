"""The Cloud Build API v1: triggers and builds, in the regional and in the global form."""

from skewcheck.sandbox.api.http import Call, Paging, Route, Routes
from skewcheck.sandbox.builds import Builds
from skewcheck.sandbox.documents import Json
from skewcheck.sandbox.run.store import page

_PARENT = r"/v1/(?P<parent>projects/[^/]+(?:/locations/[^/]+)?)"
_TRIGGER = rf"{_PARENT}/triggers/(?P<trigger>[^/:]+)"


class CloudBuild:
    """One method per call of the API."""

    def __init__(self, builds: Builds) -> None:
        self._builds = builds

    def routes(self) -> Routes:
        """Where each method is."""
        return (
            Route("GET", f"{_PARENT}/triggers", self.list_triggers),
            Route("GET", _TRIGGER, self.get_trigger),
            Route("POST", f"{_TRIGGER}:run", self.run_trigger),
            Route("GET", f"{_PARENT}/builds", self.list_builds),
            Route("GET", rf"{_PARENT}/builds/(?P<build>[^/:]+)", self.get_build),
            Route("GET", r"/v1/operations/build/[^/]+/(?P<build>[^/]+)", self.get_operation),
        )

    def list_triggers(self, call: Call) -> Json:
        return {"triggers": self._builds.triggers(call.part["parent"])}

    def get_trigger(self, call: Call) -> Json:
        return self._builds.trigger(call.part["parent"], call.part["trigger"])

    def run_trigger(self, call: Call) -> Json:
        """The global form has the source itself as its body, the regional form wraps it."""
        source = call.body.get("source", call.body)
        return self._builds.run(call.part["parent"], call.part["trigger"], source)

    def list_builds(self, call: Call) -> Json:
        found = self._builds.builds(call.part["parent"], call.query.get("filter", ""))
        return Paging("builds", page)(found, call)

    def get_build(self, call: Call) -> Json:
        return self._builds.get(call.part["build"])

    def get_operation(self, call: Call) -> Json:
        return self._builds.operation(call.part["build"])
