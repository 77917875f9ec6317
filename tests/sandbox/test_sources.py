"""A commit is an image: its folder is built once by its Procfile and started on a given port."""

import os
import signal
import socket
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import requests

from skewcheck.sandbox.clock import system_now
from skewcheck.sandbox.cloud import Sandbox
from skewcheck.sandbox.errors import SandboxError
from skewcheck.sandbox.repository import Repository
from skewcheck.sandbox.sources import Source, procfile

IMAGES = "us-docker.pkg.dev/acme/shop"
SERVER = """
import os, sys
from http.server import HTTPServer, SimpleHTTPRequestHandler
print("listening on port 1", flush=True)
print("the word is " + os.environ["WORD"], file=sys.stderr)
address = (os.environ["HOST"], int(os.environ["PORT"]))
HTTPServer(address, SimpleHTTPRequestHandler).serve_forever()
"""
SHOP = {
    "shop/Procfile": "# how it is made\nbuild: echo $COMMIT_SHA > built\nweb: python server.py\n",
    "shop/server.py": SERVER,
    "shop/colour": "red",
}


class Shop:
    """A repository with one service in it, and the registry that makes images of its commits."""

    def __init__(self, cloud: Sandbox, folder: Path) -> None:
        self.cloud = cloud
        self.numbers = count(1)
        self.history = Repository(folder / "git", {"PATH": os.defpath})
        self.source = Source(folder / "git", "shop", folder / "images", {})
        cloud.images.add_source(IMAGES, self.source)

    def commit(self, files: dict[str, str]) -> str:
        files = files | {"shop/number": str(next(self.numbers))}
        return self.history.commit(files, "A change", author="Ada", at=system_now())

    def deploy(self, commit: str, word: str = "of the shop") -> str:
        return self.cloud.deploy("shop", f"{IMAGES}:{commit}", env={"WORD": word})

    def get(self, path: str) -> str:
        return requests.get(f"{self.cloud.url('shop')}/{path}", timeout=10).text.strip()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with Sandbox(operations_take=0.01) as cloud:
        yield Shop(cloud, tmp_path_factory.mktemp("shop"))


def test_each_commit_is_its_own_image(shop: Shop) -> None:
    red = shop.commit(SHOP)
    blue = shop.commit({"shop/colour": "blue"})

    shop.deploy(red)
    assert (shop.get("colour"), shop.get("built")) == ("red", red)
    shop.deploy(blue)
    assert (shop.get("colour"), shop.get("built")) == ("blue", blue)


def test_a_digest_leads_to_the_same_commit(shop: Shop) -> None:
    red = shop.commit(SHOP)
    pinned = shop.cloud.images.pin(f"{IMAGES}:{red}")

    assert "@sha256:" in pinned
    assert shop.cloud.images.pin(pinned) == pinned
    assert shop.cloud.images.find(pinned) is shop.source.image("main")


def test_what_the_command_prints_is_logged_and_never_taken_for_the_platforms(shop: Shop) -> None:
    shop.deploy(shop.commit(SHOP), word="told")
    texts = [entry.get("textPayload") for entry in shop.cloud.log.entries()]

    assert " listening on port 1" in texts
    assert shop.cloud.log.wait_for(
        lambda entry: entry.get("textPayload") == "the word is told", within_s=5
    )


def test_a_build_that_fails_says_what_its_command_said(shop: Shop) -> None:
    broken = {"shop/Procfile": "build: echo no disk; exit 3\nweb: python server.py\n"}
    commit = shop.commit(SHOP | broken)

    with pytest.raises(SandboxError, match=r"(?s)ended with exit 3:.*no disk"):
        shop.source.image(commit)
    with pytest.raises(SandboxError, match=r"(?s)not found: .*no disk"):
        shop.deploy(commit)


def test_a_service_that_ends_before_it_listens_fails_the_deploy(shop: Shop) -> None:
    commit = shop.commit(SHOP | {"shop/Procfile": "web: echo missing secret; exit 1\n"})

    with pytest.raises(SandboxError, match="failed to start and listen"):
        shop.deploy(commit)
    assert "missing secret" in [e.get("textPayload") for e in shop.cloud.log.entries()]


@pytest.mark.parametrize(
    "change", [{"shop/Procfile": "build: true\n"}, {"shop/Procfile": ""}], ids=["no web", "empty"]
)
def test_without_a_command_to_start_there_is_no_image(shop: Shop, change: dict[str, str]) -> None:
    with pytest.raises(SandboxError, match="no line 'web: COMMAND'"):
        shop.source.image(shop.commit(SHOP | change))


@pytest.mark.parametrize("ref", ["", "nowhere", "f" * 40, "--help"])
def test_a_commit_that_nobody_made_is_no_image(shop: Shop, ref: str) -> None:
    with pytest.raises(SandboxError, match="no commit"):
        shop.source.image(ref)


def test_no_procfile_has_no_commands(tmp_path: Path) -> None:
    assert procfile(tmp_path / "Procfile") == {}


def test_the_command_goes_with_the_process_that_stands_for_its_container(shop: Shop) -> None:
    revision = shop.deploy(shop.commit(SHOP), word="short-lived")
    process = shop.cloud.process("shop", revision)
    assert process is not None

    os.kill(process.pid, signal.SIGTERM)
    process.close()

    with socket.socket() as attempt:
        assert attempt.connect_ex(("127.0.0.1", process.port)) != 0
    assert requests.get(shop.cloud.url("shop"), timeout=10).status_code == 503
