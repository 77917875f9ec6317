"""What a manifest needs, and on what."""

from typing import Any

from skewcheck.core.checkup.facts import Wanted
from skewcheck.core.checkup.needs import Need, needs_of, redeploys
from skewcheck.core.checkup.permissions import ACT_AS
from skewcheck.core.checkup.resource import Resource
from skewcheck.core.findings import Code
from skewcheck.core.manifest import Manifest
from skewcheck.core.survey import Survey
from tests.builders import (
    BACKEND,
    CHAT,
    FRONTEND,
    backend,
    manifest,
    plane,
    revision,
    survey,
    target,
    unreadable,
)
from tests.core.checkup.worlds import API_ON_CLOUD_RUN

RUNNER = "runner@acme-staging.iam.gserviceaccount.com"
DEPLOYED = BACKEND | {"deploy": {"image": "r/api:{build}"}}


def of(backend_written: dict[str, Any], **changed: Any) -> Manifest:
    return manifest(services={"frontend": FRONTEND, "backend": backend_written}, **changed)


def deeds(seen: Survey, wanted: Wanted) -> set[tuple[str, str]]:
    return {(need.deed, need.subject) for need in needs_of(seen, wanted)}


def of_permission(seen: Survey, permission: str, wanted: Wanted = Wanted.NEEDED) -> list[Need]:
    return [each for each in needs_of(seen, wanted) if each.permission == permission]


def test_a_service_without_deploy_is_only_read() -> None:
    assert deeds(survey(), Wanted.NEEDED) == {
        ("trigger", "frontend"),
        ("invalidate", "frontend"),
        ("read", "backend"),
        ("logs", "chat"),
    }


def test_who_only_reads_needs_nothing_else() -> None:
    seen = survey(manifest=of(DEPLOYED))
    assert deeds(seen, Wanted.READ) == {("read", "backend"), ("logs", "chat")}
    assert not redeploys(seen.manifest, Wanted.READ)


def test_a_service_with_deploy_is_redeployed() -> None:
    seen = survey(manifest=of(DEPLOYED))
    assert ("redeploy", "backend") in deeds(seen, Wanted.NEEDED)
    assert redeploys(seen.manifest, Wanted.NEEDED)


def test_on_request_every_service_on_cloud_run_is() -> None:
    assert ("redeploy", "backend") in deeds(survey(), Wanted.REDEPLOY)
    assert ("redeploy", "frontend") not in deeds(survey(), Wanted.REDEPLOY)


def test_a_permission_suffices_on_the_service_itself() -> None:
    (need,) = of_permission(survey(), "run.services.get")
    assert need.narrower == API_ON_CLOUD_RUN
    (listing,) = of_permission(survey(), "run.services.list")
    assert listing.narrower is None


def test_each_region_is_a_need_of_its_own() -> None:
    regions = {"cloud_run": {"service": "acme-api", "regions": ["us-central1", "europe-west1"]}}
    found = of_permission(survey(manifest=of(BACKEND | regions)), "run.services.get")
    assert [each.narrower and each.narrower.region for each in found] == [
        "us-central1",
        "europe-west1",
    ]


def test_of_a_service_that_is_not_there_nothing_narrower_is_asked() -> None:
    url = "https://run.googleapis.com/v2/projects/acme-staging/locations/us-central1/services/"
    absent = unreadable(Code.NOT_DEPLOYED, url=f"{url}acme-api")
    (need,) = of_permission(survey(backend(planes=(absent,))), "run.services.get")
    assert need.narrower is None
    other = unreadable(Code.NOT_DEPLOYED, url=f"{url}another")
    (need,) = of_permission(survey(backend(planes=(other,))), "run.services.get")
    assert need.narrower == API_ON_CLOUD_RUN


def test_to_act_as_the_account_of_what_serves() -> None:
    idle = revision("acme-api-00003", service_account="idle@acme-staging.example")
    serves = revision("acme-api-00002", service_account=RUNNER)
    gone = target("acme-api-00001", 50)
    split = plane(idle, serves, targets=[target("acme-api-00002", 50), gone])
    seen = survey(backend(planes=(split,)), manifest=of(DEPLOYED))
    (need,) = of_permission(seen, ACT_AS)
    assert need.narrower == Resource(kind="service-account", project="acme-staging", name=RUNNER)


def test_of_an_unknown_account_the_project_is_asked() -> None:
    elsewhere = plane(region="europe-west1")
    seen = survey(backend(planes=(elsewhere, unreadable())), manifest=of(DEPLOYED))
    (need,) = of_permission(seen, ACT_AS)
    assert need.narrower is None


def test_a_trigger_is_where_its_resource_name_says() -> None:
    full = "projects/acme-ci/locations/global/triggers/deploy-web"
    written = FRONTEND | {"deploy": {"cloud_build_trigger": full}}
    seen = survey(manifest=manifest(services={"frontend": written, "backend": BACKEND}))
    (need,) = of_permission(seen, "cloudbuild.builds.create")
    assert need.project == "acme-ci"


def test_an_edge_is_invalidated_at_its_url_map() -> None:
    (need,) = of_permission(survey(), "compute.urlMaps.invalidateCache")
    assert need.narrower == Resource(kind="url-map", project="acme-staging", name="acme-web")
    (operation,) = of_permission(survey(), "compute.globalOperations.get")
    assert operation.narrower is None


def test_a_private_service_has_to_let_probes_in() -> None:
    link = CHAT | {"token": {"google_id_token": "https://acme-api"}}
    seen = survey(manifest=manifest(links={"chat": link}))
    (need,) = of_permission(seen, "run.routes.invoke")
    assert (need.subject, need.narrower) == ("chat", API_ON_CLOUD_RUN)


def test_logs_are_read_wherever_a_probe_may_leave_a_line() -> None:
    edge = {"edge": {"cloud_cdn": {"project": "acme-edge"}}}
    found = of_permission(survey(manifest=of(BACKEND | edge)), "logging.logEntries.list")
    assert [need.project for need in found] == ["acme-edge", "acme-staging"]


def test_a_link_of_versions_alone_is_not_probed() -> None:
    link = CHAT | {"transport": "http"}
    assert not of_permission(
        survey(manifest=manifest(links={"chat": link})), "logging.logEntries.list"
    )
