"""Where the manifest and its rules come from: a pull request must not soften its own gate."""

import json
from datetime import timedelta
from typing import Any

import pytest

from skewcheck.core.errors import UsageError
from skewcheck.core.findings import Code, Verdict
from skewcheck.core.question import Exit
from skewcheck.flows.load import environments_at, load_file, load_manifest
from tests.builders import NOW, YESTERDAY
from tests.flows.worlds import APP, MANIFEST, Acme, codes, manifest, version_document

OBSERVE = {"enforce": {"mode": "observe", "until": "2026-12-31"}}


def override(until: str = "2026-12-01", finding: str = "stale-edge") -> dict[str, Any]:
    written = {"finding": finding, "subject": "web", "until": until, "reason": "the board demo"}
    return {"overrides": [written]}


def with_stale_edge(acme: Acme) -> Acme:
    acme.answer(f"{APP}/version.json", version_document(acme.old))
    return acme


def test_a_pull_request_that_softens_its_own_policy_is_not_believed() -> None:
    acme = Acme()
    acme.world.history.default = "main"
    softened = json.dumps(manifest(policy=OBSERVE))
    acme.commit({MANIFEST: softened}, "Look away", branch="pull", start="main")
    loaded = acme.loaded(ref="pull")
    assert loaded.manifest.policy.enforce.mode == "block"
    assert (loaded.sources.ref, loaded.sources.policy_ref) == ("pull", "main")
    assert loaded.sources.policy_commit == acme.new != loaded.sources.commit


def test_a_pull_request_cannot_bring_its_own_override() -> None:
    acme = Acme()
    acme.world.history.default = "main"
    bent = json.dumps(manifest(**override()))
    acme.commit({MANIFEST: bent}, "Let me past", branch="pull", start="main")
    loaded = acme.loaded(ref="pull")
    assert (loaded.manifest.overrides, dict(loaded.overrides)) == ((), {})


def test_without_a_default_branch_the_same_ref_rules_and_that_is_told() -> None:
    loaded = Acme().loaded()
    assert loaded.sources.policy_ref == "the same ref"
    assert "no default branch is known" in loaded.sources.notes[0]


def test_a_new_environment_brings_its_own_rules_and_that_is_told() -> None:
    acme = Acme()
    acme.world.history.default = "empty"
    acme.commit({"README": ""}, "Begin", branch="empty")
    loaded = acme.loaded()
    assert "empty has no manifests/staging.yaml" in loaded.sources.notes[0]


def test_a_policy_ref_that_was_named_must_hold_the_manifest() -> None:
    acme = Acme()
    acme.commit({"README": ""}, "Begin", branch="empty")
    with pytest.raises(UsageError, match="not there at policy ref empty"):
        acme.loaded(policy_ref="empty")
    with pytest.raises(UsageError, match="nowhere"):
        acme.loaded(policy_ref="nowhere")


def test_observe_mode_says_block_and_exits_0_until_its_last_day() -> None:
    acme = with_stale_edge(Acme(written=manifest(policy=OBSERVE)))
    report = acme.report()
    assert (report.verdict, report.exit) == (Verdict.BLOCK, Exit.PASS)
    acme.world.clock.at += timedelta(days=39)  # the first of January
    over = acme.report()
    assert (over.verdict, over.exit, over.observing_until) == (Verdict.BLOCK, Exit.BLOCK, None)


def test_an_override_lets_its_finding_past_in_the_name_of_its_commit() -> None:
    acme = Acme()
    acme.promise(manifest(**override()), author="Grace")
    head = acme.promise(manifest(**override(), policy={"settle": "25m"}), author="Ada")
    for service in ("web", "api"):
        acme.run(service, head)
    report = with_stale_edge(acme).report()
    assert codes(report) == {Code.STALE_EDGE}
    (permission,) = report.permissions
    assert (permission.who, permission.used, permission.expired) == ("Grace", True, False)
    assert (report.verdict, report.exit) == (Verdict.BLOCK, Exit.PASS)


def test_an_override_ends_by_itself() -> None:
    acme = with_stale_edge(Acme())
    acme.promise(manifest(**override(until="2026-11-22")), author="Grace")
    report = acme.report()
    (permission,) = report.permissions
    assert (permission.expired, report.exit) == (True, Exit.BLOCK)


def test_an_override_lets_past_nothing_but_its_own_finding() -> None:
    acme = with_stale_edge(Acme())
    acme.promise(manifest(**override(finding="format-skew")), author="Grace")
    report = acme.report()
    assert not report.permissions[0].used
    assert report.exit is Exit.BLOCK


def test_a_manifest_that_was_broken_for_a_while_still_tells_who_wrote_the_override() -> None:
    acme = with_stale_edge(Acme())
    acme.promise(manifest(**override()), author="Grace")
    acme.commit({MANIFEST: "schema: ["}, "Break it", author="Ada")
    acme.promise(manifest(**override()), author="Linus")
    assert acme.report().permissions[0].who == "Linus"


@pytest.mark.parametrize(
    ("path", "says", "told"),
    [
        ("staging", "production", "says 'production', expected 'staging'"),
        ("prod", "production", "says 'production', expected 'prod'"),
    ],
)
def test_the_file_name_and_the_environment_must_agree(path: str, says: str, told: str) -> None:
    content = json.dumps(manifest(environment=says)).encode()
    with pytest.raises(UsageError, match=told):
        load_file(content, path, file=f"{path}.yaml")


def test_a_manifest_file_outside_git_says_so() -> None:
    loaded = load_file(json.dumps(manifest(**override())).encode(), "staging", file="draft.yaml")
    assert loaded.sources.commit is None
    assert "not from git" in loaded.sources.notes[0]
    assert list(loaded.overrides.values()) == ["unknown (not from git)"]


def test_an_absent_manifest_names_those_that_are_there() -> None:
    acme = Acme()
    acme.commit({MANIFEST: None, "manifests/production.yaml": "", "manifests/x.md": ""}, "Move")
    with pytest.raises(UsageError, match="environments there: production") as refused:
        acme.loaded()
    assert "--ref" in refused.value.hint
    assert environments_at(acme.world.history, "HEAD") == ("production",)


def test_a_young_promise_is_settling_and_an_old_one_is_not_deployed() -> None:
    acme = Acme()
    acme.commit({"web/x": "1"}, "Go on", at=NOW - timedelta(minutes=5))
    assert codes(acme.report()) == {Code.SETTLING}
    acme.world.clock.at += timedelta(minutes=20)
    assert Code.NOT_DEPLOYED in codes(acme.report())


def test_a_pinned_promise_counts_from_the_commit_that_began_it() -> None:
    acme = Acme()
    written = manifest()
    for service in ("web", "api"):
        written["services"][service] |= {"build": acme.old.value}
        del written["services"][service]["ref"]
    acme.promise(written, at=YESTERDAY)
    acme.promise(written | {"policy": {"settle": "25m"}}, at=NOW - timedelta(minutes=1))
    promise = acme.report().survey.services["api"].promise
    assert promise is not None
    assert getattr(promise, "since", None) == YESTERDAY


def test_an_environment_without_a_name_is_a_variable_that_nobody_set() -> None:
    history = Acme().world.history
    with pytest.raises(UsageError, match="name is empty"):
        load_manifest(history, "", ref="main", policy_ref=None)
    with pytest.raises(UsageError, match="name is empty"):
        load_file(b"", " ", file="staging.yaml")
