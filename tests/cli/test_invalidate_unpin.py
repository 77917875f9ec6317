"""`invalidate` and `unpin`: each only where it is safe, and told where it is not."""

import pytest

from skewcheck.sandbox import story
from tests.cli.desk import Desk


def backend_revisions(desk: Desk) -> tuple[str, str]:
    """The one that serves, and a younger one that does not."""
    cloud = desk.stage.world.cloud
    (serves,) = cloud.serving(story.API)
    younger = desk.stage.world.deploy_backend(desk.stage.world.history.unfit)
    cloud.set_traffic(story.API, {serves: 100})
    return serves, younger


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(["invalidate", "staging", "frontnd"], "did you mean `frontend`?", id="typo"),
        pytest.param(["invalidate", "staging", "backend"], "'backend' with an edge", id="no edge"),
        pytest.param(["unpin", "staging", "backnd"], "did you mean `backend`?", id="unpin a typo"),
        pytest.param(["unpin"], "Missing argument", id="no environment"),
    ],
)
def test_a_service_that_is_none_is_a_mistake(desk: Desk, words: list[str], says: str) -> None:
    before = desk.changeable()
    ended = desk.run(*words)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err
    assert desk.changeable() == before


@pytest.mark.parametrize("words", [[], ["frontend"]], ids=["all", "named"])
def test_an_edge_that_was_stale_shows_what_serves_afterwards(desk: Desk, words: list[str]) -> None:
    desk.stage.stale_edge()
    before = desk.changeable()
    ended = desk.installed("invalidate", "staging", *words)
    assert (ended.code, ended.err) == (0, "")
    assert len(ended.out.splitlines()) == 3
    assert "users of frontend get" in ended.out
    assert desk.run("status", "staging").code == 0
    assert desk.changeable() == before


def test_an_edge_is_not_emptied_over_an_origin_that_nobody_saw(desk: Desk) -> None:
    """It would remember the old page once more."""
    desk.stage.stale_edge()
    ended = desk.run("invalidate", "staging", SKEWCHECK_GCP_ENDPOINT="")
    assert (ended.code, ended.out) == (12, "")
    assert "did not say what serves frontend" in ended.err
    assert desk.run("status", "staging").code == 10


def test_traffic_that_is_pinned_to_latest_follows_it_again(desk: Desk) -> None:
    cloud = desk.stage.world.cloud
    (serves,) = cloud.serving(story.API)
    cloud.set_traffic(story.API, {serves: 100})
    ended = desk.installed("unpin", "staging", "backend")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "acme-api@us-central1 follows LATEST again\n"
    assert cloud.serving(story.API) == {serves: 100}
    assert "LATEST" in cloud.service(story.API)["traffic"][0]["type"]
    assert desk.installed("unpin", "staging", "backend").out == (
        "acme-api@us-central1 follows LATEST\n"
    )


def test_where_latest_is_something_else_nothing_is_unpinned(desk: Desk) -> None:
    """LATEST may be the candidate that failed: all users would meet it."""
    serves, younger = backend_revisions(desk)
    before = desk.changeable()
    ended = desk.installed("unpin", "staging")
    assert ended.code == 10
    assert "acme-web@us-central1 follows LATEST" in ended.out
    assert f"LATEST of acme-api is {younger}, and what serves is {serves}" in ended.err
    assert "next: skewcheck redeploy staging" in ended.err
    assert desk.changeable() == before


def test_without_credentials_nothing_is_unpinned(desk: Desk) -> None:
    ended = desk.run("unpin", "staging", "backend", SKEWCHECK_GCP_ENDPOINT="")
    assert (ended.code, ended.out) == (11, "")
    assert "next: gcloud auth application-default login" in ended.err
