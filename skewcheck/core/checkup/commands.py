"""The commands that mend a setup, spelled out so that they can be pasted into a shell."""

import shlex
from collections.abc import Sequence

from skewcheck.core.checkup.needs import Need
from skewcheck.core.checkup.permissions import role_for

_NOBODY = "user:EMAIL"


def grant_command(needs: Sequence[Need], member: str) -> str:
    """Grants what is lacking on the project where any of it can be held there only, else on the
    first resource that lacks it: the next run tells of the next one."""
    first = needs[0]
    role = role_for(first.deed, first.permission)
    who = [f"--member={member or _NOBODY}", f"--role={role}"]
    return _gcloud(*_binding(needs), *who)


def _binding(needs: Sequence[Need]) -> list[str]:
    add, on = "add-iam-policy-binding", needs[0].narrower
    if on is not None and on.kind == "service-account":
        return ["iam", "service-accounts", add, on.name, f"--project={on.project}"]
    # Compute Engine knows no policy of a single URL map.
    kinds = {"" if need.narrower is None else need.narrower.kind for need in needs}
    if on is not None and kinds == {"cloud-run-service"}:
        return ["run", "services", add, on.name, f"--project={on.project}", f"--region={on.region}"]
    return ["projects", add, needs[0].project]


def service_command(place: tuple[str, str, str], option: str) -> str:
    """Changes one setting of a Cloud Run service, in a new revision."""
    project, region, service = place
    where = (f"--project={project}", f"--region={region}")
    return _gcloud("run", "services", "update", service, *where, option)


def backend_command(project: str, backend: str, option: str) -> str:
    return _gcloud(
        "compute", "backend-services", "update", backend, "--global", f"--project={project}", option
    )


def url_maps_command(project: str) -> str:
    return _gcloud("compute", "url-maps", "list", f"--project={project}")


def _gcloud(*words: str) -> str:
    return shlex.join(["gcloud", *words])
