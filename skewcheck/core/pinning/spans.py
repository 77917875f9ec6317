"""Where the keys and values of a service stand in the manifest's text, as spans of characters.

Only for text that core/documents has read without complaint: no aliases, anchors or second keys.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from skewcheck.core.documents.located_yaml import FASTEST_LOADER

_REST_OF_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A key with its value; `ends` is where the last character of the value was."""

    key: Span
    value: Span
    ends: int
    in_flow: bool
    line: int


def find_services(text: str) -> Mapping[str, Mapping[str, Written]]:
    """What is written of each service, by its name and then by key."""
    root = yaml.compose(text, Loader=FASTEST_LOADER)
    services = _values(root)["services"]
    return {name: _entries(service) for name, service in _values(services).items()}


def through_line_end(text: str, position: int) -> int:
    """The beginning of the next line; the position itself where it is one already."""
    if position and text[position - 1] in "\r\n":
        return position
    rest = _REST_OF_LINE.match(text, position)
    return rest.end() if rest else position


def _values(mapping: Any) -> dict[str, Any]:
    return {key.value: value for key, value in mapping.value}


def _entries(service: Any) -> dict[str, Written]:
    return {
        key.value: Written(
            key=_span(key),
            value=_span(value),
            ends=_last(value).end_mark.index,
            in_flow=bool(service.flow_style),
            line=key.start_mark.line + 1,
        )
        for key, value in service.value
    }


def _span(node: Any) -> Span:
    return Span(node.start_mark.index, node.end_mark.index)


def _last(node: Any) -> Any:
    """A list in block style ends where the next token begins, comments and all; its last item
    does not."""
    while isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        node = node.value[-1]
    return node
