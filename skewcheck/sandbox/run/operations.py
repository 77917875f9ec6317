"""Long-running operations: started, waited for, and done with a response or an error."""

import threading
from itertools import count

from skewcheck.sandbox.documents import Json
from skewcheck.sandbox.errors import not_found

FAILED_PRECONDITION = 9
_TYPES = "type.googleapis.com/google.cloud.run.v2"


class Operations:
    """All operations of one API, by name; safe to use from many threads."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._documents: dict[str, Json] = {}
        self._changed = threading.Condition()

    def start(self, parent: str, document: Json) -> str:
        """A new operation that has the document as its metadata."""
        name = f"{parent}/operations/{next(self._numbers):08d}"
        self._documents[name] = {"name": name, "metadata": _typed(document), "done": False}
        return name

    def validated(self, service: Json) -> Json:
        """What a `validateOnly` write gets: done at once, remembered nowhere."""
        return {"name": "", "metadata": _typed(service), "done": True, "response": _typed(service)}

    def succeed(self, name: str, document: Json) -> None:
        """Done, with the document as the response."""
        self._finish(name, {"response": _typed(document), "metadata": _typed(document)})

    def fail(self, name: str, message: str) -> None:
        """Done, and the container did not do what it should."""
        self._finish(name, {"error": {"code": FAILED_PRECONDITION, "message": message}})

    def get(self, name: str) -> Json:
        """The operation as it is now."""
        try:
            return self._documents[name]
        except KeyError:
            raise not_found(f"Operation '{name}' not found.") from None

    def newest(self) -> str:
        """The name of the operation that was started last."""
        return list(self._documents)[-1]

    def wait(self, name: str, timeout: float) -> Json:
        """The operation once it is done, or as it is when the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: self.get(name)["done"], timeout)
            return self.get(name)

    def _finish(self, name: str, outcome: Json) -> None:
        with self._changed:
            self._documents[name] = self._documents[name] | {"done": True} | outcome
            self._changed.notify_all()


def _typed(document: Json) -> Json:
    kind = "Revision" if "/revisions/" in document["name"] else "Service"
    return {"@type": f"{_TYPES}.{kind}"} | document
