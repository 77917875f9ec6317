"""The smallest Django project: one view at `/`. Settings may be made once in a process only."""

from typing import Any

import django  # type: ignore[import-untyped]
from django.conf import settings  # type: ignore[import-untyped]
from django.core.wsgi import get_wsgi_application  # type: ignore[import-untyped]
from django.http import HttpResponse  # type: ignore[import-untyped]
from django.urls import path  # type: ignore[import-untyped]


def hello(_: Any) -> HttpResponse:
    return HttpResponse("hello")


urlpatterns = [path("", hello)]


def wsgi() -> Any:
    set_up()
    return get_wsgi_application()


def set_up() -> None:
    if not settings.configured:
        settings.configure(
            ROOT_URLCONF=__name__,
            ALLOWED_HOSTS=["127.0.0.1"],
            SECRET_KEY="for tests",
            MIDDLEWARE=[],
        )
        django.setup(set_prefix=False)
