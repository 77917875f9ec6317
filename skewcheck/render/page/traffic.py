"""How the traffic of each service is split, as bars."""

from collections.abc import Iterator
from dataclasses import dataclass

from skewcheck.render.page.document import JsonObject, named_in, number_in, objects_in, text_in
from skewcheck.render.page.witnesses import build_of, serving
from skewcheck.render.page.words import build_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`x` and `percent` are shares of the whole; `number` colours it."""

    x: float
    percent: float
    number: int
    build: str
    revision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """`tagged` are the revisions that get no traffic but have a tag."""

    service: str
    region: str
    parts: tuple[Part, ...]
    tagged: tuple[str, ...]
    told: str


def bars(report: JsonObject) -> tuple[Bar, ...]:
    return tuple(
        _bar(name, plane)
        for name, service in named_in(report, "observations").items()
        for plane in objects_in(service, "control_plane")
        if not text_in(plane, "cause")
    )


def _bar(service: str, plane: JsonObject) -> Bar:
    parts = tuple(_parts(plane))
    told = ", ".join(f"{each.percent:g}% {each.build}" for each in parts) or "no traffic"
    tagged = (
        f"{build_words(build_of(plane, text_in(each, 'revision')))} tagged {text_in(each, 'tag')}"
        for each in objects_in(plane, "targets")
        if text_in(each, "tag") and not number_in(each, "percent")
    )
    return Bar(
        service=service,
        region=text_in(plane, "region"),
        parts=parts,
        tagged=tuple(tagged),
        told=told,
    )


def _parts(plane: JsonObject) -> Iterator[Part]:
    x = 0.0
    for number, target in enumerate(serving(plane)):
        percent = number_in(target, "percent") or 0.0
        revision = text_in(target, "revision")
        build = build_words(build_of(plane, revision))
        yield Part(x=x, percent=percent, number=number % 4, build=build, revision=revision)
        x += percent
