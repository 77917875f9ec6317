"""What the readings of one service show by themselves: uncommitted files, caches, lost assets."""

from dataclasses import replace
from typing import Any

import pytest

from skewcheck.core.build import BuildName
from skewcheck.core.findings import Code, Finding, Severity
from skewcheck.core.judge.places import (
    judge_environment,
    judge_places,
)
from skewcheck.core.survey import ServiceSurvey
from tests.builders import (
    API,
    NEW,
    OLD,
    backend,
    document,
    frontend,
    origin,
    page,
    plane,
    revision,
    survey,
)

DIRTY = BuildName(NEW, dirty=True)


def found(service: ServiceSurvey, **changed: Any) -> list[Finding]:
    seen = survey(service, **changed)
    return list(judge_places(seen, seen.services[service.name]))


def only(service: ServiceSurvey, **changed: Any) -> Finding:
    [finding] = found(service, **changed)
    return finding


@pytest.mark.parametrize(
    "service",
    [
        pytest.param(frontend(edge=document(dirty=True)), id="version document"),
        pytest.param(
            frontend(page=replace(page(), build=DIRTY)),
            id="page",
        ),
        pytest.param(
            backend(planes=(plane(replace(revision(), build=DIRTY)),)),
            id="control plane",
        ),
        pytest.param(backend(origins=(origin(document(dirty=True)),)), id="origin"),
    ],
)
def test_a_build_from_uncommitted_files_is_told_whoever_says_so(service: ServiceSurvey) -> None:
    told = only(service)
    assert told.code is Code.DIRTY_BUILD
    assert told.sentence == "9e39e39 was built from uncommitted files"


def test_a_cacheable_version_document_is_told_once() -> None:
    cached = document(cacheable="max-age=60", url=f"{API}/v")
    told = only(backend(edge=cached, origins=(origin(cached),)))
    assert told.code is Code.VERSION_DOCUMENT_CACHEABLE
    assert told.evidence == (f"read at {API}/v",)


def test_assets_that_no_longer_exist_are_counted() -> None:
    told = only(frontend(page=page(gone=("https://a/1.js", "https://a/2.js"))))
    assert told.sentence == "the page loads 2 asset(s) that no longer exist: https://a/1.js"


def test_a_page_that_lacks_what_it_must_contain_is_told_unless_it_is_stale_anyway() -> None:
    lacks: dict[str, Any] = {"required": ("jwt",), "missing": ("jwt",)}
    told = only(frontend(page=page(**lacks)))
    assert (told.code, told.severity) == (Code.PAGE_MISMATCH, Severity.BLOCK)
    assert "lacks jwt" in told.sentence
    assert only(frontend(page=page(OLD, **lacks))).code is Code.STALE_EDGE
    assert found(frontend(page=page(**lacks, unread=("a.js: HTTP 503",)))) == []


def test_a_service_that_says_another_environment_is_told_by_each_reading() -> None:
    service = backend(
        edge=document(environment="Staging"), origins=(origin(document(environment="production")),)
    )
    [told] = judge_environment(survey(service), service)
    assert told.code is Code.WRONG_ENVIRONMENT
    assert told.sentence.endswith("says it is production, not staging")
