"""YAML as a tree of texts that know their line and column; no types, aliases, anchors or tags.

The tree is built from libyaml's events one by one, so a file that is too deep or too large is
refused before it costs anything, and keys that occur twice are seen.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import yaml

from skewcheck.core.documents.problems import Path

MAX_DEPTH = 50
MAX_NODES = 200_000
FASTEST_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Place(NamedTuple):
    line: int
    column: int


class Flaw(NamedTuple):
    """A problem before it is told: where it is, and the path to it."""

    place: Place
    path: Path
    problem: str


class UnreadableError(Exception):
    """The rest of the file cannot be read; carries the flaw that ended it."""

    def __init__(self, place: Place, problem: str, path: Path = ()) -> None:
        super().__init__(problem)
        self.flaw = Flaw(place, path, problem)


@dataclass(slots=True)
class Scalar:
    place: Place
    text: str
    plain: bool


@dataclass(slots=True)
class Listing:
    place: Place
    items: list["Node"] = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    place: Place
    entries: dict[str, "Entry"] = field(default_factory=dict)


Node: TypeAlias = Scalar | Listing | Mapping


class Entry(NamedTuple):
    key: Place
    value: Node


class _Open:
    """A container that is still being read; `key` is what its next or current value is called."""

    __slots__ = ("key", "key_place", "node")

    def __init__(self, node: Listing | Mapping) -> None:
        self.node = node
        self.key: str | None = None
        self.key_place: Place | None = None


class _Composer:
    def __init__(self) -> None:
        self.root: Node | None = None
        self.flaws: list[Flaw] = []
        self._open: list[_Open] = []
        self._nodes = 0
        self._actions: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._mapping,
            yaml.SequenceStartEvent: self._listing,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }

    def take(self, event: yaml.Event) -> None:
        action = self._actions.get(type(event))
        if action is not None:
            action(event)

    def _document(self, event: Any) -> None:
        if self.root is not None:
            raise UnreadableError(_place(event), "a second document (---); a file holds one")

    def _alias(self, event: Any) -> None:
        problem = "aliases are refused; write it out, or quote a value that begins with *"
        raise UnreadableError(_place(event), problem, self._path())

    def _scalar(self, event: Any) -> None:
        node = Scalar(_place(event), event.value, event.implicit[0])
        parent = self._open[-1] if self._open else None
        if parent and isinstance(parent.node, Mapping) and parent.key_place is None:
            parent.key = None
            self._check(event)
            parent.key, parent.key_place = node.text, node.place
            return
        self._attach(node, event)

    def _mapping(self, event: Any) -> None:
        self._container(Mapping(_place(event)), event)

    def _listing(self, event: Any) -> None:
        self._container(Listing(_place(event)), event)

    def _container(self, node: Listing | Mapping, event: Any) -> None:
        parent = self._open[-1] if self._open else None
        if parent and isinstance(parent.node, Mapping) and parent.key_place is None:
            raise UnreadableError(node.place, "a key must be one word, not a mapping or a list")
        if len(self._open) >= MAX_DEPTH:
            raise UnreadableError(node.place, f"nested more than {MAX_DEPTH} levels deep")
        self._attach(node, event)
        self._open.append(_Open(node))

    def _close(self, _event: Any) -> None:
        self._open.pop()

    def _attach(self, node: Node, event: Any) -> None:
        self._check(event)
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent.node, Listing):
            parent.node.items.append(node)
        else:
            self._enter(parent.node, parent, node)

    def _enter(self, mapping: Mapping, parent: _Open, node: Node) -> None:
        key, place = parent.key or "", parent.key_place or node.place
        first = mapping.entries.get(key)
        if first is None:
            mapping.entries[key] = Entry(place, node)
        else:
            problem = f"duplicate key, already on line {first.key.line}"
            self.flaws.append(Flaw(place, self._path(), problem))
        parent.key_place = None

    def _check(self, event: Any) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise UnreadableError(_place(event), f"more than {MAX_NODES} values")
        if event.anchor is not None:
            problem = "anchors are refused; quote a value that begins with &"
            self.flaws.append(Flaw(_place(event), self._path(), problem))
        if event.tag is not None:
            problem = "tags are refused; quote a value that begins with !"
            self.flaws.append(Flaw(_place(event), self._path(), problem))

    def _path(self) -> Path:
        """To the value being read; within a mapping's key, to that mapping."""
        steps: list[str | int] = []
        for each in self._open:
            if isinstance(each.node, Listing):
                steps.append(max(len(each.node.items) - (each is not self._open[-1]), 0))
            elif each.key is not None:
                steps.append(each.key)
        return tuple(steps)


def compose(text: str, *, loader: Any = FASTEST_LOADER) -> tuple[Node | None, list[Flaw]]:
    """The one document in `text`, None where there is none; UnreadableError, yaml.YAMLError."""
    composer = _Composer()
    for event in yaml.parse(text, Loader=loader):
        composer.take(event)
    return composer.root, composer.flaws


def locate(root: Node, path: Path, *, key: bool = False) -> Place:
    """Where the value at `path` stands, or its key; the nearest parent of one that is missing."""
    node, place = root, root.place
    for step in path:
        if isinstance(node, Mapping) and step in node.entries:
            entry = node.entries[str(step)]
            node, place = entry.value, entry.key if key else entry.value.place
        elif isinstance(node, Listing) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            place = node.place
        else:
            return node.place
    return place


def _place(event: yaml.Event) -> Place:
    mark: Any = event.start_mark
    return Place(mark.line + 1, mark.column + 1)
