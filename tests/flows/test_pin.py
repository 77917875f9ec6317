"""Pinning: what somebody means, what it would do, and that nothing is committed too early."""

import json
from datetime import timedelta
from typing import Any

import pytest

from skewcheck.core.answer import FailureKind
from skewcheck.core.build import BuildSha
from skewcheck.core.control_plane import Target
from skewcheck.core.errors import ActionFailedError, UsageError
from skewcheck.core.findings import Code, Verdict
from skewcheck.core.pinning.pinned import Pinned
from skewcheck.flows.load import load_file
from skewcheck.flows.pin import PinAsked, pin
from skewcheck.flows.pin_builds import PinWanted
from tests.builders import YESTERDAY
from tests.fakes import FakeWorld, Reply
from tests.flows.worlds import CHAT, MANIFEST, Acme, contract, pinned_manifest
from tests.pinning_fakes import FakeProposals

HOUR = timedelta(hours=1)


def acme() -> Acme:
    """NEW is promised and runs."""
    world = Acme()
    world.promise(pinned_manifest(world.new, world.new), at=YESTERDAY + HOUR)
    return world


def ask(
    world: Acme, *wanted: str, proposals: FakeProposals | None = None, **changed: Any
) -> Pinned:
    pins = [PinWanted(service=s, named=n) for s, _, n in (each.partition("=") for each in wanted)]
    asked = PinAsked(wanted=pins, **changed)
    return pin(world.world.doors(), world.loaded(), asked, proposals or FakeProposals())


def refusal(world: Acme, *wanted: str) -> UsageError:
    proposals = FakeProposals()
    with pytest.raises(UsageError) as caught:
        ask(world, *wanted, proposals=proposals)
    assert proposals.branches == {}
    return caught.value


def test_a_pin_is_a_commit_of_the_edited_manifest_on_a_branch_of_its_own() -> None:
    world, proposals = acme(), FakeProposals()
    told = ask(world, f"web={world.old}", proposals=proposals)
    (proposal,) = proposals.branches.values()
    expected = json.dumps(pinned_manifest(world.old, world.new))
    assert (proposal.content.decode(), proposal.path) == (expected, MANIFEST)
    assert proposal.base == told.base == world.world.history.branches["main"]
    assert proposal.branch == told.branch
    assert proposal.message.startswith(f"Pin staging: web {world.old.short}\n\nweb: {world.new} ->")
    assert told.proposed is not None
    assert [(each.service, each.build, each.was) for each in told.changes] == [
        ("web", world.old, world.new)
    ]
    assert told.commits["web"].subject == "Chat"


def test_asking_twice_finds_the_first() -> None:
    world, proposals = acme(), FakeProposals()
    one, two = (ask(world, "web=" + world.old.value, proposals=proposals) for _ in range(2))
    assert (one.branch, len(proposals.branches)) == (two.branch, 1)
    assert two.proposed is not None
    assert two.proposed.existed


def test_branch_and_message_are_those_that_were_given() -> None:
    world, proposals = acme(), FakeProposals()
    ask(world, f"web={world.old}", branch="mine", message="Go back", proposals=proposals)
    assert proposals.branches["mine"].message == "Go back"


def test_a_dry_run_commits_nothing_and_needs_no_author() -> None:
    world, proposals = acme(), FakeProposals(knows_author=False)
    told = ask(world, f"web={world.old}", dry_run=True, proposals=proposals)
    assert (told.proposed, proposals.branches) == (None, {})
    assert told.diff
    assert told.outlook is not None


def test_without_an_author_nothing_is_even_looked_at() -> None:
    world = acme()
    with pytest.raises(UsageError, match="who commits"):
        ask(world, f"web={world.old}", proposals=FakeProposals(knows_author=False))
    assert world.world.http.asked == []


def test_what_git_refuses_is_an_action_that_failed() -> None:
    world = acme()
    with pytest.raises(ActionFailedError, match="git refused"):
        ask(world, f"web={world.old}", proposals=FakeProposals(refuses=True))


def test_what_is_promised_already_is_not_committed_again() -> None:
    world, proposals = acme(), FakeProposals()
    told = ask(world, f"web={world.new}", proposals=proposals)
    assert (told.changes, told.outlook, told.proposed, told.diff) == ((), None, None, ())
    assert proposals.branches == {}


def test_the_world_is_judged_under_both_promises_and_as_if_they_were_deployed() -> None:
    """The promise alone changes nothing that runs; its deploy would."""
    world = acme()
    anew = world.commit({CHAT: contract("3.0", ">=3,<4")}, "Break", branch="next", start="main")
    outlook = ask(world, f"api={anew}").outlook
    assert outlook is not None
    assert (outlook.before.verdict, outlook.after.verdict) == (Verdict.PASS, Verdict.PASS)
    assert outlook.gate.verdict is Verdict.BLOCK
    assert Code.PROTOCOL_SKEW in {each.code for each in outlook.gate.findings}


def test_a_new_promise_settles_and_does_not_block_at_once() -> None:
    """As it will after the commit: it is as young as that."""
    world = acme()
    newer = world.commit({"web/page": "1"}, "Write a page")
    outlook = ask(world, f"web={newer}").outlook
    assert outlook is not None
    assert [each.code for each in outlook.comes] == [Code.SETTLING]
    assert outlook.goes == ()


