"""What the HTML that an edge serves proves: its build, what it loads, and what must be in there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urldefrag, urljoin, urlsplit

from skewcheck.core.answer import Answer, HttpRead, NoAnswer
from skewcheck.core.build import BuildName
from skewcheck.core.exposed.caching import age_s, fresh_for_s
from skewcheck.core.exposed.candidates import NoBuild
from skewcheck.core.exposed.html_builds import find_page_build
from skewcheck.core.exposed.html_tags import Tag, read_tags
from skewcheck.core.exposed.no_reading import is_html, look, require_answer, unreadable
from skewcheck.core.findings import Code
from skewcheck.core.reading import Page, Unreadable
from skewcheck.core.remote_text import shorten, without_secrets

PAGE_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_GONE = {404, 410}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHtml:
    """A page before its assets were read.

    `scripts` and `styles` are absolute URLs in the page's order; `text` is the HTML, inline
    scripts included; `why_no_build` says why `build` is None.
    """

    url: str
    build: BuildName | None
    text: str
    read_at: datetime
    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    why_no_build: str = ""
    age_s: int | None = None
    fresh_for_s: int | None = None


def read_page(read: HttpRead) -> PageHtml | Unreadable:
    """What a browser would load from this page, and the build that the page names."""
    answer = require_answer(read, absent=Code.PAGE_UNPROVEN)
    if isinstance(answer, Unreadable):
        return answer
    if not is_html(answer):
        kind = shorten(answer.headers.get("content-type", "no content type"), limit=60)
        fix = f"set the service's page.path to an HTML page; {look(answer.url)}"
        return unreadable(answer, Code.PAGE_UNPROVEN, f"not HTML: {kind}", fix)
    text = answer.body.decode("utf-8-sig", "replace")
    tags = tuple(read_tags(text))
    build, why = _read_build(tags)
    base = _base(tags, answer.url)
    return PageHtml(
        url=answer.url,
        build=build,
        why_no_build=why,
        text=text,
        read_at=answer.read_at,
        scripts=_absolute(_scripts(tags), base),
        styles=_absolute(_styles(tags), base),
        age_s=age_s(answer.headers),
        fresh_for_s=fresh_for_s(answer.headers),
    )


def assemble_page(html: PageHtml, assets: Mapping[str, HttpRead], required: Sequence[str]) -> Page:
    """The page with what was read of its scripts and styles; one that was not read is `unread`."""
    gone, unread, bodies = [], [], [html.text]
    for url in (*html.scripts, *html.styles):
        read = assets.get(url)
        if trouble := _trouble(read, is_script=url in html.scripts):
            unread.append(f"{without_secrets(url)}: {trouble}")
        elif isinstance(read, Answer) and _is_gone(read):
            gone.append(without_secrets(url))
        elif isinstance(read, Answer) and url in html.scripts:
            bodies.append(read.body.decode("utf-8-sig", "replace"))
    return Page(
        url=html.url,
        build=html.build,
        why_no_build=html.why_no_build,
        read_at=html.read_at,
        required=tuple(required),
        missing=tuple(word for word in required if not any(word in body for body in bodies)),
        gone=tuple(gone),
        unread=tuple(unread),
        age_s=html.age_s,
        fresh_for_s=html.fresh_for_s,
    )


def _trouble(read: HttpRead | None, *, is_script: bool) -> str:
    """Why nothing is known of an asset; empty where it was read or is gone."""
    if read is None:
        return "not read"
    if isinstance(read, NoAnswer):
        return shorten(f"{read.kind}: {read.detail}")
    if read.status == 200:
        return "the body is empty" if is_script and not read.body else ""
    return "" if _is_gone(read) else f"HTTP {read.status}"


def _is_gone(asset: Answer) -> bool:
    """Absent, or hidden by a fallback that answers every path with the HTML of the front page."""
    return asset.status in _GONE or (asset.status == 200 and is_html(asset))


def _read_build(tags: Sequence[Tag]) -> tuple[BuildName | None, str]:
    choice = find_page_build(tags)
    if isinstance(choice, NoBuild):
        told = "contradicts itself: " if choice.contradictory else ""
        return None, shorten(told + choice.why)
    return choice, "" if choice else "the page names no build"


def _base(tags: Sequence[Tag], page_url: str) -> str:
    """WHATWG HTML §4.2.3: only the first `<base href>` counts."""
    bases = (
        tag.attributes["href"] for tag in tags if tag.name == "base" and "href" in tag.attributes
    )
    return _join(page_url, next(bases, "")) or page_url


def _scripts(tags: Sequence[Tag]) -> Iterator[str]:
    for tag in tags:
        if tag.name == "script":
            yield tag.attributes.get("src", "")
        elif _is_link(tag, "modulepreload") or _is_link(tag, "preload", kind="script"):
            yield tag.attributes.get("href", "")


def _styles(tags: Sequence[Tag]) -> Iterator[str]:
    for tag in tags:
        if _is_link(tag, "stylesheet"):
            yield tag.attributes.get("href", "")


def _is_link(tag: Tag, relation: str, *, kind: str = "") -> bool:
    related = tag.name == "link" and relation in tag.attributes.get("rel", "").lower().split()
    return related and tag.attributes.get("as", "").lower() == kind if kind else related


def _absolute(urls: Iterator[str], base: str) -> tuple[str, ...]:
    joined = (_join(base, url) for url in urls if url.strip())
    return tuple(dict.fromkeys(url for url in joined if url))


def _join(base: str, url: str) -> str:
    """Empty for what is no URL, or is not fetched over HTTP (data:, blob:)."""
    try:
        joined = urldefrag(urljoin(base, url.strip())).url
        is_web = urlsplit(joined).scheme in {"http", "https"} and urlsplit(joined).hostname
    except ValueError:
        return ""
    return joined if is_web else ""
