"""The Compute Engine API, as far as load balancers and cache invalidation need it."""

from skewcheck.sandbox.api.http import Call, Route, Routes
from skewcheck.sandbox.documents import Json
from skewcheck.sandbox.errors import invalid
from skewcheck.sandbox.run.store import page
from skewcheck.sandbox.url_maps import UrlMaps

_PROJECT = r"/compute/v1/projects/(?P<project>[^/]+)"
_GLOBAL = rf"{_PROJECT}/global"
_URL_MAP = rf"{_GLOBAL}/urlMaps/(?P<url_map>[^/]+)"
_OPERATION = rf"{_GLOBAL}/operations/(?P<operation>[^/]+)"


class Compute:
    """One method per call of the API."""

    def __init__(self, url_maps: UrlMaps) -> None:
        self._maps = url_maps

    def routes(self) -> Routes:
        """Where each method is."""
        return (
            Route("GET", f"{_GLOBAL}/urlMaps", self.list_url_maps),
            Route("GET", f"{_GLOBAL}/backendServices", self.list_backend_services),
            Route("GET", f"{_GLOBAL}/backendBuckets", self.list_backend_buckets),
            Route("GET", f"{_PROJECT}/aggregated/networkEndpointGroups", self.list_groups),
            Route("GET", _URL_MAP, self.get_url_map),
            Route("POST", f"{_URL_MAP}/invalidateCache", self.invalidate),
            Route("GET", f"{_GLOBAL}/operations", self.list_operations),
            Route("GET", _OPERATION, self.get_operation),
            Route("POST", f"{_OPERATION}/wait", self.wait),
        )

    def list_url_maps(self, call: Call) -> Json:
        return _listed("urlMap", self._maps.all(call.part["project"]), call)

    def list_backend_services(self, call: Call) -> Json:
        return _listed("backendService", self._maps.backend_services(call.part["project"]), call)

    def list_backend_buckets(self, call: Call) -> Json:
        return _listed("backendBucket", [], call)

    def list_groups(self, call: Call) -> Json:
        """By scope, also those in which there is nothing."""
        nothing = {"warning": {"code": "NO_RESULTS_ON_PAGE", "message": "There are no results."}}
        found = self._maps.endpoint_groups(call.part["project"])
        return {
            "kind": "compute#networkEndpointGroupAggregatedList",
            "items": {"global": nothing, **found},
        }

    def get_url_map(self, call: Call) -> Json:
        return self._maps.get(call.part["url_map"], call.part["project"])

    def invalidate(self, call: Call) -> Json:
        request_id = call.query.get("requestId", "")
        return self._maps.invalidate(
            call.part["url_map"], call.part["project"], call.body, request_id
        )

    def list_operations(self, _call: Call) -> Json:
        return {"kind": "compute#operationList", "items": self._maps.operations()}

    def get_operation(self, call: Call) -> Json:
        return self._maps.operation(call.part["operation"])

    def wait(self, call: Call) -> Json:
        return self._maps.wait(call.part["operation"])


def _listed(kind: str, items: list[Json], call: Call) -> Json:
    """A page of a list; without any entries the field is absent, as Google leaves it."""
    if unknown := sorted(set(call.query) - {"maxResults", "pageToken", "alt", "prettyPrint"}):
        raise invalid(f'Invalid JSON payload received. Unknown name "{unknown[0]}".')
    size, token = call.query.get("maxResults", ""), call.query.get("pageToken", "")
    chosen, following = page(items, size, token)
    return {
        "kind": f"compute#{kind}List",
        **({"items": chosen} if chosen else {}),
        **({"nextPageToken": following} if following else {}),
    }
