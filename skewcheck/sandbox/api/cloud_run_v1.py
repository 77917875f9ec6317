"""The v1 (Knative) view of Cloud Run that gcloud uses: the same state in other words."""

from skewcheck.sandbox.api import knative
from skewcheck.sandbox.api.http import Call, Route, Routes
from skewcheck.sandbox.documents import Json, last, project, region
from skewcheck.sandbox.errors import not_found
from skewcheck.sandbox.run.cloud_run import Change, CloudRun

_ALL = r"/v1/projects/(?P<project>[^/]+)/locations/(?P<location>[^/]+)/services"
_NAMESPACE = r"/apis/serving.knative.dev/v1/namespaces/(?P<project>[^/]+)"
_SERVICE = rf"{_NAMESPACE}/services/(?P<service>[^/]+)"
_USAGE = r"/v1/projects/(?P<project>[^/]+)/services/(?P<api>[^/]+)"
_MASK = "template,traffic,labels,annotations,client,clientVersion"


class CloudRunV1:
    """One method per call; the region is read from the host, as regional endpoints have it."""

    def __init__(self, cloud_run: CloudRun, region: str) -> None:
        self._run = cloud_run
        self._region = region

    def routes(self) -> Routes:
        """Where each method is."""
        return (
            Route("GET", _ALL, self.list_services),
            Route("GET", f"{_NAMESPACE}/services", self.list_services),
            Route("POST", f"{_NAMESPACE}/services", self.create_service),
            Route("GET", _SERVICE, self.get_service),
            Route("PUT", _SERVICE, self.replace_service),
            Route("DELETE", _SERVICE, self.delete_service),
            Route("GET", f"{_NAMESPACE}/revisions", self.list_revisions),
            Route("GET", rf"{_NAMESPACE}/revisions/(?P<revision>[^/]+)", self.get_revision),
            Route("GET", _USAGE, self.api_is_enabled),
        )

    def list_services(self, call: Call) -> Json:
        """One region, or every region for the location `-`."""
        wanted = call.part.get("location") or self._region_of(call)
        services = [
            knative.service_to_v1(service)
            for name, service in list(self._run.store.services.items())
            if project(name) == call.part["project"] and wanted in ("-", region(name))
        ]
        return knative.listed("ServiceList", services)

    def create_service(self, call: Call) -> Json:
        service_id = call.body.get("metadata", {}).get("name", "")
        body = knative.service_from_v1(call.body)
        self._run.create(self._location(call), service_id, body, _change(call))
        return self._shown(f"{self._location(call)}/services/{service_id}", call)

    def get_service(self, call: Call) -> Json:
        return knative.service_to_v1(self._run.store.service(self._name(call)))

    def replace_service(self, call: Call) -> Json:
        body = knative.service_from_v1(call.body)
        self._run.update(self._name(call), body, _change(call))
        return self._shown(self._name(call), call)

    def delete_service(self, call: Call) -> Json:
        self._run.delete(self._name(call))
        return {"kind": "Status", "status": "Success"}

    def list_revisions(self, call: Call) -> Json:
        """Of one service where the label selector names it, else of the region."""
        selector = call.query.get("labelSelector", "").replace(" ", "").replace("==", "=")
        service = dict(part.split("=", 1) for part in selector.split(",") if "=" in part).get(
            "serving.knative.dev/service", "-"
        )
        found = self._run.store.revisions_of(f"{self._location(call)}/services/{service}")
        return knative.listed("RevisionList", map(knative.revision_to_v1, found))

    def get_revision(self, call: Call) -> Json:
        for revision in self._run.store.revisions_of(f"{self._location(call)}/services/-"):
            if last(revision["name"]) == call.part["revision"]:
                return knative.revision_to_v1(revision)
        raise not_found(f"Revision '{call.part['revision']}' not found.")

    def api_is_enabled(self, call: Call) -> Json:
        """Service Usage: every API of a sandbox is enabled."""
        name = f"projects/{call.part['project']}/services/{call.part['api']}"
        return {"name": name, "state": "ENABLED", "config": {"name": call.part["api"]}}

    def _shown(self, name: str, call: Call) -> Json:
        if _change(call).validate_only and name not in self._run.store.services:
            return call.body
        return knative.service_to_v1(self._run.store.service(name))

    def _name(self, call: Call) -> str:
        return f"{self._location(call)}/services/{call.part['service']}"

    def _location(self, call: Call) -> str:
        return f"projects/{call.part['project']}/locations/{self._region_of(call)}"

    def _region_of(self, call: Call) -> str:
        before, found, _ = call.host.partition("-run.")
        return before if found else self._region


def _change(call: Call) -> Change:
    return Change(mask=_MASK, validate_only=call.query.get("dryRun") == "all")
