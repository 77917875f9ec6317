"""Style, script and policy belong together; whatever else a template shows is made harmless."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from jinja2 import UndefinedError

from skewcheck.render.page import csp_of_page
from skewcheck.render.page.template import render_template
from tests.render.page.views import html, page


def digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def inside(tag: str, text: str) -> str:
    found = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_policy_lets_exactly_the_style_and_the_script_of_the_page() -> None:
    text = html(live=True)
    assert csp_of_page().split("; ") == [
        "default-src 'none'",
        f"style-src {digest(inside('style', text))}",
        f"script-src {digest(inside('script', text))}",
        "connect-src 'self'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]


def test_a_file_carries_a_policy_that_lets_no_script_at_all() -> None:
    (policy,) = (
        each.attributes["content"]
        for each in page().all("meta")
        if each.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src {digest(inside('style', html()))}",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_neither_style_nor_script_names_another_place() -> None:
    text = html(live=True)
    assert not re.search(r"https?://(?!www\.w3\.org)", inside("style", text))
    assert not re.search(r"@import|url\(", inside("style", text))
    assert "://" not in inside("script", text)


def test_a_value_that_a_template_is_not_given_is_a_bug_and_not_a_blank() -> None:
    with pytest.raises(UndefinedError):
        render_template("status.html.j2")
