"""Whatever services, people and platforms wrote, it stands on the page as text."""

import re
from typing import Any

import pytest

from skewcheck.core.rollout.consent import Hold
from skewcheck.core.strict_json import Json
from skewcheck.render.page.view import EnvironmentView
from tests.builders import NOW
from tests.render.page import views
from tests.render.page.markup import Element
from tests.render.page.views import document_of, html, page
from tests.render.rollout import worlds as rollouts
from tests.render.test_hostile import hostile

NASTY = (
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title></main><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x=\'',
    "{{ 7 * 7 }}{% raw %}",
    "]]><svg onload=alert(1)>",
    "\u202egnp.exe",
    "\x1b[2J\x00\r\n",
    "&lt;b&gt;&amp;",
    "-->",
    "\ud800",
    "",
)
PLAIN = "plain"


def everywhere(text: str) -> tuple[EnvironmentView, EnvironmentView]:
    """In every field of the document, of a rollout, of the history and of a hold."""
    order = rollouts.order(rollout=text, who=text, why=text, digest=text, environment=text)
    step = rollouts.entry(text, told=text, evidence=(text,), url=text)
    stuck = rollouts.succeeded(
        order=order, entries=(step,), remains=(text,), status=text, by_hand=(text,)
    )
    build = views.seen(text, text, percent=50)
    pair = views.pair_of(text)
    look = views.snapshot(services={text: (build,)}, pairs=(pair,))
    view = EnvironmentView(
        name=text,
        report=document_of(hostile(text, text)),
        trouble=text,
        rollouts=(stuck,),
        history=(views.stretch(3, 2, look),),
        hold=Hold(who=text, why=text, at=NOW),
    )
    mangled = EnvironmentView(name=text, report=_with(document_of(hostile(PLAIN, PLAIN)), text))
    return view, mangled


def _with(value: Any, text: str) -> Any:
    """Every text of the document is that text: none is trusted, our own words neither."""
    if isinstance(value, dict):
        return {key: _with(each, text) for key, each in value.items()}
    if isinstance(value, list):
        return [_with(each, text) for each in value]
    return text if isinstance(value, str) else value


def shape(element: Element) -> list[tuple[str, frozenset[str]]]:
    return [(each.tag, frozenset(each.attributes)) for each in element.walk()]


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_no_text_becomes_an_element_or_an_attribute(text: str) -> None:
    root = page(*everywhere(text), notes=(text,), live=True, version=text)
    assert {each.tag for each in root.walk()} <= {
        each.tag for each in page(*everywhere(PLAIN), notes=(PLAIN,), live=True).walk()
    } | {"p"}
    assert len(root.all("script")) == 1
    assert not root.all("img")
    assert not any(name.startswith("on") for each in root.walk() for name in each.attributes)


@pytest.mark.parametrize("text", [each for each in NASTY if each], ids=ascii)
def test_the_page_has_the_same_shape_whatever_the_words_are(text: str) -> None:
    assert shape(page(everywhere(text)[0])) == shape(page(everywhere(PLAIN)[0]))


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_nothing_invisible_or_turned_around_is_left(text: str) -> None:
    told = html(*everywhere(text))
    told = told.replace("\n", "")
    assert told.isprintable()
    told.encode()


def test_a_template_in_a_text_is_not_evaluated() -> None:
    assert "49" not in re.findall(r"\b49\b", page(*everywhere("{{ 7 * 7 }}")).one("main").text)


@pytest.mark.parametrize("value", [None, 7, "text", [], {}, [[]], {"a": None}], ids=repr)
@pytest.mark.parametrize("key", ["at", "findings", "matrix", "observations", "probes", "sources"])
def test_a_document_of_another_shape_is_shown_as_far_as_it_goes(key: str, value: Json) -> None:
    report = {**document_of(hostile(PLAIN, PLAIN)), key: value}
    assert page(EnvironmentView(name="staging", report=report)).all("h2")
