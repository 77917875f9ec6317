"""Reads a page as a browser's parser would, with the standard library, and finds its parts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "link", "br"}


@dataclass(eq=False)
class Element:
    tag: str
    attributes: dict[str, str]
    children: "list[Element | str]" = field(default_factory=list)

    @property
    def text(self) -> str:
        parts = (each if isinstance(each, str) else each.text for each in self.children)
        return " ".join(" ".join(parts).split())

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    def all(self, tag: str = "", *classes: str) -> "list[Element]":
        return [each for each in self.walk() if each._is(tag, classes)]

    def one(self, tag: str = "", *classes: str) -> "Element":
        (found,) = self.all(tag, *classes)
        return found

    def by_id(self, name: str) -> "Element":
        (found,) = (each for each in self.walk() if each.attributes.get("id") == name)
        return found

    def walk(self) -> "Iterator[Element]":
        for each in self.children:
            if isinstance(each, Element):
                yield each
                yield from each.walk()

    def _is(self, tag: str, classes: tuple[str, ...]) -> bool:
        return (not tag or self.tag == tag) and self.classes.issuperset(classes)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs, stays=tag not in _VOID)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs, stays=False)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def _add(self, tag: str, attrs: list[tuple[str, str | None]], *, stays: bool) -> None:
        assert len(attrs) == len({name for name, _ in attrs}), (tag, attrs)
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if stays:
            self.open.append(element)


def read_page(html: str) -> Element:
    """Fails where a tag is closed that is not open, or never closed."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1, f"<{reader.open[-1].tag}> is never closed"
    return reader.open[0]
