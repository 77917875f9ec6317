"""The finding on an edge that was told to forget, said that it has, and has not."""

from collections.abc import Iterator

import pytest

from tests.cli.findings.world import World, meta, page
from tests.google_server import Reply, Server, as_json, refusal, serve
from tests.programs import Ended, environment, run_here

CDN = {"project": "acme", "url_map": "acme-web", "invalidate": ["/"]}


@pytest.fixture
def google() -> Iterator[Server]:
    """Every invalidation is done at once, by its own words."""

    def answer(path: str, _: dict[str, str]) -> Reply:
        if path.endswith("/acme-web/invalidateCache"):
            return as_json({"name": "operation-1", "status": "DONE"})
        return refusal(404, "NOT_FOUND", f"{path} does not exist.")

    with serve(answer) as server:
        yield server


@pytest.fixture
def behind_edge(world: World) -> World:
    world.web = {"page": {"path": "/"}, "edge": {"cloud_cdn": CDN}}
    world.promise()
    return world


def invalidate(world: World, google: Server, until: str) -> Ended:
    where = ("--repo", str(world.repository.path), "--until", until)
    env = environment(world.home, SKEWCHECK_GCP_ENDPOINT=google.url)
    return run_here("invalidate", "staging", "web", *where, env=env)


def test_an_invalidation_without_effect_fails_and_names_what_users_get(
    behind_edge: World, google: Server
) -> None:
    """It is no verdict but an action that failed, so the run ends with 12."""
    old = behind_edge.repository.git("rev-parse", "HEAD~1")
    behind_edge.answer("web", page(meta(old)), path="/")
    ended = invalidate(behind_edge, google, "1s")
    assert ended.code == 12
    assert len(ended.out.splitlines()) == 2
    assert "invalidation-without-effect: the edge of web was told to forget, and after 1 s" in (
        ended.err
    )
    assert f"is of {old[:7]} still" in ended.err
    assert "next: gcloud compute url-maps invalidate-cdn-cache acme-web" in ended.err


def test_an_invalidation_ends_as_soon_as_users_get_what_serves(
    behind_edge: World, google: Server
) -> None:
    behind_edge.answer("web", page(meta(behind_edge.head)), path="/")
    ended = invalidate(behind_edge, google, "1m")
    assert (ended.code, ended.err) == (0, "")
