"""What people name is in the manifest, or a mistake that tells what is."""

import json
from typing import Any

import pytest

from skewcheck.core.errors import UsageError
from skewcheck.flows.load import Loaded, load_file
from skewcheck.flows.named import require_services, websocket_links
from tests.flows.worlds import manifest


def loaded(**changed: Any) -> Loaded:
    return load_file(json.dumps(manifest() | changed).encode(), "staging", file="staging.yaml")


def test_a_service_that_the_manifest_does_not_know_is_a_mistake() -> None:
    require_services(loaded(), ["web", "api"])
    with pytest.raises(UsageError, match="no service 'wbe'; did you mean `web`"):
        require_services(loaded(), ["wbe"])
    with pytest.raises(UsageError, match="no service 'x'; it has"):
        require_services(loaded(), ["x"])


def test_a_link_is_the_one_that_was_named_or_all() -> None:
    names = tuple(loaded().manifest.links)
    assert websocket_links(loaded(), None) == names
    assert websocket_links(loaded(), names[0]) == (names[0],)


@pytest.mark.parametrize("name", [None, "chat"])
def test_without_a_websocket_there_is_none_to_name(name: str | None) -> None:
    with pytest.raises(UsageError, match="; it has none") as told:
        websocket_links(loaded(links={}), name)
    assert told.value.hint == "name one of its links: skewcheck probe staging LINK"


def test_a_link_that_is_none_is_told_in_the_askers_words() -> None:
    with pytest.raises(UsageError, match="no WebSocket link 'chta'; did you mean `chat`") as told:
        websocket_links(loaded(), "chta", hint="/skewcheck help")
    assert told.value.hint == "/skewcheck help"
