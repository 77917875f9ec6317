"""May the credentials do it?"""

from dataclasses import replace
from typing import Any

from skewcheck.core.checkup.check import Name, State
from skewcheck.core.checkup.facts import EnvironmentFacts, Wanted
from skewcheck.core.checkup.may import check_permissions
from skewcheck.core.checkup.permissions import ACT_AS
from skewcheck.core.checkup.resource import Resource
from skewcheck.core.findings import Code
from tests.builders import BACKEND, FRONTEND, backend, manifest, plane, revision, survey, unreadable
from tests.core.checkup.worlds import API_ON_CLOUD_RUN, all_granted, facts, only, states

RUNNER = "runner@acme-staging.iam.gserviceaccount.com"
DEPLOYED = BACKEND | {"deploy": {"image": "r/api:{build}"}}
ACCOUNT = Resource(kind="service-account", project="acme-staging", name=RUNNER)


def seen() -> Any:
    runs = plane(revision(service_account=RUNNER))
    written = manifest(services={"frontend": FRONTEND, "backend": DEPLOYED})
    return survey(backend(planes=(runs,)), manifest=written)


def lacking(*permissions: str, **more: Any) -> EnvironmentFacts:
    world = seen()
    grants: dict[Any, Any] = dict(all_granted(world, but=permissions)) | more.pop("grants", {})
    return facts(world, grants=grants, **more)


def test_everything_granted_is_well() -> None:
    checks = list(check_permissions(facts(seen()), Wanted.NEEDED))
    assert set(states(checks).values()) == {State.OK}
    assert only(checks, Name.MAY_READ).told == "all 4 permissions"
    assert only(checks, Name.MAY_READ_LOGS).told == "logging.logEntries.list"


def test_what_lacks_on_the_service_is_granted_there() -> None:
    known = lacking("run.services.update", grants={API_ON_CLOUD_RUN: frozenset()})
    check = only(check_permissions(known, Wanted.NEEDED), Name.MAY_REDEPLOY)
    assert check.state is State.BAD
    assert check.told == "lacking run.services.update on acme-api in us-central1"
    assert check.fix == (
        "gcloud run services add-iam-policy-binding acme-api --project=acme-staging"
        " --region=us-central1 --member=user:ada@acme.example --role=roles/run.developer"
    )


def test_what_can_be_held_on_the_project_alone_is_granted_there() -> None:
    known = lacking(
        "run.services.update", "run.operations.get", grants={API_ON_CLOUD_RUN: frozenset()}
    )
    check = only(check_permissions(known, Wanted.NEEDED), Name.MAY_REDEPLOY)
    assert "run.operations.get on project acme-staging" in check.told
    assert check.fix.startswith("gcloud projects add-iam-policy-binding acme-staging ")


def test_to_act_as_the_account_is_granted_on_the_account() -> None:
    known = lacking(ACT_AS, grants={ACCOUNT: frozenset()}, member="")
    checks = list(check_permissions(known, Wanted.NEEDED))
    assert only(checks, Name.MAY_REDEPLOY).state is State.OK
    check = only(checks, Name.MAY_ACT_AS)
    assert check.told == f"lacking {ACT_AS} on {RUNNER}"
    assert check.fix == (
        f"gcloud iam service-accounts add-iam-policy-binding {RUNNER} --project=acme-staging"
        " --member=user:EMAIL --role=roles/iam.serviceAccountUser"
    )


def test_a_url_map_has_no_policy_of_its_own() -> None:
    url_map = Resource(kind="url-map", project="acme-staging", name="acme-web")
    known = lacking("compute.urlMaps.invalidateCache", grants={url_map: frozenset()})
    check = only(check_permissions(known, Wanted.NEEDED), Name.MAY_INVALIDATE)
    assert check.told == "lacking compute.urlMaps.invalidateCache on acme-web"
    assert check.fix.startswith("gcloud projects add-iam-policy-binding")


def test_what_cannot_be_asked_is_unknown() -> None:
    why = unreadable(detail="the API is disabled", fix="gcloud services enable it")
    known = replace(lacking(), grants=dict.fromkeys(lacking().grants, why))
    check = only(check_permissions(known, Wanted.NEEDED), Name.MAY_READ)
    assert (check.state, check.fix) == (State.UNKNOWN, "gcloud services enable it")
    assert check.told == "could not be asked: the API is disabled"


def test_without_credentials_nothing_is_known() -> None:
    refused = unreadable(Code.UNAUTHORIZED, fix="gcloud auth application-default login")
    checks = list(check_permissions(lacking(no_sign_in=refused), Wanted.NEEDED))
    assert set(states(checks).values()) == {State.UNKNOWN}
    assert {each.fix for each in checks} == {"gcloud auth application-default login"}


def test_it_is_told_why_a_service_need_not_be_redeployed() -> None:
    check = only(check_permissions(facts(), Wanted.NEEDED), Name.MAY_REDEPLOY)
    assert (check.subject, check.state) == ("backend", State.NOT_NEEDED)
    assert check.told == "it has no `deploy`"
    check = only(check_permissions(facts(), Wanted.READ), Name.MAY_REDEPLOY)
    assert check.told == "only reading was asked about"
