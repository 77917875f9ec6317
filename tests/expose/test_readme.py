"""The README's examples, run as they stand there beside what `skewcheck stamp` wrote."""

import re
import runpy
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from skewcheck.adapters.clock import SystemClock
from skewcheck.adapters.http_reader import RequestsReader
from skewcheck.core.build import BuildSha
from skewcheck.core.exposed.version_document import read_version_document
from skewcheck.core.reading import VersionDocument
from skewcheck.core.stamping.documents import write_contracts, write_version_document
from skewcheck.core.stamping.stamp import Stamp
from tests.expose import django_project
from tests.expose.conduct import NAMES_BOTH, OLD, RIGHT, SHA
from tests.expose.formats import CHAT_SCRIPT, ROOT, TOKEN, core_contract
from tests.expose.serving import Got, Opened, Site, asgi, looping, wsgi
from tests.probing import probe

README = (ROOT / "expose" / "README.md").read_text(encoding="utf-8")
Served = AbstractContextManager[Site]


def example(heading: str, folder: Path) -> dict[str, Any]:
    """What the code under that heading defines, run as a file beside the stamp's."""
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    (code,) = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    contracts = tuple(map(core_contract, ("chat-before", "chat")))
    (folder / "contracts.json").write_bytes(write_contracts(stamp(*contracts)))
    (folder / "version.json").write_bytes(write_version_document(stamp(contracts[1])))
    (folder / "example.py").write_text(code, encoding="utf-8")
    return runpy.run_path(str(folder / "example.py"), run_name="example")


def stamp(*contracts: Any) -> Stamp:
    return Stamp(commit=BuildSha(SHA), role="server", contracts=contracts)


def fastapi(folder: Path) -> Served:
    return asgi(example("FastAPI, Starlette", folder)["app"])


def channels(folder: Path) -> Served:
    django_project.set_up()
    return asgi(example("Django Channels", folder)["application"], lifespan="off")


def websockets(folder: Path) -> Served:
    defined = example("websockets", folder)

    async def start() -> Any:
        return await defined["start"](0)

    return looping(start)


def plain(folder: Path) -> Served:
    return wsgi(example("WSGI", folder)["application"])


def exposes(site: Site) -> tuple[str, ...]:
    """The protocols that skewcheck reads in the version document."""
    reader = RequestsReader(frozenset(), SystemClock())
    reading = read_version_document(reader.read(f"{site.url}/__version__", as_browser=False))
    assert isinstance(reading, VersionDocument), reading
    assert (reading.build.build, reading.cacheable) == (BuildSha(SHA), "")
    return tuple(each.name for each in reading.protocols)


@pytest.mark.parametrize("served", [fastapi, channels, websockets])
def test_an_example_that_negotiates_does_what_the_readme_says(
    served: Callable[[Path], Served], tmp_path: Path
) -> None:
    with served(tmp_path) as site:
        assert exposes(site) == ("chat",)
        seen = probe(f"{site.url}/ws", CHAT_SCRIPT, token=TOKEN)
        assert seen.holds, seen.told
        assert site.knock("/ws?skewcheck=chat/0.9", RIGHT) == Opened(
            "jwt-auth",
            close=4406,
            reason="client speaks chat 0.9, server 2.1; accepted: >=2.0,<3 or >=1.0,<2",
        )
        refused = site.knock(offers=["other"])
        assert isinstance(refused, Got)
        assert refused.status == 400


def test_the_example_for_wsgi_exposes_the_document_before_the_application(tmp_path: Path) -> None:
    with plain(tmp_path) as site:
        assert exposes(site) == ("chat",)
        assert site.ask("GET", "/").body == b"hello"


def test_the_close_reason_that_it_quotes_is_the_real_one() -> None:
    assert f"\n{NAMES_BOTH}\n" in README
    assert OLD.removeprefix("/ws?") == "skewcheck=chat/1.0"
