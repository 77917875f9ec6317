"""The wiring: opens what a run needs, closes it, and keeps secrets to loopback."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from skewcheck import wiring
from skewcheck.adapters.cloud_run import CloudRunPlatform
from skewcheck.adapters.sightings import StoredSightings
from skewcheck.core.build import BuildSha
from skewcheck.core.errors import UsageError
from skewcheck.ports.service import JsonObject
from skewcheck.settings import Settings, read_settings
from skewcheck.wiring import Source
from skewcheck.wiring.databases import database_of
from skewcheck.wiring.service import audit_of, chronicle_of, project_of, shared_of
from tests.flows.worlds import manifest as written
from tests.postgres import one_of
from tests.repositories import Repository

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "acme")
    made.commit({"manifests/staging.yaml": json.dumps(written())})
    return made


def settings(home: Path, **more: str) -> Settings:
    return read_settings({"HOME": str(home), **more})


def test_a_run_gets_every_door_and_sightings_of_its_own_project(
    repository: Repository, tmp_path: Path
) -> None:
    endpoint = {"SKEWCHECK_GCP_ENDPOINT": "http://127.0.0.1:1"}
    opened = wiring.opened(settings(tmp_path, **endpoint), Source(repo=repository.path), "staging")
    with opened as (doors, loaded):
        assert loaded.manifest.environment == "staging"
        assert isinstance(doors.platform, CloudRunPlatform)
        assert isinstance(doors.sightings, StoredSightings)
        assert doors.scope == f"staging@{repository.path.resolve()}"
        assert doors.histories.open(".") is doors.histories.open(".")
    assert not (tmp_path / ".local").exists()


def test_machines_that_share_a_database_share_what_they_saw(
    repository: Repository, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    repository.git("remote", "add", "origin", "https://ada:s3cret@github.com/acme/chat.git")
    url = one_of(request.config).database()
    variables = {"SKEWCHECK_GCP_ENDPOINT": "http://127.0.0.1:1", "SKEWCHECK_STATE_URL": url}
    source = Source(repo=repository.path)
    seen = {"web": frozenset({BuildSha("a" * 40)})}
    with wiring.opened(settings(tmp_path / "a", **variables), source, "staging") as (doors, _):
        assert doors.scope == "staging@github.com/acme/chat"
        doors.sightings.record(doors.scope, seen, NOON)
    with wiring.opened(settings(tmp_path / "b", **variables), source, "staging") as (doors, _):
        (found,) = doors.sightings.since(doors.scope, NOON)
        assert found.service == "web"
    assert not (tmp_path / "a").exists()
    assert not (tmp_path / "b").exists()


def test_a_manifest_file_outside_of_git_names_its_place(tmp_path: Path) -> None:
    (tmp_path / "draft.yaml").write_text(json.dumps(written()))
    variables = {
        "SKEWCHECK_GCP_ENDPOINT": "http://127.0.0.1:1",
        "SKEWCHECK_STATE_URL": "postgresql://127.0.0.1:1/absent",
    }
    source = Source(repo=tmp_path, file=tmp_path / "draft.yaml")
    with wiring.opened(settings(tmp_path, **variables), source, "staging") as (doors, _):
        assert doors.scope == f"staging@{tmp_path.resolve()}"
        assert wiring.project_or_place(doors.histories, source) == str(tmp_path.resolve())
    with (
        wiring.opened(settings(tmp_path), source, "staging") as (doors, _),
        pytest.raises(UsageError),
    ):
        wiring.project_or_place(doors.histories, Source(repo=tmp_path))


def test_all_stores_of_a_process_share_one_database(
    repository: Repository, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = one_of(request.config).database()
    one, other = settings(tmp_path, SKEWCHECK_STATE_URL=url), settings(tmp_path / "b")
    assert database_of(one, "audit.db") is database_of(one, "service.db")
    assert database_of(other, "audit.db") is database_of(other, "audit.db")
    assert database_of(other, "audit.db") is not database_of(other, "service.db")
    shared = shared_of(one, Source(repo=repository.path))
    record: JsonObject = {
        "schema": 1,
        "at": NOON.isoformat(),
        "event": "hold",
        "environment": "staging",
    }
    shared.audit.append(record)
    assert shared.shelf.add("look", "staging", {}, at=NOON)
    shared.chronicle.note("staging", NOON, {}, gap=timedelta(hours=1))
    assert audit_of(one, shared.scope).records(since=NOON) == (record,)
    assert len(chronicle_of(one).stretches("staging", since=NOON)) == 1
    assert shared.scope == project_of(one, Source(repo=repository.path))


@pytest.mark.parametrize("endpoint", ["https://run.googleapis.com", "http://10.0.0.1:80", "x"])
def test_an_endpoint_that_is_not_on_this_machine_is_refused(
    repository: Repository, tmp_path: Path, endpoint: str
) -> None:
    elsewhere = settings(tmp_path, SKEWCHECK_GCP_ENDPOINT=endpoint)
    source = Source(repo=repository.path)
    with pytest.raises(UsageError, match="loopback"), wiring.opened(elsewhere, source, "staging"):
        pass


def test_the_ref_of_the_command_line_outranks_that_of_the_environment(
    repository: Repository, tmp_path: Path
) -> None:
    repository.tag("given")
    repository.tag("set")
    variables = {"SKEWCHECK_REF": "set", "SKEWCHECK_GCP_ENDPOINT": "http://127.0.0.1:1"}
    for ref, expected in ((None, "set"), ("given", "given")):
        source = Source(repo=repository.path, ref=ref)
        with wiring.opened(settings(tmp_path, **variables), source, "staging") as (_, loaded):
            assert loaded.sources.ref == expected


def test_all_environments_of_a_ref_are_found(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"manifests/production.yaml": "x", "manifests/README.md": "x"})
    found = wiring.all_environments(settings(tmp_path), Source(repo=repository.path))
    assert found == ("production", "staging")


def test_versions_name_what_a_report_was_made_with() -> None:
    versions = wiring.installed_versions()
    assert {"skewcheck", "requests", "GitPython", "packaging"} <= versions.keys()
    assert all(versions.values())


def test_whoever_acts_on_a_stand_in_is_the_user_of_this_machine(tmp_path: Path) -> None:
    variables = {"SKEWCHECK_GCP_ENDPOINT": "http://127.0.0.1:1", "USER": "ada"}
    assert wiring.identity(settings(tmp_path, **variables)).startswith("ada@")
