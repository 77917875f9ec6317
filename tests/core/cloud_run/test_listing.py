"""The list of a project's services, as Cloud Run's v1 API has it."""

from typing import Any

import pytest

from skewcheck.core.cloud_run.listing import read_services
from skewcheck.core.findings import Code
from skewcheck.core.reading import Unreadable
from tests.builders import NOW

URL = "https://run.googleapis.com/v1/projects/acme/locations/-/services"


def item(name: str, region: str) -> dict[str, Any]:
    return {"metadata": {"name": name, "labels": {"cloud.googleapis.com/location": region}}}


def look(*pages: Any) -> Any:
    return read_services(pages, url=URL, read_at=NOW)


def test_services_of_all_pages_are_sorted_by_name_then_region() -> None:
    found = look({"items": [item("b", "x"), item("a", "y")]}, {"items": [item("a", "x")]}, {})
    assert found == (("x", "a"), ("y", "a"), ("x", "b"))


def test_a_list_with_holes_is_no_list() -> None:
    found = look({"items": [item("a", "x")], "unreachable": ["europe-west1"]})
    assert isinstance(found, Unreadable)
    assert found.cause is Code.UNREACHABLE
    assert "europe-west1" in found.detail


@pytest.mark.parametrize("broken", [item("", "x"), item("a", ""), {}, "text"])
def test_an_entry_without_name_or_location_is_told(broken: Any) -> None:
    assert look({"items": [broken]}).cause is Code.NOT_JSON
