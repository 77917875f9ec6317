"""Looks at a page as a person would: at a size, in the dark, and at what it complains about."""

import json
from pathlib import Path
from typing import Any

from tests.browser.devtools import DevTools
from tests.processes import waited_for

DESKTOP, PHONE = (1280, 900), (390, 844)
_GRAVE = ("serious", "critical")
_TOLD = {"Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled"}


def open_page(
    page: DevTools, url: str, size: tuple[int, int] = DESKTOP, *, dark: bool = False
) -> None:
    """Returns when it is loaded; what it complains about from then on is kept."""
    for domain in ("Page", "Runtime", "Log"):
        page.call(f"{domain}.enable")
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    page.call("Emulation.setEmulatedMedia", features=[scheme])
    width, height = size
    page.call(
        "Emulation.setDeviceMetricsOverride",
        width=width, height=height, deviceScaleFactor=1, mobile=width < 700,
    )  # fmt: skip
    page.call("Page.navigate", url="about:blank")
    page.events.clear()
    page.call("Page.navigate", url=url)
    loaded = f"location.href === {json.dumps(url)} && document.readyState === 'complete'"
    assert waited_for(lambda: bool(page.evaluate(loaded))), url


def complaints(page: DevTools) -> list[str]:
    """Errors, refusals by the policy, and all that was written to the console."""
    page.evaluate("0")  # what happened before has been told then
    return [json.dumps(each["params"]) for each in page.events if each.get("method") in _TOLD]


def box(page: DevTools, selector: str) -> dict[str, float]:
    """Where the first such element is; it fails where there is none, or it takes no room."""
    found: dict[str, float] = page.evaluate(
        f"(e => {{ e.scrollIntoView(); return e.getBoundingClientRect().toJSON(); }})"
        f"(document.querySelector({json.dumps(selector)}))"
    )
    assert found["width"] > 0, selector
    assert found["height"] > 0, selector
    return found


def overflow(page: DevTools) -> int:
    """How many pixels wider than the window the page is."""
    wide: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide


def barriers(page: DevTools, axe: Path) -> list[str]:
    """What axe-core finds that would keep somebody out."""
    page.evaluate(axe.read_text(encoding="utf-8") + "; 0")
    found: list[dict[str, Any]] = page.evaluate(
        "axe.run(document, {preload: false}).then(found => found.violations)"
    )
    return [
        f"{each['id']}: {each['help']}: {node['html'][:200]} {node.get('failureSummary', '')}"
        for each in found
        if each["impact"] in _GRAVE
        for node in each["nodes"]
    ]
