"""Findings on version documents and pages: what a service says of itself, where users read it."""

import pytest

from tests.cli.findings.looked import found
from tests.cli.findings.world import World, document, meta, page
from tests.servers import Reply

HTML = {"Content-Type": "text/html"}
OTHER = "5e" * 20
UNREAD = {
    "unreachable": Reply(status=503),
    "unauthorized": Reply(status=403),
    "not-json": Reply(body=b'{"commit": "5e5e'),
    "html-instead-of-json": Reply(body=b"<!doctype html><p>app", headers=HTML),
    "placeholder-build": document("$COMMIT_SHA"),
    "no-version-document": Reply(status=404),
    "build-not-in-repository": document(OTHER),
}


def test_a_healthy_world_has_no_finding(world: World) -> None:
    ended = world.ask("status")
    assert (ended.code, ended.err) == (0, "")
    assert '"findings":[]' in ended.out.replace(" ", "").replace("\n", "")


@pytest.mark.parametrize("code", UNREAD)
def test_a_document_that_tells_nothing_is_an_unknown_of_its_own(world: World, code: str) -> None:
    world.answer("api", UNREAD[code])
    assert found(world.ask("status"), "unknown", code, about="api", exits=11)["fix"]


def test_a_document_that_caches_may_keep_is_a_notice(world: World) -> None:
    headers = {"Cache-Control": "public, max-age=31536000"}
    world.answer("web", Reply(body=document(world.head).body, headers=headers))
    ended = world.ask("status")
    told = found(ended, "notice", "version-document-cacheable", about="web", exits=0)
    assert "max-age=31536000" in told["sentence"]


def test_a_build_from_uncommitted_files_is_a_notice(world: World) -> None:
    world.run(api=f"{world.head}-dirty")
    found(world.ask("status"), "notice", "dirty-build", about="api", exits=0)


def test_a_service_of_another_environment_blocks(world: World) -> None:
    world.answer("api", document(world.head, environment="production"))
    told = found(world.ask("status"), "block", "wrong-environment", about="api", exits=10)
    assert "production, not staging" in told["sentence"]


def test_a_candidate_says_its_own_environment_and_where_it_was_built(world: World) -> None:
    world.answer("next", document(f"{world.head}-dirty", environment="production"))
    ended = world.gate("api", f"{world.head}@{world.server.url('/next')}")
    found(ended, "block", "wrong-environment", about="api", exits=10)
    assert found(ended, "notice", "dirty-build", about="api", exits=10)["fix"]


def test_urls_of_two_environments_block(world: World) -> None:
    world.answer("api", document(world.head, environment="production"))
    world.answer("web", document(world.head, environment="staging"))
    urls = [word for name in ("web", "api") for word in ("--url", _url(world, name))]
    told = found(world.bare("status", *urls), "block", "wrong-environment", about="urls", exits=10)
    assert told["sentence"] == "web says staging, api says production"


def _url(world: World, name: str) -> str:
    """Where the document is one of the known paths."""
    return f"{name}={world.server.url(f'/{name}')}"


def test_a_build_that_misreports_its_contract_blocks(world: World) -> None:
    claims = [{"name": "chat", "role": "server", "version": "9.0"}]
    world.answer("api", document(world.head, protocols=claims))
    told = found(world.ask("status"), "block", "misreported-contract", about="api", exits=10)
    assert "says version 9.0, git says 2.1" in told["sentence"]
    assert any("contracts/chat.yaml at" in line for line in told["evidence"])


def test_a_witness_that_is_left_out_is_a_notice(world: World) -> None:
    world.web = {"page": {"path": "/"}, "witnesses": ["edge"]}
    world.promise()
    told = found(world.ask("status"), "notice", "witness-not-declared", about="web", exits=0)
    assert told["sentence"].endswith("page")


def test_a_page_behind_an_edge_that_does_not_answer_is_masked(world: World) -> None:
    world.web = {"page": {"path": "/"}}
    world.promise()
    world.answer("web", Reply(status=503))
    world.answer("web", Reply(status=503), path="/")
    told = found(world.ask("status"), "unknown", "masked", about="web", exits=11)
    assert "masked by unreachable at the edge" in told["sentence"]


def test_a_page_that_names_no_build_is_unproven(world: World) -> None:
    world.web = {"page": {"path": "/"}}
    world.promise()
    world.answer("web", page(), path="/")
    told = found(world.ask("status"), "unknown", "page-unproven", about="web", exits=11)
    assert "build-sha" in told["fix"]


def test_a_page_whose_script_cannot_be_read_is_unproven(world: World) -> None:
    world.web = {"page": {"path": "/", "must_contain": ["jwt-auth"]}}
    world.promise()
    world.answer("web", page(meta(world.head), '<script src="/web/app.js"></script>'), path="/")
    world.answer("web", Reply(status=503), path="/app.js")
    told = found(world.ask("status"), "unknown", "page-unproven", about="web", exits=11)
    assert world.server.url("/web/app.js") in told["fix"]


def test_a_page_without_what_it_must_contain_blocks(world: World) -> None:
    world.web = {"page": {"path": "/", "must_contain": ["jwt-auth"]}}
    world.promise()
    world.answer("web", page(meta(world.head)), path="/")
    told = found(world.ask("status"), "block", "page-mismatch", about="web", exits=10)
    assert "lacks jwt-auth" in told["sentence"]


def test_a_page_whose_script_is_gone_blocks(world: World) -> None:
    world.web = {"page": {"path": "/"}}
    world.promise()
    world.answer("web", page(meta(world.head), '<script src="/web/gone.js"></script>'), path="/")
    told = found(world.ask("status"), "block", "assets-gone", about="web", exits=10)
    assert told["evidence"] == [world.server.url("/web/gone.js")]


def test_a_page_that_is_older_than_its_document_is_a_stale_edge(world: World) -> None:
    old = world.head
    world.web = {"page": {"path": "/"}}
    new = world.promise()
    world.answer("web", page(meta(old)), path="/")
    told = found(world.ask("status"), "block", "stale-edge", about="web", exits=10)
    assert f"the edge serves {old[:7]} (page)" in told["sentence"]
    assert new[:7] in told["sentence"]
