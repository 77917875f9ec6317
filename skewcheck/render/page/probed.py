"""Probes in brief: how often each way held, and what failed first."""

from dataclasses import dataclass

from skewcheck.render.page.document import (
    JsonObject,
    number_in,
    objects_in,
    text_in,
    value_in,
)

_TONES = {"holds": "pass", "refused": "pass", "fails": "block", "welcomed": "block"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """`tone` is none for a failure that no finding rests on, as it only tells causes apart."""

    word: str
    tone: str
    counted: str
    place: str
    format: str
    variant: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbedLink:
    link: str
    client: str
    server: str
    ways: tuple[Way, ...]
    rates: tuple[str, ...]
    doubts: tuple[str, ...]


def probed_links(report: JsonObject) -> tuple[ProbedLink, ...]:
    """Empty where nobody asked for any."""
    return tuple(_link(each) for each in objects_in(report, "probes", "links"))


def _link(link: JsonObject) -> ProbedLink:
    doubts = objects_in(link, "doubts")
    return ProbedLink(
        link=text_in(link, "link"),
        client=text_in(link, "client"),
        server=text_in(link, "server"),
        ways=tuple(_way(each) for each in objects_in(link, "probed")),
        rates=tuple(text_in(each, "sentence") for each in objects_in(link, "rates")),
        doubts=tuple(f"{text_in(each, 'what')}: {text_in(each, 'why')}" for each in doubts),
    )


def _way(probed: JsonObject) -> Way:
    word, held = text_in(probed, "word"), number_in(probed, "held") or 0
    tried = number_in(probed, "tried") or 0
    number = tried - held if word == "refused" else held
    is_base = text_in(probed, "variant") == "as a browser"
    tone = _TONES.get(word, "doubt")
    return Way(
        word=word,
        tone="none" if tone == "block" and not is_base and word == "fails" else tone,
        counted=f"{number:g} of {tried:g}",
        place=_place(value_in(probed, "target")),
        format=f"{text_in(probed, 'format', 'version')} {text_in(probed, 'format', 'why')}".strip(),
        variant=text_in(probed, "variant"),
        told=_told(objects_in(probed, "ladder")),
    )


def _place(target: object) -> str:
    of = target if isinstance(target, dict) else {}
    return " ".join(filter(None, (text_in(of, "place"), text_in(of, "revision"))))


def _told(ladder: list[JsonObject]) -> str:
    """What failed first, else how the welcome came."""
    failed = (text_in(each, "told") for each in ladder if text_in(each, "state") == "failed")
    welcome = (text_in(each, "told") for each in ladder if text_in(each, "rung") == "welcome")
    return next(failed, next(welcome, ""))
