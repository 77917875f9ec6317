"""A frontend with the guard in it, served as an edge would, and what its page told."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.devtools import DevTools
from tests.browser.looking import open_page
from tests.browser_guard.backend import TOKEN, Backend, backend
from tests.processes import waited_for
from tests.servers import Reply, Server, serve

GUARD = Path(__file__).parents[2] / "expose" / "browser" / "skewcheck-guard.js"
A, B, C = ("a" * 40, "b" * 40, "c" * 40)
_PAGE = """<!doctype html><html><head><meta charset="utf-8">
<meta name="build-sha" content="{build}"></head><body><script type="module">
import {{ openSocket }} from "/guard.js";
const told = JSON.parse(sessionStorage.getItem("told") ?? "[]");
const onState = (state) => {{
  told.push(state);
  sessionStorage.setItem("told", JSON.stringify(told));
}};
window.messages = [];
try {{
  window.chat = openSocket({{
    url: {url}, contract: {contract}, token: () => {token}, onState,
    onMessage: (data) => window.messages.push(JSON.parse(data)),
    backoff: {{ firstMs: 20, mostMs: 100 }}, {more}
  }});
}} catch (error) {{
  onState({{ state: "threw", why: error.message }});
}}
</script></body></html>"""
_JS = Reply(headers={"Content-Type": "text/javascript"}, body=GUARD.read_bytes())


@dataclass(frozen=True)
class World:
    """One frontend at an origin of its own, so that no test remembers another's reloads."""

    page: DevTools
    frontend: Server
    backend: Backend

    def deploys(
        self, build: str, contract: Mapping[str, Any], *, token: str = TOKEN, more: str = ""
    ) -> None:
        """Page and version document of that build; `more` are further options, as JavaScript."""
        self.serves(build, contract, token=token, more=more)
        self.says(build)

    def serves(
        self, build: str, contract: Mapping[str, Any], *, token: str = TOKEN, more: str = ""
    ) -> None:
        """The page alone, as a stale edge does."""
        html = _PAGE.format(
            build=build,
            url=json.dumps(self.backend.url),
            contract=json.dumps(contract),
            token=json.dumps(token),
            more=more,
        )
        headers = {"Content-Type": "text/html", "Cache-Control": "no-store"}
        self.frontend.replies["/"] = Reply(headers=headers, body=html.encode())

    def says(self, build: str) -> None:
        """In a way that lets browsers keep it, as careless servers do."""
        body = json.dumps({"commit": build, "protocols": []}).encode()
        kept = {"Cache-Control": "max-age=600"}
        self.frontend.replies["/version.json"] = Reply(headers=kept, body=body)

    def opens(self) -> None:
        open_page(self.page, self.frontend.url("/"))

    def told(self) -> list[dict[str, Any]]:
        """Every state so far, those from before a reload included."""
        try:
            read: list[dict[str, Any]] = self.page.evaluate(
                "JSON.parse(sessionStorage.getItem('told') ?? '[]')"
            )
        except AssertionError:  # the page is being reloaded
            return []
        return read

    def states(self) -> list[str]:
        return [each["state"] for each in self.told()]

    def comes_to(self, state: str) -> dict[str, Any]:
        """Waits until the page is in that state, and tells all of it."""
        assert waited_for(lambda: self.states()[-1:] == [state], 15), self.told()
        return self.told()[-1]

    def loads(self) -> int:
        """How often the page was asked for."""
        return [request.path for request in self.frontend.requests].count("/")

    def tries(self, more: int) -> None:
        """Waits until the backend was asked so many times more."""
        until = len(self.backend.heard) + more
        assert waited_for(lambda: len(self.backend.heard) >= until, 15)

    def looks(self, more: int) -> None:
        """Waits until the version document was read so many times more."""
        until = self._reads() + more
        assert waited_for(lambda: self._reads() >= until, 15)

    def _reads(self) -> int:
        return [request.path for request in self.frontend.requests].count("/version.json")


@contextmanager
def world(page: DevTools) -> Iterator[World]:
    with serve({"/guard.js": _JS, "/favicon.ico": Reply()}) as frontend, backend() as chat:
        try:
            yield World(page, frontend, chat)
        finally:
            page.call("Page.navigate", url="about:blank")
