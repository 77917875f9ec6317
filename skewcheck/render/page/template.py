"""The templates of the page, and what every page made of them has: style, script, policy, icon.

Rule of this file: whatever a template shows is made printable, then escaped; only what stands in
the package's own files is neither.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from skewcheck.render.printable import printable

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_COLOURS = {"pass": "1a7f45", "block": "b3261e", "doubt": "b07a00", "none": "6b7482"}


def render_template(
    name: str, *, live: bool = False, version: str = "", tone: str = "none", **values: object
) -> str:
    """`tone` is one of pass, block, doubt (inconclusive) and none (nothing is known): it colours
    the icon. A `live` page is served with `csp_of_page()` and follows the stream `events`, which
    stands beside it; any other carries its policy with it."""
    return (
        _templates()
        .get_template(name)
        .render(
            **values,
            live=live,
            version=version,
            icon=_icon(tone),
            style=_packaged("style.css"),
            script=_packaged("live.js"),
            policy=_policy(script=False),
        )
    )


def csp_of_page() -> str:
    """The value of Content-Security-Policy under which pages are served."""
    return f"{_policy(script=True)}; frame-ancestors 'none'"


def _policy(*, script: bool) -> str:
    """Without frame-ancestors, which browsers heed in a header only."""
    rules = ["default-src 'none'", f"style-src '{_digest('style.css')}'"]
    if script:
        rules += [f"script-src '{_digest('live.js')}'", "connect-src 'self'"]
    return "; ".join([*rules, "img-src data:", "base-uri 'none'", "form-action 'none'"])


@cache
def _digest(name: str) -> str:
    return f"sha256-{b64encode(sha256(_packaged(name).encode()).digest()).decode()}"


def _icon(tone: str) -> str:
    shape = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>"
    shape += f"<circle cx='8' cy='8' r='7' fill='%23{_COLOURS[tone]}'/></svg>"
    return f"data:image/svg+xml,{shape}"


@cache
def _packaged(name: str) -> "Markup":
    from markupsafe import Markup

    return Markup(_source(name))  # noqa: S704 - a file of this package


def _source(name: str) -> str:
    templates = _templates()
    assert templates.loader is not None  # noqa: S101 - given two lines below
    return templates.loader.get_source(templates, name)[0]


@cache
def _templates() -> "Environment":
    """Loaded when the first page is rendered: not everybody has jinja2."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("skewcheck.render.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )


def _shown(value: object) -> object:
    return printable(value) if type(value) is str else value
