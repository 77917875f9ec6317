"""JSON documents as Google's APIs exchange them, and small ways to handle resource names."""

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


def last(name: str) -> str:
    """`projects/p/locations/r/services/s` → `s`."""
    return name.rsplit("/", 1)[-1]


def parent(name: str) -> str:
    """`projects/p/locations/r/services/s` → `projects/p/locations/r`."""
    return name.rsplit("/", 2)[0]


def region(name: str) -> str:
    """The location in a resource name."""
    return name.split("/")[3]


def project(name: str) -> str:
    """The project in a resource name."""
    return name.split("/")[1]
