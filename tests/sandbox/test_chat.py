"""The tutorial's world: a team's own repository, pipeline and edges, and no word of skewcheck."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from skewcheck.sandbox import chat
from skewcheck.sandbox.clock import system_now
from skewcheck.sandbox.cloud import Sandbox
from tests.browser.chromium import browser
from tests.processes import waited_for

EXAMPLE = Path(chat.__file__).parent / "examples" / "chat"
TOKEN = ("chat", "token.Y2hhdC10b2tlbi1vZi10aGUtdHV0b3JpYWw")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[chat.Chat]:
    with Sandbox(chat.PROJECT, operations_take=0.05) as cloud:
        folder = tmp_path_factory.mktemp("tutorial") / "acme-chat"
        yield chat.build_chat(cloud, folder, now=system_now())


def deploy(world: chat.Chat, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["./deploy", *words],
        cwd=world.repository,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin"} | world.exports(),
        capture_output=True,
        text=True,
        check=False,
    )


def said(world: chat.Chat, *offers: str) -> list[str]:
    url = world.api_edge.url.replace("http:", "ws:") + "/ws"
    with connect(url, subprotocols=[Subprotocol(offer) for offer in offers]) as socket:
        socket.send(json.dumps({"type": "say", "text": "hello"}))
        return [json.loads(socket.recv(timeout=5))["type"] for _ in range(2)]


def test_the_example_has_never_heard_of_skewcheck() -> None:
    files = [file for file in EXAMPLE.rglob("*") if file.is_file() and file.suffix != ".pyc"]

    assert {"deploy", "Procfile", "server.py", "chat.js"} <= {file.name for file in files}
    assert not [file for file in files if "skewcheck" in file.read_text().lower()]


def test_people_chat_with_the_right_token_only(world: chat.Chat) -> None:
    assert said(world, *TOKEN) == ["welcome", "said"]
    with pytest.raises(InvalidStatus):
        said(world, "chat", "token.Zm9yZ2Vk")


def test_the_page_is_cached_and_tells_where_the_chat_is(world: chat.Chat) -> None:
    page = requests.get(world.web_edge.url, timeout=10)
    script = page.text.split('src="')[1].split('"')[0]
    session = requests.get(f"{world.web_edge.url}/session.json", timeout=10)

    assert page.headers["Cache-Control"] == "public, max-age=3600"
    assert "Age" in page.headers
    assert "WebSocket" in requests.get(world.web_edge.url + script, timeout=10).text
    assert session.json()["socket"] == world.api_edge.url.replace("http:", "ws:") + "/ws"
    assert "Age" not in session.headers


def test_the_page_says_what_is_said(world: chat.Chat, tmp_path: Path) -> None:
    with browser(tmp_path) as chromium:
        page = chromium.page
        page.call("Page.navigate", url=world.web_edge.url)
        assert waited_for(lambda: "connected, 1" in page.evaluate("document.body?.innerText ?? ''"))
        page.evaluate("text.value = 'hello'; document.querySelector('button').click()")
        assert waited_for(lambda: page.evaluate("said.innerText") == "hello")


def test_the_pipeline_leaves_the_commit_on_the_revision(world: chat.Chat) -> None:
    head = subprocess.check_output(
        ["git", "rev-parse", "HEAD"], cwd=world.repository, text=True
    ).strip()
    done = deploy(world, "api")

    assert (done.stdout, done.returncode) == (f"deploy-api: {head[:7]} is deployed\n", 0)
    assert world.cloud.service("chat-api")["template"]["labels"]["commit-sha"] == head


def test_a_build_that_fails_deploys_nothing_and_says_why(world: chat.Chat) -> None:
    before = world.cloud.serving("chat-web")
    (world.repository / "web" / "build.py").write_text("raise SystemExit('no node')\n")
    signed = ("-c", "user.name=Ada", "-c", "user.email=ada@acme.example")
    subprocess.run(["git", *signed, "commit", "-qam", "x"], cwd=world.repository, check=True)

    done = deploy(world, "web")

    assert done.returncode == 1
    assert "no node" in done.stderr
    assert world.cloud.serving("chat-web") == before


def test_a_commit_that_is_not_there_is_named(world: chat.Chat) -> None:
    done = deploy(world, "web", "nowhere")

    assert (done.stderr, done.returncode) == ("git knows no commit 'nowhere'\n", 1)


def test_the_exports_reach_this_cloud_and_nothing_else(world: chat.Chat) -> None:
    exports = world.exports()

    assert exports["GOOGLE_CLOUD_PROJECT"] == "acme-chat"
    assert exports["SKEWCHECK_GCP_ENDPOINT"] == exports["CLOUD_BUILD_API"]
    assert {exports["WEB_URL"], exports["API_URL"]} == {world.web_edge.url, world.api_edge.url}
