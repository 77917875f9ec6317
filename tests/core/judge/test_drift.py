"""Whether what runs is what git promises, and since when it is not."""

from datetime import timedelta
from typing import Any

import pytest

from skewcheck.core.findings import Code, Finding, Severity
from skewcheck.core.history import Relation, RelationKind
from skewcheck.core.judge.drift import describe_relation, judge_promise, running
from skewcheck.core.survey import ServiceSurvey
from tests.builders import (
    BACKEND,
    FRONTEND,
    NEW,
    NOW,
    OLD,
    YESTERDAY,
    ahead,
    backend,
    behind,
    commit,
    document,
    frontend,
    lingering,
    manifest,
    origin,
    page,
    plane,
    promise,
    revision,
    service_survey,
    survey,
    unreadable,
)
from tests.core.minimal_worlds import DIVERGED, NO_PROMISE, UNRELATED, loads, runs, split


def drift(service: ServiceSurvey, **changed: Any) -> list[Finding]:
    seen = survey(service, **changed)
    return list(judge_promise(seen, seen.services[service.name]))


def only(service: ServiceSurvey, relation: Relation, **changed: Any) -> Finding:
    """The one finding on OLD, which stands to the promise as `relation` says."""
    [finding] = drift(service, relations={(service.name, OLD): relation}, **changed)
    return finding


def test_a_kept_promise_is_not_reported() -> None:
    assert drift(backend()) == drift(frontend()) == []


def test_a_promise_that_runs_nowhere_was_not_deployed() -> None:
    told = only(runs(OLD), behind(2), between={("backend", OLD): (commit(),) * 7})
    assert (told.code, told.severity) == (Code.NOT_DEPLOYED, Severity.BLOCK)
    assert told.sentence == (
        "runs 01d01d0, 2 commits behind the promise 9e39e39, which was seen nowhere"
    )
    assert told.evidence == ("9e39e39 Send the token as a subprotocol (Ada, 2026-11-22)",) * 5
    assert (told.since, told.fix) == (YESTERDAY, "deploy the promised build of backend")


@pytest.mark.parametrize(
    ("service", "code"),
    [
        pytest.param(split((NEW, 50), (OLD, 50)), Code.BEHIND_MANIFEST, id="it runs as well"),
        pytest.param(split((NEW, 0), (OLD, 100)), Code.BEHIND_MANIFEST, id="it gets no traffic"),
        pytest.param(
            backend(planes=(plane(revision("r1", OLD), revision("r2", ready=False)),)),
            Code.NOT_DEPLOYED,
            id="its revision is not ready",
        ),
        pytest.param(
            runs(OLD, promise=promise(since=NOW - timedelta(minutes=19))),
            Code.SETTLING,
            id="it is younger than settle",
        ),
        pytest.param(
            runs(OLD, promise=promise(since=NOW - timedelta(minutes=20))),
            Code.NOT_DEPLOYED,
            id="it is as old as settle",
        ),
    ],
)
def test_an_older_build_is_behind_settling_or_a_deploy_that_never_was(
    service: ServiceSurvey, code: Code
) -> None:
    assert only(service, behind(1)).code is code


def test_a_hint_that_the_promise_runs_behind_an_old_edge_is_taken() -> None:
    assert only(loads(OLD, beyond=document()), behind(1)).code is Code.BEHIND_MANIFEST
    assert only(loads(OLD), behind(1)).code is Code.NOT_DEPLOYED


@pytest.mark.parametrize(
    ("relation", "code", "told"),
    [
        pytest.param(ahead(1), Code.AHEAD_OF_MANIFEST, "1 commit ahead of the", id="ahead"),
        pytest.param(
            DIVERGED,
            Code.DIVERGED_FROM_MANIFEST,
            "diverged (1 commit of its own, 2 missing) from the",
            id="diverged",
        ),
    ],
)
def test_a_promise_that_was_overtaken_says_how(relation: Relation, code: Code, told: str) -> None:
    finding = only(runs(OLD), relation)
    assert finding.code is code
    assert told in finding.sentence
    assert finding.fix.startswith("promise what runs in manifests/staging.yaml")


@pytest.mark.parametrize(
    "relations", [pytest.param({("backend", OLD): UNRELATED}, id="git said so"), {}]
)
def test_a_relation_that_git_does_not_know_is_unknown(relations: dict[Any, Relation]) -> None:
    [told] = drift(runs(OLD), relations=relations)
    assert (told.code, told.severity) == (Code.BUILD_NOT_IN_REPOSITORY, Severity.UNKNOWN)


def test_a_promise_that_cannot_be_read_is_unknown() -> None:
    [told] = drift(backend(promise=NO_PROMISE))
    assert (told.code, told.fix) == (Code.PROMISE_UNREADABLE, NO_PROMISE.fix)


def test_strangers_have_no_promise_to_keep() -> None:
    assert drift(service_survey("frontend", promise=None, edge=document(OLD))) == []


@pytest.mark.parametrize(
    ("service", "builds"),
    [
        pytest.param(runs(NEW, origins=(origin(document(OLD)),)), [NEW], id="by traffic"),
        pytest.param(
            backend(planes=(unreadable(),), origins=(origin(document(OLD)),)), [OLD], id="by origin"
        ),
        pytest.param(frontend(page=page(OLD)), [NEW], id="by edge"),
        pytest.param(frontend(edge=None, page=page(OLD)), [OLD], id="by page"),
        pytest.param(frontend(edge=None, page=None, lingering=(lingering(),)), [], id="by nothing"),
        pytest.param(backend(planes=(unreadable(),), edge=unreadable()), [], id="unread"),
    ],
)
def test_what_runs_is_told_by_the_best_witness(service: ServiceSurvey, builds: list[Any]) -> None:
    assert [each.build for each in running(survey(service), service)] == builds


def test_a_service_behind_its_promise_is_redeployed_by_its_trigger() -> None:
    told = only(loads(OLD), behind(1))
    assert told.fix == "gcloud builds triggers run deploy-web"
    image = {"image": "us-docker.pkg.dev/acme/api/backend:{build}"}
    rules = manifest(services={"frontend": FRONTEND, "backend": BACKEND | {"deploy": image}})
    assert only(runs(OLD), behind(1), manifest=rules).fix == "deploy the promised build of backend"


def test_a_settling_promise_says_when_it_becomes_a_finding() -> None:
    told = only(runs(OLD, promise=promise(since=NOW)), behind(1))
    assert told.fix == "wait; it becomes a finding after 0:20:00"


@pytest.mark.parametrize(
    ("relation", "told"),
    [
        pytest.param(Relation(RelationKind.SAME), "the same", id="same"),
        pytest.param(UNRELATED, "in an unknown relation (shallow clone) to", id="unknown"),
    ],
)
def test_every_relation_has_words(relation: Relation, told: str) -> None:
    assert describe_relation(relation) == told
