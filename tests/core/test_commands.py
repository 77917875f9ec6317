"""Commands that findings recommend can be pasted into a shell and do what the sentence says."""

import shlex
from typing import Any

from skewcheck.core.commands import invalidate_command, traffic_command
from tests.builders import APP, FRONTEND, manifest


def frontend_with(**cdn: Any) -> Any:
    return manifest(services={"frontend": FRONTEND | {"edge": {"cloud_cdn": cdn}}}, links={})


def test_an_invalidation_always_names_its_host() -> None:
    assert invalidate_command(manifest(), "frontend") == (
        "gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging"
        " --host=app.staging.acme.example --path=/"
    )


def test_several_paths_are_covered_by_one_pattern_that_the_shell_leaves_alone() -> None:
    command = invalidate_command(frontend_with(invalidate=["/", "/index.html"]), "frontend")
    assert command.endswith("'--path=/*'")
    assert shlex.split(command)[-1] == "--path=/*"


def test_without_paths_everything_is_invalidated() -> None:
    assert shlex.split(invalidate_command(frontend_with(), "frontend"))[-1] == "--path=/*"


def test_an_edge_that_we_do_not_run_is_described_in_words() -> None:
    bare = {key: value for key, value in FRONTEND.items() if key != "edge"}
    told = manifest(services={"frontend": bare}, links={})
    assert (
        invalidate_command(told, "frontend") == f"invalidate / and /index.html of {APP} at its edge"
    )


def test_traffic_is_moved_in_the_region_that_is_meant() -> None:
    assert traffic_command(manifest(), "backend", "us-central1", "--to-latest") == (
        "gcloud run services update-traffic acme-api --project=acme-staging"
        " --region=us-central1 --to-latest"
    )
