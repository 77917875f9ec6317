"""WSGI on wsgiref: a bare application and Django's."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from skewcheck_expose import VersionDocument
from skewcheck_expose.wsgi import VersionMiddleware

from tests.expose import django_project
from tests.expose.conduct import DOCUMENT, SHA, HttpConduct
from tests.expose.formats import CHAT
from tests.expose.serving import Site, wsgi


def bare(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    del environ
    start_response("200 OK", [("Content-Length", "5")])
    return [b"hello"]


@pytest.fixture(scope="module", params=[lambda: bare, django_project.wsgi])
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    with wsgi(VersionMiddleware(request.param(), DOCUMENT)) as site:
        yield site


class TestWsgi(HttpConduct):
    """Bare, and Django."""


def test_what_is_not_the_document_goes_through_untouched() -> None:
    calls = []

    def inner(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        calls.append((environ, start_response))
        return body

    body, environ = [b"x"], {"REQUEST_METHOD": "GET", "PATH_INFO": "/caf\xc3\xa9"}
    start_response: Any = object()
    assert VersionMiddleware(inner, DOCUMENT)(environ, start_response) is body
    ((got, given),) = calls
    assert got is environ
    assert given is start_response


@pytest.mark.parametrize("environ", [{"PATH_INFO": "/v\xc3\xa9"}, {"SCRIPT_NAME": "/api"}])
def test_its_path_is_read_as_wsgi_writes_it(environ: dict[str, str]) -> None:
    """UTF-8, each byte shown as a character; and without the place where it is mounted."""
    started: list[Any] = []
    document = VersionDocument(
        file="/nowhere", variables={"COMMIT_SHA": SHA}, paths=["/vé", "/__version__"]
    )
    middleware = VersionMiddleware(bare, document)
    request = {"REQUEST_METHOD": "GET", "PATH_INFO": "/__version__"} | environ
    (body,) = middleware(request, lambda *said: started.append(said))  # type: ignore[arg-type]  # wsgiref's write() is not used
    assert SHA.encode() in body
    assert started[0][0] == "200 OK"


def test_to_head_no_body_is_sent() -> None:
    """Though most servers would hold it back."""
    request = {"REQUEST_METHOD": "HEAD", "PATH_INFO": "/version.json"}
    assert VersionMiddleware(bare, DOCUMENT)(request, lambda *_: None) == []  # type: ignore[arg-type]  # wsgiref's write() is not used


def test_without_a_document_it_makes_one_with_the_contracts() -> None:
    request = {"REQUEST_METHOD": "GET", "PATH_INFO": "/version.json"}
    (body,) = VersionMiddleware(bare, contracts=[CHAT])(request, lambda *_: None)  # type: ignore[arg-type]  # wsgiref's write() is not used
    assert json.loads(body)["protocols"] == [CHAT.claim("server")]
