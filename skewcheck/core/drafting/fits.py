"""Which texts a manifest takes where: what others wrote is not put into it unread."""

import re
from typing import Any, get_args

from skewcheck.core.fields import Name, RepositoryPath, SocketPath, UrlPath, WebAddress
from skewcheck.core.promise import GitRef, Image

_NOT_IN_NAMES = re.compile(r"[^a-z0-9._-]+")


def is_name(text: str) -> bool:
    return _fits(Name, text)


def is_path(text: str) -> bool:
    return _fits(UrlPath, text)


def is_socket_path(text: str) -> bool:
    return _fits(SocketPath, text)


def is_web_address(text: str) -> bool:
    return _fits(WebAddress, text)


def is_repository_path(text: str) -> bool:
    return _fits(RepositoryPath, text)


def is_ref(text: str) -> bool:
    return _fits(GitRef, text)


def is_image(text: str) -> bool:
    return _fits(Image, text)


def as_name(text: str, *, instead: str) -> str:
    """The nearest name, such as `user-chat` for `User Chat`."""
    made = _NOT_IN_NAMES.sub("-", text.lower()).strip("._-")
    return made if is_name(made) else instead


def _fits(kind: Any, text: str) -> bool:
    """By the very reader that the manifest is read with."""
    _, reader = get_args(kind)
    try:
        reader.value(text)
    except ValueError:
        return False
    return True
