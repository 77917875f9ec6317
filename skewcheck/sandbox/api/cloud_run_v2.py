"""The Cloud Run Admin API v2: services, revisions, operations."""

from skewcheck.sandbox.api.http import Call, Paging, Route, Routes
from skewcheck.sandbox.documents import Json
from skewcheck.sandbox.run.cloud_run import Change, CloudRun
from skewcheck.sandbox.run.store import page

_LOCATION = r"/v2/(?P<location>projects/[^/]+/locations/[^/]+)"
_SERVICE = r"/v2/(?P<service>projects/[^/]+/locations/[^/]+/services/[^/:]+)"
_OPERATION = r"/v2/(?P<operation>projects/[^/]+/locations/[^/]+/operations/[^/:]+)"
_LONGEST_WAIT_S = 30.0


class CloudRunV2:
    """One method per call of the API."""

    def __init__(self, cloud_run: CloudRun) -> None:
        self._run = cloud_run

    def routes(self) -> Routes:
        """Where each method is."""
        return (
            Route("GET", f"{_LOCATION}/services", self.list_services),
            Route("POST", f"{_LOCATION}/services", self.create_service),
            Route("GET", _SERVICE, self.get_service),
            Route("PATCH", _SERVICE, self.update_service),
            Route("DELETE", _SERVICE, self.delete_service),
            Route("GET", f"{_SERVICE}/revisions", self.list_revisions),
            Route("GET", rf"{_SERVICE}/revisions/(?P<revision>[^/:]+)", self.get_revision),
            Route("DELETE", rf"{_SERVICE}/revisions/(?P<revision>[^/:]+)", self.delete_revision),
            Route("GET", _OPERATION, self.get_operation),
            Route("POST", f"{_OPERATION}:wait", self.wait_for_operation),
        )

    def list_services(self, call: Call) -> Json:
        services = self._run.list_services(call.part["location"])
        return Paging("services", page)(services, call)

    def create_service(self, call: Call) -> Json:
        service_id = call.query.get("serviceId", "")
        return self._run.create(call.part["location"], service_id, call.body, _change(call))

    def get_service(self, call: Call) -> Json:
        return self._run.store.service(call.part["service"])

    def update_service(self, call: Call) -> Json:
        return self._run.update(call.part["service"], call.body, _change(call))

    def delete_service(self, call: Call) -> Json:
        return self._run.delete(call.part["service"], etag=call.query.get("etag", ""))

    def list_revisions(self, call: Call) -> Json:
        revisions = self._run.store.revisions_of(call.part["service"])
        return Paging("revisions", page)(revisions, call)

    def get_revision(self, call: Call) -> Json:
        return self._run.store.revision(_revision(call))

    def delete_revision(self, call: Call) -> Json:
        return self._run.delete_revision(_revision(call))

    def get_operation(self, call: Call) -> Json:
        return self._run.operations.get(call.part["operation"])

    def wait_for_operation(self, call: Call) -> Json:
        seconds = str(call.body.get("timeout", "")).removesuffix("s")
        wanted = float(seconds) if seconds.replace(".", "", 1).isdecimal() else _LONGEST_WAIT_S
        return self._run.operations.wait(call.part["operation"], min(wanted, _LONGEST_WAIT_S))


def _revision(call: Call) -> str:
    return f"{call.part['service']}/revisions/{call.part['revision']}"


def _change(call: Call) -> Change:
    return Change(
        mask=call.query.get("updateMask", ""),
        validate_only=call.flag("validateOnly"),
        allow_missing=call.flag("allowMissing"),
    )
