"""The Compute Engine API, as far as cache invalidation needs it."""

from skewcheck.sandbox.api.http import Call, Route, Routes
from skewcheck.sandbox.documents import Json
from skewcheck.sandbox.url_maps import UrlMaps

_GLOBAL = r"/compute/v1/projects/(?P<project>[^/]+)/global"
_URL_MAP = rf"{_GLOBAL}/urlMaps/(?P<url_map>[^/]+)"
_OPERATION = rf"{_GLOBAL}/operations/(?P<operation>[^/]+)"


class Compute:
    """One method per call of the API."""

    def __init__(self, url_maps: UrlMaps) -> None:
        self._maps = url_maps

    def routes(self) -> Routes:
        """Where each method is."""
        return (
            Route("GET", _URL_MAP, self.get_url_map),
            Route("POST", f"{_URL_MAP}/invalidateCache", self.invalidate),
            Route("GET", f"{_GLOBAL}/operations", self.list_operations),
            Route("GET", _OPERATION, self.get_operation),
            Route("POST", f"{_OPERATION}/wait", self.wait),
        )

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
