"""The list of permissions."""

from skewcheck.core.checkup.permissions import ACT_AS, PERMISSIONS, ROLES, held_on, role_for


def test_every_deed_has_a_role_that_brings_it() -> None:
    assert set(ROLES) == set(PERMISSIONS)


def test_no_permission_serves_two_deeds() -> None:
    named = [each for permissions in PERMISSIONS.values() for each in permissions]
    assert len(named) == len(set(named))


def test_lists_are_held_on_projects_and_services_on_themselves() -> None:
    assert held_on("run.services.list") == "project"
    assert held_on("run.services.update") == "cloud-run-service"
    assert held_on(ACT_AS) == "service-account"


def test_to_act_as_an_account_takes_a_role_of_its_own() -> None:
    assert role_for("redeploy", "run.services.update") == "roles/run.developer"
    assert role_for("redeploy", ACT_AS) == "roles/iam.serviceAccountUser"
