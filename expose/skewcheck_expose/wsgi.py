"""WSGI: the version document in front of an application."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from skewcheck_expose.contracts import Contract
from skewcheck_expose.version_document import VersionDocument

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class VersionMiddleware:
    """Answers where the document is asked for; all else goes through untouched."""

    def __init__(
        self,
        app: "WSGIApplication",
        document: VersionDocument | None = None,
        *,
        contracts: Contract | Iterable[Contract] = (),
    ) -> None:
        """Without a document: version.json where the process runs, else its environment."""
        self._app = app
        self._document = document or VersionDocument(contracts=contracts)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        # PEP 3333 "Unicode Issues": bytes of UTF-8, each shown as a Latin-1 character
        path = environ.get("PATH_INFO", "").encode("latin-1", "replace").decode("utf-8", "replace")
        answer = self._document.answer(method, path)
        if answer is None:
            return self._app(environ, start_response)
        status = HTTPStatus(answer.status)
        start_response(f"{status.value} {status.phrase}", list(answer.headers))
        return [] if method == "HEAD" else [answer.body]