def test_the_promise_that_went_lingers_in_the_world_after() -> None:
    world = acme()
    newer = world.commit({"web/page": "1"}, "Write a page")
    outlook = ask(world, f"web={newer}").outlook
    assert outlook is not None
    lingering = outlook.after.survey.services["web"].lingering
    assert world.new in {each.build for each in lingering}


def test_the_world_is_looked_at_once_for_all_judgements() -> None:
    """A world that changes between two looks would make a difference that is not the pin's."""
    world = acme()
    ask(world, f"web={world.old}", f"api={world.old}")
    urls = [(each.url, each.as_browser) for each in world.world.http.asked]
    assert len(urls) == len(set(urls))
    assert len(world.world.platform.asked) == 2


def test_policy_stays_that_of_the_policy_ref() -> None:
    world = acme()
    strict = pinned_manifest(world.new, world.new) | {"policy": {"drift": "block"}}
    world.promise(strict)
    lenient = pinned_manifest(world.new, world.new)
    world.commit({MANIFEST: json.dumps(lenient)}, "Soften", branch="soft", start="main")
    asked = PinAsked(wanted=[PinWanted(service="web", named=world.old.value)])
    loaded = world.loaded(ref="soft", policy_ref="main")
    outlook = pin(world.world.doors(), loaded, asked, FakeProposals()).outlook
    assert outlook is not None
    assert outlook.after.survey.manifest.policy.drift == "block"
    assert outlook.after.verdict is Verdict.BLOCK


@pytest.mark.parametrize("shorten", [7, 40])
def test_a_commit_may_be_named_in_short(shorten: int) -> None:
    world = acme()
    assert ask(world, f"web={world.old.value[:shorten]}").changes[0].build == world.old


def test_a_branch_is_the_commit_that_it_stands_for_now() -> None:
    world = acme()
    assert ask(world, "web=main").changes[0].build == world.world.history.branches["main"]


def test_live_is_what_serves_now() -> None:
    world = acme()
    world.run("web", world.old)
    assert ask(world, "web=live").changes[0].build == world.old


def test_live_is_nobody_where_two_builds_serve_or_none_is_known() -> None:
    world = acme()
    split = [
        Target(revision="web-2", percent=50, follows_latest=False),
        Target(revision="web-1", percent=50, follows_latest=False),
    ]
    world.run("web", world.new, world.old, targets=split)
    assert "does not serve one known build" in str(refusal(world, "web=live"))
    dark = acme()
    for url in list(dark.world.http.replies):
        dark.answer(url, Reply(fails=FailureKind.REFUSED))
    dark.world.platform.planes.clear()
    error = refusal(dark, "web=live")
    assert "nothing is known to serve" in str(error)
    assert error.hint.startswith("skewcheck status staging")


def test_another_environment_lends_its_promise() -> None:
    world = acme()
    other = pinned_manifest(world.old, world.new, environment="production")
    world.commit({"manifests/production.yaml": json.dumps(other)}, "Promise production")
    assert ask(world, "web=@production").changes[0].build == world.old


def test_another_environment_must_have_the_service_and_know_its_build() -> None:
    world = acme()
    unknown = pinned_manifest(BuildSha("f" * 40), world.new, environment="production")
    del unknown["services"]["api"]
    unknown["links"] = {}
    world.commit({"manifests/production.yaml": json.dumps(unknown)}, "Promise production")
    assert "web=@production: the promised build fffffff" in str(refusal(world, "web=@production"))
    assert "no service 'api'" in str(refusal(world, "api=@production"))
    assert "no such file" in str(refusal(world, "api=@nowhere"))


def test_a_service_that_is_none_is_told_with_the_one_that_was_meant() -> None:
    error = refusal(acme(), "wbe=main")
    assert "did you mean `web`?" in str(error)
    assert "skewcheck pin" in error.hint


def test_a_commit_that_git_does_not_know_is_told() -> None:
    world = acme()
    assert "web=deadbeef" in str(refusal(world, "web=deadbeef"))


def test_a_commit_of_another_repository_is_told() -> None:
    """`@production` may promise a build of the service that only its own repository knows."""
    world = acme()
    elsewhere = FakeWorld().history
    build = elsewhere.add({"x": "1"}, "Elsewhere")
    world.world.others["https://git.example/web"] = elsewhere
    other = pinned_manifest(build, world.new, environment="production")
    other["services"]["web"]["repository"] = "https://git.example/web"
    world.commit({"manifests/production.yaml": json.dumps(other)}, "Promise production")
    assert f"web=@production: {build.short} is in no branch" in str(
        refusal(world, "web=@production")
    )


def test_a_manifest_outside_of_git_cannot_be_pinned() -> None:
    world = acme()
    content = json.dumps(pinned_manifest(world.new, world.new)).encode()
    loaded = load_file(content, "staging", file="staging.yaml")
    asked = PinAsked(wanted=[PinWanted(service="web", named="main")])
    with pytest.raises(UsageError, match="pinned in git"):
        pin(world.world.doors(), loaded, asked, FakeProposals())
