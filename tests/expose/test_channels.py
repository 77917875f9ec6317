"""Django with Channels: on uvicorn, with consumers of both colours."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from skewcheck_expose.asgi import VersionMiddleware
from skewcheck_expose.channels import NegotiationMiddleware

from tests.expose import django_project
from tests.expose.conduct import DOCUMENT, RIGHT, Conduct, HttpConduct, welcome
from tests.expose.formats import CHAT
from tests.expose.serving import Got, Opened, Site, asgi

django_project.set_up()

from channels.generic.websocket import (  # type: ignore[import-untyped]  # noqa: E402 - set up first
    AsyncWebsocketConsumer,
    WebsocketConsumer,
)
from channels.routing import (  # type: ignore[import-untyped]  # noqa: E402
    ProtocolTypeRouter,
    URLRouter,
)
from django.core.asgi import get_asgi_application  # type: ignore[import-untyped]  # noqa: E402
from django.urls import path  # type: ignore[import-untyped]  # noqa: E402


class Chat(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    async def connect(self) -> None:
        await self.accept()
        await self.send(json.dumps(welcome(self.scope["skewcheck"])))


class ThreadedChat(WebsocketConsumer):  # type: ignore[misc]
    def connect(self) -> None:
        agreed = self.scope["skewcheck"]
        self.accept(subprotocol=agreed.subprotocol)
        self.send(json.dumps(welcome(agreed)))


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    routes = URLRouter([path("ws", Chat.as_asgi()), path("threaded", ThreadedChat.as_asgi())])
    app: Any = ProtocolTypeRouter(
        {"http": get_asgi_application(), "websocket": NegotiationMiddleware(routes, CHAT)}
    )
    with asgi(VersionMiddleware(app, DOCUMENT), lifespan="off") as site:
        yield site


class TestChannels(Conduct, HttpConduct):
    """On uvicorn with `websockets`."""


def test_consumers_in_threads_work_alike(site: Site) -> None:
    opened = site.knock("/threaded", RIGHT)
    assert isinstance(opened, Opened)
    assert (opened.subprotocol, opened.message is not None) == ("jwt-auth", True)
    assert isinstance(site.knock("/threaded", ["other"]), Got)
