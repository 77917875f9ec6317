"""Two environments of one repository, surveyed or by their promises alone."""

import json
from datetime import timedelta
from typing import Any

import pytest

from skewcheck.core.build import BuildSha
from skewcheck.core.comparing.comparison import Comparison
from skewcheck.core.history import RelationKind
from skewcheck.flows.compare import Room, compare
from skewcheck.flows.load import load_manifest
from tests.builders import YESTERDAY
from tests.flows.worlds import CHAT, Acme, contract, pinned_manifest

HOUR = timedelta(hours=1)


class Two:
    """Staging promises NEWER, production what Acme began with."""

    def __init__(self) -> None:
        self.acme = Acme()
        self.page = self._commit({"web/page": "1"}, "Write a page", author="Grace")
        self.newer = self._commit({CHAT: contract("2.2", ">=2.0,<3")}, "Speak 2.2", author="Grace")
        self.promise("staging", self.newer, self.newer)
        self.promise("production", self.acme.new, self.acme.new)
        self.acme.run("web", self.newer)
        self.acme.run("api", self.newer)

    def _commit(self, files: dict[str, str | None], subject: str, **more: Any) -> BuildSha:
        return self.acme.commit(files, subject, YESTERDAY + HOUR, **more)

    def promise(
        self, environment: str, web: BuildSha, api: BuildSha, service: dict[str, Any] | None = None
    ) -> None:
        """`service` stands for web, if given."""
        written = pinned_manifest(web, api, environment=environment)
        written["services"]["web"] = service or written["services"]["web"]
        file = f"manifests/{environment}.yaml"
        self.acme.commit({file: json.dumps(written)}, f"Promise {environment}")

    def room(self, environment: str) -> Room:
        history = self.acme.world.history
        loaded = load_manifest(history, environment, ref="HEAD", policy_ref=None)
        return Room(self.acme.world.doors(), loaded)

    def compared(self, *, look: bool = True) -> Comparison:
        return compare(self.room("staging"), self.room("production"), look=look)


def test_commits_between_two_promises_are_counted_and_named() -> None:
    two = Two()
    web = two.compared().services[0]
    between = web.between["promised"]
    assert (between.builds.first, between.builds.second) == (two.newer, two.acme.new)
    assert (between.relation.kind, between.only_first.count) == (RelationKind.AHEAD, 2)
    assert [each.subject for each in between.only_first.newest] == ["Speak 2.2", "Write a page"]
    assert between.only_second.count == 0


def test_paths_limit_which_commits_count() -> None:
    two = Two()
    narrowed = pinned_manifest(two.newer, two.newer)["services"]["web"]
    narrowed = {key: value for key, value in narrowed.items() if key != "build"}
    two.promise("staging", two.newer, two.newer, narrowed | {"ref": "main", "paths": ["web/*"]})
    between = two.compared(look=False).services[0].between["promised"]
    assert between.paths == ("web/*",)
    assert [each.subject for each in between.only_first.newest] == ["Write a page"]


def test_whoever_changed_the_contract_between_them_is_named() -> None:
    (link,) = Two().compared().links
    for each in link.contracts:
        assert each.told[0] == "version 2.2 → 2.1"
        assert [(commit.subject, commit.author) for commit in each.commits] == [
            ("Speak 2.2", "Grace")
        ]
    assert [each.pair.side for each in link.contracts] == ["client", "server"]


def test_what_runs_is_told_of_both() -> None:
    two = Two()
    web = two.compared().services[0]
    assert web.first is not None
    assert web.second is not None
    live = [[each.build for each in side.live or ()] for side in (web.first, web.second)]
    assert live == [[two.newer], [two.newer]]
    assert two.compared().unknown == ()


def test_promises_alone_ask_nobody_but_git() -> None:
    two = Two()
    comparison = two.compared(look=False)
    assert (two.acme.world.http.asked, two.acme.world.platform.asked) == ([], [])
    assert comparison.looked is False
    assert comparison.services[0].differs
    assert comparison.links[0].differs
    assert comparison.unknown == ()


def test_equal_promises_do_not_differ() -> None:
    two = Two()
    two.promise("production", two.newer, two.newer)
    comparison = two.compared(look=False)
    assert (comparison.differs, comparison.unknown) == (False, ())


def test_a_build_that_git_does_not_know_is_not_learnt() -> None:
    two = Two()
    two.promise("production", BuildSha("f" * 40), two.acme.new)
    comparison = two.compared(look=False)
    assert [each.subject for each in comparison.unknown] == ["web in production"]


def test_builds_of_another_repository_cannot_be_related() -> None:
    two = Two()
    elsewhere = Acme()
    build = elsewhere.commit({CHAT: contract()}, "Elsewhere")
    two.acme.world.others["https://git.example/web"] = elsewhere.world.history
    service = pinned_manifest(build, build)["services"]["web"]
    elsewhere_too = service | {"repository": "https://git.example/web"}
    two.promise("production", build, two.acme.new, elsewhere_too)
    comparison = two.compared(look=False)
    between = comparison.services[0].between["promised"]
    assert (between.relation.kind, between.only_first.count) == (RelationKind.UNKNOWN, 0)
    assert "web" in {each.subject for each in comparison.unknown}


@pytest.mark.parametrize("look", [True, False])
def test_diverged_builds_have_commits_of_their_own(*, look: bool) -> None:
    two = Two()
    hotfix = two.acme.commit({"hot": "1"}, "Hotfix", branch="hot")
    two.promise("production", hotfix, hotfix)
    between = two.compared(look=look).services[0].between["promised"]
    assert between.only_second.newest[0].subject == "Hotfix"
