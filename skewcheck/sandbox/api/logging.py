"""The Cloud Logging API: `entries:list`."""

from skewcheck.sandbox import log_filter
from skewcheck.sandbox.api.http import Call, Route, Routes
from skewcheck.sandbox.documents import Json
from skewcheck.sandbox.errors import invalid
from skewcheck.sandbox.logbook import Logbook

_LARGEST_PAGE = 1000
_DEFAULT_PAGE = 50
_ORDERS = ("", "timestamp asc", "timestamp desc")


class Logging:
    """One method per call of the API."""

    def __init__(self, log: Logbook) -> None:
        self._log = log

    def routes(self) -> Routes:
        """Where each method is."""
        return (Route("POST", "/v2/entries:list", self.list_entries),)

    def list_entries(self, call: Call) -> Json:
        """Entries of the named projects that pass the filter, in the order asked for."""
        order = call.body.get("orderBy", "")
        names = call.body.get("resourceNames")
        if not names or order not in _ORDERS:
            raise invalid("Fields resource_names and order_by must be valid.")
        passes = log_filter.compiled(call.body.get("filter", ""))
        found = [e for e in self._log.entries() if _within(e, names) and passes(e)]
        found.sort(key=lambda entry: str(entry["timestamp"]), reverse=order.endswith("desc"))
        start = int(call.body.get("pageToken") or 0)
        end = start + min(int(call.body.get("pageSize") or _DEFAULT_PAGE), _LARGEST_PAGE)
        page: Json = {"entries": found[start:end]} if found[start:end] else {}
        return page | ({"nextPageToken": str(end)} if end < len(found) else {})


def _within(entry: Json, names: list[str]) -> bool:
    return any(entry["logName"].startswith(f"{name}/") for name in names)
