"""Where a trigger is."""

from typing import Any

import pytest

from skewcheck.core.rollout.triggers import trigger_place
from tests.builders import BACKEND, FRONTEND, manifest

FULL = "projects/acme-ci/locations/europe-west1/triggers/deploy-web"
TRIGGER = {"deploy": {"cloud_build_trigger": "deploy-web"}}


@pytest.mark.parametrize(
    ("service", "place"),
    [
        pytest.param(FRONTEND, ("acme-staging", "global", "deploy-web"), id="the usual project"),
        pytest.param(
            FRONTEND | {"deploy": {"cloud_build_trigger": FULL}},
            ("acme-ci", "europe-west1", "deploy-web"),
            id="a resource name says it all",
        ),
        pytest.param(
            BACKEND | TRIGGER | {"cloud_run": {"project": "acme-api"}},
            ("acme-api", "global", "deploy-web"),
            id="the service's own project",
        ),
        pytest.param(BACKEND, ("acme-staging", "global", ""), id="none"),
    ],
)
def test_a_trigger_is_where_its_service_is(
    service: dict[str, Any], place: tuple[str, str, str]
) -> None:
    assert trigger_place(manifest(services={"web": service}, links={}), "web") == place


def test_without_a_usual_project_it_is_where_the_edge_is() -> None:
    edge = {"edge": {"cloud_cdn": {"project": "acme-edge", "url_map": "m"}}}
    written = manifest(services={"web": FRONTEND | edge}, links={}, defaults={})
    assert trigger_place(written, "web")[0] == "acme-edge"


def test_or_nowhere() -> None:
    static = {key: FRONTEND[key] for key in ("ref", "url", "static", "deploy")}
    assert trigger_place(manifest(services={"web": static}, links={}, defaults={}), "web")[0] == ""
